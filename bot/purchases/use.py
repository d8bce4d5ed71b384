"""How much members make of what they bought: what counts as use, and in three words. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, get_args

from storage.records import EventKind

USED: Final = tuple(
    int(kind)
    for kind in (
        EventKind.OPEN,
        EventKind.SAVE,
        EventKind.SOLVED,
        EventKind.STARTED,
        EventKind.DONE,
    )
)
"""What a member does to a resource that uses it."""
Use = Literal["much", "some", "little"]
USES: Final[tuple[Use, ...]] = get_args(Use)
LEAST: Final = 5
"""Groups of fewer members are shown to nobody."""
ENOUGH: Final = 10
"""Of a product that opens more resources than these, so many are all that anybody needs."""


def use(n_used: int, n_all: int) -> Use | None:
    """Return how much of a product somebody used; None of one that opens nothing."""
    if n_all == 0:
        return None
    if n_used == 0:
        return "little"
    return "much" if 2 * n_used >= min(n_all, ENOUGH) else "some"


def counted(uses: Iterable[Use | None]) -> dict[Use, int | None] | None:
    """Return how many members use something how much; None for fewer than five.

    Counts are hidden until what is hidden comes to five, or what all have less what is shown would
    tell; the whole is None where there are fewer than five members, or nothing to measure.
    """
    found = Counter(each for each in uses if each is not None)
    if found.total() < LEAST:
        return None
    by_size = sorted(USES, key=lambda each: found[each])
    hidden = {each for each in USES if 0 < found[each] < LEAST}
    while hidden and sum(found[each] for each in hidden) < LEAST:
        hidden.add(next(each for each in by_size if each not in hidden))
    return {each: None if each in hidden else found[each] for each in USES}
