"""Feature: what moderators changed.

Owns `/server log`: who changed what, when, why and about whom, found again by filters, turned by
buttons, and as a file. The entries are written by whoever makes the change, in its transaction.
"""
