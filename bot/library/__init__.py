"""What a member keeps: `/saved`, `/library`, and the buttons Save, Not for me and Undo of cards.

A save and a dismissal are events like any other, and what is kept is read from them; notes and how
far somebody is have a table (`storage.keepings`). What they say about taste is `bot.recommend`'s,
what others profit from `bot.feedback`'s, and the card itself is `bot.cards`'.
"""
