"""Checking in once a day with a note: `/checkin`, streaks and freezes.

The feature owns the days that members checked in; what a check-in pays is `bot.points`'s. A note
is posted in the channel and kept nowhere.
"""
