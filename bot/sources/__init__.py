"""Where entries come from by themselves: feeds, lists of links, forums of the server.

Owns a source from its first look to its last, what of it was taken, and when it rests. What it
shows is fetched and read by `bot.pages`; what is taken arrives as a submission, decided as others
are, by `bot.submissions`.
"""
