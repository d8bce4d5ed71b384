"""Credit for taking part: reward rules, the ledger they write to, and levels.

The feature owns what is paid for, how much and how often, `/points` and `/rules`. It is called
with events that were just stored and leaves capturing them to `bot.activity`.
"""
