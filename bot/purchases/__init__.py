"""What is sold elsewhere: products, what is heard of purchases, and what those open.

Nobody is billed here. `bot.links` asks, wherever something is shown or opened, whether a member
owns it; roles are given by `bot.roles`.
"""
