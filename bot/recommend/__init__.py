"""Recommendation: what a member should read or take next, and the refit that keeps it fresh.

It owns the snapshots and the policy of what an event is worth; the arithmetic is `recommender`'s,
and the buttons of a card are `bot.library`'s.
"""
