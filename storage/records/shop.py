"""What points buy, and who bought it."""

from dataclasses import dataclass
from typing import Literal

ItemKind = Literal["role", "resource", "coupon", "slot", "custom"]

ItemState = Literal["live", "retired"]

RedemptionState = Literal["owed", "active", "done", "refunded"]


@dataclass(frozen=True, slots=True)
class ShopItem:
    """Something that points buy.

    Attributes
    ----------
    price
        In hundredths of a point.
    stock
        How many are left, None for any number; of coupons and slots what is free, counted.
    per_member
        How many one member may have, None for any number.
    min_level, needs_role_id, from_at, until_at
        Who may buy it, and when.
    role_id, days
        The role that is granted and for how long, None for good.
    role_by
        In whose name it is granted: of whoever sold it on these terms, 0 where nobody knows.
    role_problem
        Why it cannot be granted as things stand.
    resource_id
        What access is bought to.
    """

    guild_id: int
    kind: ItemKind
    title: str
    price: int
    description: str = ""
    stock: int | None = None
    per_member: int | None = None
    min_level: int = 0
    needs_role_id: int | None = None
    from_at: float | None = None
    until_at: float | None = None
    role_id: int | None = None
    days: int | None = None
    resource_id: int | None = None
    state: ItemState = "live"
    added_by: int = 0
    created_at: float = 0.0
    updated_at: float = 0.0
    role_by: int = 0
    role_problem: str | None = None
    is_problem_told: bool = False
    item_id: int = 0


@dataclass(frozen=True, slots=True)
class ShopUnit:
    """What an item hands out one by one: a coupon code, or a time."""

    unit_id: int
    item_id: int
    code: str | None = None
    starts_at: float | None = None


@dataclass(frozen=True, slots=True)
class Redemption:
    """One thing a member bought.

    ``owed`` is still to be delivered, by us or by a moderator; ``active`` is a role that is
    taken back at ``until_at`` (None: never). ``source_id`` is the confirmation that caused it,
    ``entry_id`` what was paid, ``problem`` what went wrong with giving it or taking it away.
    """

    guild_id: int
    user_id: int
    item_id: int
    source_id: int
    kind: ItemKind
    title: str
    price: int
    state: RedemptionState
    created_at: float
    changed_at: float
    entry_id: int | None = None
    unit_id: int | None = None
    code: str | None = None
    starts_at: float | None = None
    role_id: int | None = None
    days: int | None = None
    resource_id: int | None = None
    until_at: float | None = None
    tried_at: float | None = None
    problem: str | None = None
    note: str = ""
    handled_by: int = 0
    redemption_id: int = 0
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class RoleEnd:
    """When a bought role ends whose buyer had everything else about it erased."""

    guild_id: int
    user_id: int
    role_id: int
    ends_at: float
