"""Pages of the web that members bring: fetched safely, and read for what they say of themselves.

`fetch` owns every request the bot makes to a stranger's server, and `robots` what that server asks
of robots; `metadata` reads a page, in `reader`'s process, which can be killed. What is made of a
page is left to whoever asked.
"""
