"""A member's first steps: choosing interests, and what the bot can do for them.

Owns `/start`, `/help` and the answer to whoever mentions the bot or sends it a direct message.
Interests are kept by `bot.profile`; the question of consent is asked there, too.
"""
