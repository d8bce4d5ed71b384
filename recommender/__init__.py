"""Recommendation from arrays: fit, fold in, rank, evaluate.

Owns the mathematics and nothing else: no I/O, no clock, no global random state. Time is handed in
as unix seconds, chance as a seed; the same input gives the same bytes.
"""
