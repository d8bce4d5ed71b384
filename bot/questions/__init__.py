"""Questions: threads that ask something, their answers, which of them helped, and what follows.

Of a question its thread's name is kept, its tags, and who wrote when; never what they wrote. Points
for an accepted answer are paid by the rules (`bot.rewards`), resources belong to `bot.catalog`.
"""
