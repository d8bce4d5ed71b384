"""The policy of rewards, pure: what pays, how much, and what undoes it.

Nothing here waits, reads a file, asks a database or knows Discord. `kinds` says what there is to
be paid for, `ruleset` what a guild's rules say (`fields`, `formats`: how people and files write
them), `decisions` what one event earns, `fold` what a whole log comes to, `calendar` and `levels`
what follows from that, `tally` how two versions of the rules compare.
"""
