"""What a member keeps: `/saved`, and the buttons Save, Not for me and Undo of every card.

It owns no table. A save and a dismissal are events like any other, and what is kept is read from
them; what they say about taste is `bot.recommend`'s, and the card itself is `bot.cards`'.
"""
