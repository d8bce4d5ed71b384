"""Feature: what is stored about a member, in their own hands.

Owns `/privacy`: the card that says what is stored, its export as a file, learning and tracking
on or off, and erasing. Which tables that means is read from the schema by `storage.privacy`;
the consent question itself belongs to `bot.profile`.
"""
