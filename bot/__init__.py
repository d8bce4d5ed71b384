"""Discord, HTTP and time. Files are plumbing; directories are features.

A feature holds ``rules`` (our policy, pure), ``service`` (one use case a method), ``views`` (what
members see) and ``cog`` (Discord's events), or files with a real name that play one of these parts;
`rewards` holds rules only.
"""
