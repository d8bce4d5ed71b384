"""Whether the catalogue is of today: links that are looked at politely, and what is due for review.

Owns the rounds in which links are looked at and what came of it, an archived copy where a page
died, and how long things of a kind stay current. Retiring is `bot.catalog`'s.
"""
