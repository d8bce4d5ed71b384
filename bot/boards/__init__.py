"""Boards: who earned most this week, this month, this season, of all time, or lately.

The feature owns `/leaderboard`, its picture and its text, and who is shown on it. What is
earned, and since when a season lasts, it asks `bot.points`.
"""
