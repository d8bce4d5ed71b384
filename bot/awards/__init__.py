"""Points by hand: `/award` and `/deduct`, with a reason, a limit a day and a way back.

The feature owns who may give whom how much; the entries are `bot.points`'s.
"""
