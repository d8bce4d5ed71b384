"""Feature: what a member tells Lyceum about themself, and the server's own settings.

Owns language, time zone, interests and consent: the one question before anything trains, its
answer, and `/profile` and `/server`. What is stored beyond that, its export and its erasure
belong to `bot.privacy`; what consent does to training belongs to `storage.training`.
"""
