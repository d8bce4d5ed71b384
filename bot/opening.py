"""How many conversations the bot may open: one limit for everything it writes unasked. Pure."""

from collections.abc import Sequence

DAY_S = 24 * 3_600
FIRST_LIMITS = ((600, 5), (DAY_S, 50))
"""(seconds, messages): Discord's unpublished anti-spam rule counts conversations we open."""


def first_allowance(counts: Sequence[int]) -> int:
    """Return how many more members may get their first message; below 1 means none.

    Parameters
    ----------
    counts
        First messages in the windows of `FIRST_LIMITS`, in that order.
    """
    return min(most - count for (_, most), count in zip(FIRST_LIMITS, counts, strict=True))
