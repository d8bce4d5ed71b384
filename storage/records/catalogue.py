"""Resources, and where they were shown and opened."""

from dataclasses import dataclass
from typing import Literal

from storage.records.activity import EventKind

ResourceKind = Literal[
    "article", "course", "ebook", "video", "tool", "page", "thread", "consultation"
]
"""A ``page`` is one of a knowledge base: a wiki, a manual, questions that are often asked."""

Level = Literal["beginner", "intermediate", "advanced"]

ResourceState = Literal["live", "retired"]

Surface = Literal["recommend", "similar", "digest", "question", "search", "share"]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something worth a member's time, as the catalogue describes it.

    ``language``, ``level`` and ``minutes`` are None where nobody gave them. ``price_minor`` is in
    the currency's minor unit (cents, 分), 0 also where nobody has said what it costs: only
    ``is_free`` says that it costs nothing. ``role_id`` is the role a member needs to
    use it, None for everybody; ``creator_id`` the member who made it. ``is_gem`` marks the best
    (精华). ``edition_of`` is the resource of which it is another edition, as moderators said;
    ``moved_to`` what stands for it since it was retired, ``is_merged`` where both are one thing.
    What ``is_sold`` is shown to everybody and opened by who bought it, or has the role.
    ``resource_id`` is 0 before it is stored.
    """

    guild_id: int
    kind: ResourceKind
    title: str
    url: str
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    level: Level | None = None
    minutes: int | None = None
    price_minor: int = 0
    currency: str | None = None
    is_free: bool = False
    creator: str = ""
    creator_id: int | None = None
    added_by: int | None = None
    role_id: int | None = None
    state: ResourceState = "live"
    published_at: float = 0.0
    created_at: float = 0.0
    updated_at: float = 0.0
    is_gem: bool = False
    edition_of: int | None = None
    moved_to: int | None = None
    is_merged: bool = False
    resource_id: int = 0
    is_sold: bool = False

    def since(self, now: float) -> float:
        """Return from when on it counts as being there: a date to come says nothing of its age."""
        return self.published_at if self.published_at <= now else self.created_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What resources are narrowed to; None where it does not matter.

    What nobody has said of a resource is unknown, and no filter for a value finds it.
    ``language`` is a code of two letters, for every kind of that language; ``is_free`` False finds
    what has a price. ``topic`` is one tag, ``within`` that with its parts, of which a resource
    carries one; one that ``is_marked`` is but its mark yet.
    """

    kind: ResourceKind | str | None = None
    level: Level | str | None = None
    language: str | None = None
    minutes_max: int | None = None
    is_free: bool | None = None
    is_gem: bool | None = None
    topic: str | None = None
    within: tuple[str, ...] = ()
    is_marked: bool = False

    @property
    def is_any(self) -> bool:
        """Whether everything passes."""
        return self == Filters()


UNLOGGED = 10**18
"""Impression ids from here on were never stored: the member is not tracked. What follows is the
resource's id, so that its card still has ids of its own."""


@dataclass(frozen=True, slots=True)
class Impression:
    """One resource shown to one member once; ``position`` counts from 1.

    ``score`` is the log of how much likelier it was than the average candidate, None where nothing
    was ranked.
    """

    guild_id: int
    user_id: int
    resource_id: int
    surface: Surface
    position: int
    arm: str
    shown_at: float
    snapshot_id: int | None = None
    propensity: float = 1.0
    impression_id: int = 0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A tracked way to a resource: what ``/r/{token}`` stands for."""

    token: str
    guild_id: int
    user_id: int
    resource_id: int
    impression_id: int
    created_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a resource was recommended, from the model itself.

    ``kind`` is ``because`` (of something the member did: ``event`` on ``title``), ``together``
    (others who wanted ``title`` wanted it), ``popular`` (many did something with it lately),
    ``new``, ``topic`` (they asked for it), ``interest`` (it carries the tag ``title`` of their
    profile) ``liked`` (of those who opened it, more than usual saved or liked it) or
    ``waiting`` (they saved it and have not opened it); ``follows`` is the next step of a path
    after ``title``, which they finished; ``favourite`` is among what was used most lately of all
    that carries the tag ``title``.
    """

    kind: Literal[
        "because",
        "together",
        "popular",
        "new",
        "topic",
        "interest",
        "liked",
        "waiting",
        "follows",
        "favourite",
    ]
    title: str | None = None
    event: EventKind | None = None
