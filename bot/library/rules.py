"""What counts as saved."""

from collections.abc import Sequence

from storage.records import Deed, EventKind


def saved(deeds: Sequence[Deed]) -> list[int]:
    """Return the resources a member saved and did not unsave, the last one first."""
    newest_first = (
        deed.resource_id for deed in reversed(deeds) if deed.kind is EventKind.SAVE and deed.stands
    )
    return list(dict.fromkeys(newest_first))
