"""What members propose for the catalogue, and how it gets there.

Owns a submission from the first look at its page to the decision, experts' reviews of it, and whom
the moderators trust by what they decided. Pages are read by `bot.pages`; what is published is
`bot.catalog`'s.
"""
