"""Capture: what members do in the guild becomes events, and what they did while we were away.

It owns the events of messages, reactions and threads, the cursors from which history is read
back at start, and the import of interactions from elsewhere. Opens, saves and dismissals are
recorded by the features whose buttons they are; what an event is worth is `bot.points`' to say.
"""
