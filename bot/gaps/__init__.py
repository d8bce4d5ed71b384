"""What is missing: wishes, searches that found nothing good, topics with readers and few resources.

Owns wishes from the first voice to the letter that one came true, and what moderators and creators
are told is missing: only what at least five members stand behind. Searching is `bot.search`'s, and
it is `bot.catalog` that notices a search in vain.
"""
