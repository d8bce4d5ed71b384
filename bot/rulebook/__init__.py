"""The rules of points as moderators work on them: drafts, previews, versions, evidence.

What rules say and how they pay is `points`'; here they are read, compared, drafted, tried on
what happened, published and taken back.
"""
