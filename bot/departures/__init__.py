"""Servers that removed the bot: kept for 30 days in case it comes back, then purged.

An outage is no departure, and neither is a server that only an import is about.
"""
