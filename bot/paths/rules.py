"""Where a step goes in a path, and which is a member's next. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

STEPS_MAX: Final = 50
PATHS_MAX: Final = 200
TITLE_MAX: Final = 100
SUMMARY_MAX: Final = 300
NEEDED_MAX: Final = 10
"""Resources that one needs before it."""


def placed(steps: Sequence[int], resource_id: int, place: int | None) -> tuple[int, ...]:
    """Return steps with a resource at a place counted from 1, at the end for None.

    One that is there already is moved; a place beyond the end is the end.
    """
    others = [step for step in steps if step != resource_id]
    at = len(others) if place is None else min(max(place - 1, 0), len(others))
    return (*others[:at], resource_id, *others[at:])


def next_step(steps: Sequence[int], done: Collection[int]) -> int | None:
    """Return the first step that is not done, None where all are."""
    return next((step for step in steps if step not in done), None)
