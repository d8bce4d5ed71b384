"""Insights: whether what the bot shows is worth it, said honestly.

It owns the figures moderators see, who is held out, and what is tried out on whom. How each figure
is defined stands in `recommender.metrics`, what experiments may say in `recommender.trials`; what
was shown is `bot.links`', and `bot.recommend` and `bot.digest` serve by what is decided here.
"""
