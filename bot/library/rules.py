"""What counts as saved, and what a member's library is made of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from storage.records import Deed, EventKind, Keeping, KeepingState

Shelf = Literal["all", "saved", "started", "done", "noted"]
"""What `/library` is narrowed to: a way in which something came there, or all of them."""
SHELVES: Final[tuple[Shelf, ...]] = get_args(Shelf)
NOTE_MAX: Final = 500
EVENTS: Mapping[KeepingState, EventKind] = {
    "started": EventKind.STARTED,
    "done": EventKind.DONE,
}


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


def entries(deeds: Sequence[Deed], kept: Sequence[Keeping]) -> list[Entry]:
    """Return a member's library, what they touched last first.

    Parameters
    ----------
    deeds
        All they did to resources, oldest first.
    kept
        Their notes, and how far they are.
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
