"""The only SQL of Lyceum: tables, one function per statement, and the one writer.

Nothing here knows Discord, HTTP or arrays. `schema` holds the tables, `database` the
connections and the group commit, `records` what travels out; every other module is named
after what it stores.
"""
