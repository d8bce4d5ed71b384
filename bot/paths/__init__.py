"""Ordered lists of resources, made by moderators and creators: `/path`, with progress.

A path may be a course's: then its steps are the lessons. How far a member is, is read from what
they marked as done or known (`bot.library`, `bot.feedback`); that what follows outranks what is
alike is `bot.recommend`'s.
"""
