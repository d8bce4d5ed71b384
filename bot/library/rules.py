"""What counts as saved, and what a member's library is made of. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

from storage.records import Deed, EventKind, Keeping, KeepingState

Shelf = Literal["all", "saved", "started", "done", "noted", "bought"]
"""What `/library` is narrowed to: a way in which something came there, or all of them."""
SHELVES: Final[tuple[Shelf, ...]] = get_args(Shelf)
NOTE_MAX: Final = 500
EVENTS: Mapping[KeepingState, EventKind] = {
    "started": EventKind.STARTED,
    "done": EventKind.DONE,
}


NOTHING: Final[Mapping[int, float]] = MappingProxyType({})
FINISHED: Final = (EventKind.DONE, EventKind.KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One resource of a member's library: on which shelves it stands, and since when."""

    resource_id: int
    shelves: frozenset[Shelf]
    note: str = ""
    at: float = 0.0


def saved(deeds: Sequence[Deed]) -> list[int]:
    """Return the resources a member saved and did not unsave, the last one first."""
    newest_first = (
        deed.resource_id for deed in reversed(deeds) if deed.kind is EventKind.SAVE and deed.stands
    )
    return list(dict.fromkeys(newest_first))


def entries(
    deeds: Sequence[Deed], kept: Sequence[Keeping], bought: Mapping[int, float] = NOTHING
) -> list[Entry]:
    """Return a member's library, what they touched last first.

    Parameters
    ----------
    deeds
        All they did to resources, oldest first.
    kept
        Their notes, and how far they are.
    bought
        What they have bought and have still, with since when, 0 where nobody knows.
    """
    shelves: dict[int, set[Shelf]] = {}
    moments: dict[int, float] = {}
    notes: dict[int, str] = {}

    def put(resource_id: int, shelf: Shelf, at: float) -> None:
        shelves.setdefault(resource_id, {"all"}).add(shelf)
        moments[resource_id] = max(moments.get(resource_id, at), at)

    for deed in deeds:
        if deed.kind is EventKind.SAVE and deed.stands:
            put(deed.resource_id, "saved", deed.occurred_at)
    for each in kept:
        if each.state is not None:
            put(each.resource_id, each.state, each.changed_at)
        if each.note:
            put(each.resource_id, "noted", each.changed_at)
            notes[each.resource_id] = each.note
    for resource_id, since in bought.items():
        put(resource_id, "bought", since)
    found = [
        Entry(
            resource_id=number,
            shelves=frozenset(own),
            note=notes.get(number, ""),
            at=moments[number],
        )
        for number, own in shelves.items()
    ]
    return sorted(found, key=lambda entry: (-entry.at, -entry.resource_id))


def turned(before: KeepingState | None, pressed: KeepingState) -> KeepingState | None:
    """Return how far somebody is after pressing one of the two: pressing again takes it back."""
    return None if before == pressed else pressed


@dataclass(frozen=True, slots=True)
class Onward:
    """What somebody would go on with: of a course its next lesson, else the resource itself."""

    resource_id: int
    course_id: int | None


def finished(deeds: Iterable[Deed]) -> set[int]:
    """Return the resources that a member has done, or knew."""
    return {deed.resource_id for deed in deeds if deed.kind in FINISHED and deed.stands}


def onward(
    found: Sequence[Entry], lessons: Mapping[int, Sequence[int]], deeds: Sequence[Deed]
) -> Onward | None:
    """Return where a member left off: of what they began and have not done, what they did last.

    Parameters
    ----------
    found
        Their library.
    lessons
        By course the lessons they may use, in order.
    deeds
        All they did to resources.
    """
    done, last = finished(deeds), dict[int, float]()
    for deed in deeds:
        if deed.stands and deed.kind in (*FINISHED, EventKind.OPEN, EventKind.STARTED):
            last[deed.resource_id] = max(deed.occurred_at, last.get(deed.resource_id, 0.0))
    begun: list[tuple[float, int, Onward]] = []
    for entry in found:
        number, steps = entry.resource_id, lessons.get(entry.resource_id, ())
        touched = [last[each] for each in (number, *steps) if each in last]
        is_begun = "started" in entry.shelves or ("bought" in entry.shelves and touched)
        if not is_begun or "done" in entry.shelves or number in done:
            continue
        left = [step for step in steps if step not in done]
        if steps and not left:
            continue
        on = Onward(left[0], number) if steps else Onward(number, None)
        at = max(touched, default=entry.at)
        begun.append((at, number, on))
    return max(begun, key=lambda each: each[:2])[2] if begun else None
