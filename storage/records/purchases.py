"""What is sold elsewhere, what was heard of purchases, and what they give."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

ProductTerm = Literal["forever", "days", "subscription"]

ProductState = Literal["live", "retired"]

PurchaseSource = Literal[
    "standard", "stripe", "patreon", "lemonsqueezy", "afdian", "discord", "role", "csv", "hand"
]

NoticeKind = Literal["ending", "renewal", "receipt", "invite"]

FactKind = Literal["paid", "refunded", "ended", "referred", "claimed", "assigned", "said", "undone"]


class Terms(NamedTuple):
    """As what something is sold; see `Product`."""

    product_id: int
    term: ProductTerm
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that is sold elsewhere.

    Attributes
    ----------
    price_minor, currency
        What it costs, in the currency's minor unit; 0 where nobody said.
    term, days
        For how long it opens what it opens; ``days`` for that term alone.
    grace_days
        How long after the end access and role stay.
    role_id, role_by
        The role that is given, and in whose name.
    role_problem
        Why the role cannot be given as things stand, and whether moderators were notified.
    buy_url
        Where it is bought; ``{reference}`` in it stands for the buyer's reference.
    resource_ids
        What it opens.
    keys
        How sources call it, as (source, id).
    """

    guild_id: int
    title: str
    term: ProductTerm
    price_minor: int = 0
    currency: str | None = None
    days: int | None = None
    grace_days: int = 0
    role_id: int | None = None
    role_by: int = 0
    role_problem: str | None = None
    is_problem_told: bool = False
    buy_url: str = ""
    state: ProductState = "live"
    added_by: int = 0
    created_at: float = 0.0
    updated_at: float = 0.0
    resource_ids: tuple[int, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    product_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was heard about a purchase; ``(source, key)`` is its identity.

    Attributes
    ----------
    kind
        ``paid`` (also a renewal) with the product it is for, ``refunded``, ``ended`` (of a
        subscription), ``referred`` (by the buyer's signed reference), ``claimed``, ``assigned`` (by
        a moderator), ``said`` (an unsigned reference, to be asked back), ``undone``.
    product_key
        How the source calls the product; ``product_id`` is None while nobody knows which that is.
    term, days
        As the product was sold, so that a later change changes nothing that was bought.
    until_at
        Until when it is paid, where the source says so.
    payments
        What the payment is called; what shares one of these is about one payment.
    amount_minor, currency
        What was paid, or given back.
    is_whole
        Whether a refund gives everything back.
    undoes
        What the fact that is undone is called (`bot.purchases.rules.named`).
    user_id
        Of whom it says that they bought it, 0 where they were erased.
    actor_id, reason
        Who did it by hand, and why.
    """

    guild_id: int
    source: PurchaseSource
    key: str
    kind: FactKind
    happened_at: float
    received_at: float = 0.0
    product_key: str = ""
    product_id: int | None = None
    term: ProductTerm | None = None
    days: int | None = None
    until_at: float | None = None
    payments: tuple[str, ...] = ()
    amount_minor: int | None = None
    currency: str | None = None
    is_whole: bool = True
    undoes: str = ""
    user_id: int | None = None
    actor_id: int | None = None
    reason: str = ""
    purchase_id: int = 0
    fact_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One order or subscription; ``user_id`` is None while nobody claimed it, 0 once erased."""

    guild_id: int
    source: PurchaseSource
    number: str
    created_at: float
    user_id: int | None = None
    email_hash: str = ""
    purchase_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a member has by all they bought of one product.

    ``ends_at`` is when what was paid for ends, ``until_at`` when access does, grace included; None
    for never. ``is_bought`` is False where all of it was given back. ``paid_event_id`` is the event
    that says that money came for it, 0 where that was so while the member was not tracked.
    """

    guild_id: int
    user_id: int
    product_id: int
    from_at: float
    ends_at: float | None = None
    until_at: float | None = None
    is_bought: bool = True
    event_id: int | None = None
    paid_event_id: int | None = None
    given_role_id: int | None = None
    tried_at: float | None = None
    problem: str | None = None
    seen_at: float = 0.0

    def holds(self, now: float) -> bool:
        """Say whether it opens anything now."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A message to one member about one moment, ``about_at``; each is claimed once.

    ``ending`` and ``renewal`` are about the end of a product, ``receipt`` about the month that
    begins then, ``invite`` about a product bought then by somebody who is not in the server.
    """

    guild_id: int
    user_id: int
    kind: NoticeKind
    product_id: int
    about_at: float
    claimed_at: float
    state: str = "claimed"
    is_first: bool = False
    notice_id: int = 0
