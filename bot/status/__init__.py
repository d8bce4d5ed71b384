"""`/status`: what works in a server, since when, and what needs its moderators.

It owns nothing: it looks at what other features stored, and at the process (`bot.pulse`).
"""
