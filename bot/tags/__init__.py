"""A server's own tags: names in both languages, other words, and what is a part of what.

Moderators look after them with `/tags`; each change can be undone. What resources carry is the
name of a tag; how one is shown, found and asked for is read from the tree (`bot.topics.Tree`).
"""
