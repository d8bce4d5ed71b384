"""Discord, HTTP and time. Files are plumbing; directories are features.

A feature holds at most ``rules`` (our policy, pure), ``service`` (one use case a method),
``views`` (what members see), ``cog`` (Discord's events) and one more file with a real name.
"""
