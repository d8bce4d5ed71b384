"""How long what a server left behind is kept, and how much of it goes at once."""

from bot.dates import DAY_S

KEPT_DAYS = 30
ASKED_EVERY_S = 6 * 3_600
"""How often Discord is asked whether the bot is still away from a server."""
PORTION_MAX = 2_000
"""Rows that one transaction deletes at most: others write between."""
HELD_S = 0.1
"""How long a transaction may keep others from writing before the next deletes fewer rows: a row to
which tables without an index refer takes long."""


def purge_at(left_at: float) -> float:
    """Return from when on what a server left behind is deleted, in unix seconds."""
    return left_at + KEPT_DAYS * DAY_S


def next_portion(n_rows: int, took_s: float) -> int:
    """Return how many rows the next transaction deletes, by how long the last one took."""
    return max(n_rows // 2, 1) if took_s > HELD_S else min(2 * n_rows, PORTION_MAX)
