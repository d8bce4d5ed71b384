"""Something to spend points on: `/shop`, `/redeem`, and the moderators' side of both.

The feature owns items, their stock, codes and times, and what members redeemed; roles bought for
some days are granted and taken back by it. Taking the points and giving them back is
`bot.points`'s.
"""
