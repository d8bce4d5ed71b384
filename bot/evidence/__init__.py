"""Evidence of farming: who pays whom, and what moderators hold, release or reverse.

It finds groups and counts over them; a verdict is people's. What an entry is and how it is taken
back is `points`'.
"""
