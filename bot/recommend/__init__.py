"""Recommendation: what a member should read or take next, and the refit that keeps it fresh.

It owns what a member saved and does not want, the snapshots, and the policy of what an event is
worth; the arithmetic is `recommender`'s.
"""
