from bot.library import rules
from storage.records import Deed, EventKind


def deed(kind: EventKind, resource_id: int = 1, at: float = 0.0, *, stands: bool = True) -> Deed:
    return Deed(resource_id, kind, at, stands=stands)


def test_saved_resources_come_last_saved_first_and_once() -> None:
    deeds = [
        deed(EventKind.SAVE, 1),
        deed(EventKind.SAVE, 2, 1),
        deed(EventKind.SAVE, 3, 2, stands=False),
        deed(EventKind.SAVE, 1, 3),
    ]
    assert rules.saved(deeds) == [1, 2]
