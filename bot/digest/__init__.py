"""Feature: the weekly digest by direct message.

It owns who asked for one and when it is due, the claim that makes each period's digest go out
once, the letter and its Stop button. What is recommended comes from `bot.recommend`, tracked
cards from `bot.links`, and `bot.messenger` knows how Discord takes a direct message.
"""
