"""A server's own tags, and what moderators changed of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

TagAction = Literal["add", "edit", "merge", "remove", "import"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag that moderators look after.

    ``name`` is what resources carry; ``english`` and ``chinese`` are what it is shown as, "" for
    its name; ``aliases`` are other words for it. ``under_id`` is its parent, ``merged_into`` the
    tag that it is now.
    """

    guild_id: int
    name: str
    english: str = ""
    chinese: str = ""
    aliases: tuple[str, ...] = ()
    under_id: int | None = None
    merged_into: int | None = None
    created_at: float = 0.0
    updated_at: float = 0.0
    tag_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChange:
    """What moderators did to tags at once, with all that undoing it needs.

    ``before`` holds the fields of every tag that changed or went, as they were; ``made`` the ids of
    those that came. ``name`` and ``other`` say which tags it was about. Resources follow it one
    after another: ``told`` are the words that stand for another tag since, with its name,
    ``followed_to`` the last resource that was looked at, ``followed_at`` when all had followed,
    None before.
    """

    guild_id: int
    action: TagAction
    name: str
    other: str = ""
    before: Sequence[Mapping[str, Any]] = ()
    made: Sequence[int] = ()
    changed_by: int | None = None
    changed_at: float = 0.0
    undone_at: float | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    followed_to: int = 0
    followed_at: float | None = None
    change_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMove:
    """That a resource carries one tag in the place of others since a change.

    ``taken`` are the words it carried; ``had`` says that it carried ``given`` already.
    """

    change_id: int
    resource_id: int
    guild_id: int
    given: str
    taken: Sequence[str] = field(default_factory=tuple)
    had: bool = False
