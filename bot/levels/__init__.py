"""Levels: who rose is announced, and roles that a level gives are granted, confirmed, withdrawn.

The feature owns `/levels`. What a level takes it asks `bot.points`; it follows the ledger by a
tick and talks to Discord outside of transactions, so a crash loses and doubles nothing.
"""
