"""Tracked opens.

What was shown to whom, the links and buttons that lead from there to a resource, and the web
server that follows them. Owns impressions and links; the opens are events like any other.
"""
