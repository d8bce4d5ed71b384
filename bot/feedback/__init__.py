"""What members say of resources: marks, ratings and sentences, and what others read of them.

It owns More on every card. What marks and ratings say about taste and rank is `bot.recommend`'s;
what a member keeps for themselves, their library, is `bot.library`'s.
"""
