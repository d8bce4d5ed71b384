"""What travels between storage and the features: frozen records, no behaviour.

Ids are Discord's 64-bit integers unless they name a table's own row. Times are UTC unix
seconds. Points (``amount``) are hundredths of a point.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, NamedTuple

ConsentPolicy = Literal["ask", "notice"]
Consent = Literal["unknown", "granted", "declined"]
ResourceKind = Literal["article", "course", "ebook", "video", "tool", "thread", "consultation"]
Level = Literal["beginner", "intermediate", "advanced"]
ResourceState = Literal["live", "retired"]
Surface = Literal["recommend", "similar", "digest", "question", "search", "share"]
SnapshotState = Literal["live", "retired", "rejected", "failed"]
ItemKind = Literal["role", "resource", "coupon", "slot", "custom"]
ItemState = Literal["live", "retired"]
RedemptionState = Literal["owed", "active", "done", "refunded"]
NoticePlace = Literal["off", "same", "channel"]
GrantState = Literal["due", "eligible", "declined", "granted", "undue", "doubtful", "kept"]
DeliveryState = Literal["claimed", "sent", "closed", "failed", "skipped"]
StayState = Literal["here", "gone", "purging", "purged"]
ReturnNotice = Literal["kept", "purged"]
AuditAction = Literal[
    "consent-granted",
    "consent-declined",
    "tracking-stopped",
    "tracking-resumed",
    "member-erased",
    "digest.on",
    "digest.off",
    "server-language",
    "server-time-zone",
    "server-consent-policy",
    "resource.add",
    "resource.edit",
    "resource.retired",
    "resource.live",
    "points.award",
    "points.deduct",
    "points.undo",
    "rules.draft",
    "rules.import",
    "rules.discard",
    "rules.publish",
    "rules.rescore",
    "rules.rescore.undo",
    "ring.hold",
    "ring.release",
    "ring.reverse",
    "shop.add",
    "shop.edit",
    "shop.stock",
    "shop.retire",
    "shop.restore",
    "shop.fulfil",
    "shop.refund",
    "levels.notices",
    "levels.staff",
    "levels.reward",
    "levels.unreward",
    "levels.decide",
    "model.refit",
]
"""What is written down about whom; `bot.audit.rules` says which of it moderators read."""


class EventKind(IntEnum):
    """What a member did. The numbers are stored: never reuse one."""

    MESSAGE = 1
    MESSAGE_DELETED = 2
    REACTION = 3
    REACTION_REMOVED = 4
    THREAD = 5
    OPEN = 10
    SAVE = 11
    UNSAVE = 12
    DISMISS = 13
    COMMENT = 14
    FOLLOW = 15
    UNDISMISS = 16
    ACCEPTED = 20
    UNACCEPTED = 21
    PUBLISHED = 22
    RETIRED = 23
    REVIEWED = 24
    CHECKIN = 25


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a member did; ``(guild, source, kind, user, qualifier)`` is its identity.

    ``source_id`` is what Discord calls the thing (message, interaction) or our own id of it
    (impression); ``qualifier`` tells apart what one member may do to it more than once (the
    emoji's hash, the second of an open). ``target_id`` is the author of what was reacted or
    replied to. ``length_class`` is 0 (nothing), 1 (below the minimum), 2 (short), 3 (long),
    or None where the bot may not read the text; the text itself is never kept. ``novelty`` is 0
    for what repeats what was said minutes ago, 1 for what does not, None where nobody looked.
    ``parent_id`` is the channel that a thread belongs to; ``role_ids`` are those of the
    member's roles that a reward rule of the guild named at the time.

    The kinds that are about more than the member who acts: ACCEPTED is the asker's (``target_id``
    wrote the answer that is the source), PUBLISHED the publisher's (the source is the resource,
    ``target_id`` its creator), REVIEWED the requester's or moderator's (``target_id`` reviewed).
    """

    guild_id: int
    source_id: int
    kind: EventKind
    user_id: int
    occurred_at: float
    qualifier: int = 0
    channel_id: int | None = None
    resource_id: int | None = None
    target_id: int | None = None
    length_class: int | None = None
    is_reply: bool = False
    in_thread: bool = False
    has_attachment: bool = False
    parent_id: int | None = None
    novelty: int | None = None
    role_ids: tuple[int, ...] | None = None


class Logged(NamedTuple):
    """A stored event as the reward engine reads it, with what the log says about its undoing.

    ``gone_id`` is the event that deleted the source, ``undone_id`` the one that removed this
    very reaction, 0 for none; ``n_same`` counts the member's reactions on the source. A plain
    tuple, for millions of them are read.
    """

    event_id: int
    kind: int
    source_id: int
    user_id: int
    qualifier: int
    occurred_at: float
    recorded_at: float
    channel_id: int | None = None
    parent_id: int | None = None
    resource_id: int | None = None
    target_id: int | None = None
    length_class: int | None = None
    novelty: int | None = None
    in_thread: bool | int = False
    has_attachment: bool | int = False
    role_ids: tuple[int, ...] | None = None
    gone_id: int | None = 0
    undone_id: int | None = 0
    n_same: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What reading the log has to know of the kinds of reward: numbers of kinds of events.

    Attributes
    ----------
    bearing
        All that pay, undo, or bear on a later payment.
    by_giver
        Pairs of what a member sets on a source and what takes that very thing away again.
    by_source
        Pairs of what anybody sets on a source and what takes it away.
    by_count
        Pairs of what adds a member to those who keep a resource, and what takes them away.
    of_messages
        What pays for a message, and ends with it.
    ending
        What ends all that a source has paid.
    meant
        Names of the rewards that are owed to whom the event was about, not to who acted.
    """

    bearing: tuple[int, ...]
    by_giver: tuple[tuple[int, int], ...]
    by_source: tuple[tuple[int, int], ...]
    by_count: tuple[tuple[int, int], ...]
    of_messages: tuple[int, ...]
    ending: tuple[int, ...]
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a member did to a resource; it ``stands`` unless it was taken back later."""

    resource_id: int
    kind: EventKind
    occurred_at: float
    is_rewarded: bool = False
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Guild:
    """A guild's own settings."""

    guild_id: int
    language: str = "en"
    time_zone: str = "UTC"
    consent_policy: ConsentPolicy = "ask"
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Stay:
    """Whether the bot is in a guild that it has been in.

    ``gone`` since ``left_at``, and to be purged from ``purge_at`` on; ``purging`` and ``purged``
    while its rows are being deleted and when they are. ``notice`` is what moderators are to be told
    since it came back: what there was before was kept, or purged; both moments are kept until then.
    """

    guild_id: int
    state: StayState = "here"
    left_at: float | None = None
    purge_at: float | None = None
    notice: ReturnNotice | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """What a member told us about themself; defaults for one we have never met.

    ``asked_at`` is when they were shown the question, or the notice of a server that asks nobody.
    A yes counts from ``consent_at`` on, and for what was before it if it ``has_earlier``; one
    without a date was given before anything was recorded here.
    """

    guild_id: int
    user_id: int
    language: str | None = None
    time_zone: str | None = None
    interests: tuple[str, ...] = ()
    consent: Consent = "unknown"
    consent_at: float | None = None
    asked_at: float | None = None
    has_earlier: bool = False
    interests_at: float | None = None
    is_tracked: bool = True
    is_on_boards: bool = True
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Resource:
    """Something worth a member's time, as the catalogue describes it.

    ``price_minor`` is in the currency's minor unit (cents, 分), 0 also where nobody has said what
    it costs: only ``is_free`` says that it costs nothing. ``role_id`` is the role a member needs to
    use it, None for everybody; ``creator_id`` the member who made it.
    ``resource_id`` is 0 before it is stored.
    """

    guild_id: int
    kind: ResourceKind
    title: str
    url: str
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = "en"
    level: Level = "beginner"
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
    resource_id: int = 0

    def since(self, now: float) -> float:
        """Return from when on it counts as being there: a date to come says nothing of its age."""
        return self.published_at if self.published_at <= now else self.created_at


UNLOGGED = 10**18
"""Impression ids from here on were never stored: the member is not tracked. What follows is the
resource's id, so that its card still has ids of its own."""


@dataclass(frozen=True, slots=True)
class Impression:
    """One resource shown to one member once; ``position`` counts from 1."""

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
class LedgerEntry:
    """Points given or taken. ``day`` is the guild's local date as YYYYMMDD.

    ``source_id`` is the event's source (a message), ``giver_id`` the other member of a payment
    (who reacted, who was answered; 0 for nobody), ``reverses`` the entry that this one takes
    back. ``event_id`` is the event that caused the entry, None for one that no event caused;
    ``actor_id`` the moderator who did, 0 for none, and ``reason`` what they wrote.
    ``is_spending`` moves what may be spent and not what was earned. ``rescore_id`` is the
    decision to count anew that made it, 0 for none.
    """

    guild_id: int
    user_id: int
    kind: str
    amount: int
    source_id: int
    rule_set: int
    day: int
    earned_at: float
    recorded_at: float
    giver_id: int = 0
    reverses: int | None = None
    entry_id: int = 0
    event_id: int | None = None
    actor_id: int = 0
    reason: str = ""
    is_spending: bool = False
    rescore_id: int = 0


@dataclass(frozen=True, slots=True)
class Rescore:
    """A moderator's decision to count anew what was earned since a moment; or to take that back.

    Events from ``since_at`` on, up to ``until_event`` of the log, are paid by ``version``
    instead of ``from_version`` and those before it. Where ``undoes`` names such a decision, this
    one takes it back. ``finished_at`` is None while it is being carried out, and until then
    ``paid_until`` is the last of the later events that have been paid. ``n_entries`` counts
    payments that changed, ``amount`` what all of them changed together.
    """

    guild_id: int
    version: int
    from_version: int
    since_at: float
    until_event: int
    paid_until: int
    created_by: int
    reason: str
    created_at: float
    undoes: int | None = None
    finished_at: float | None = None
    n_entries: int = 0
    n_members: int = 0
    amount: int = 0
    rescore_id: int = 0


@dataclass(frozen=True, slots=True)
class StoredRuleSet:
    """One numbered, immutable version of a guild's reward rules, in force from ``effective_at``.

    A version that becomes effective while a later one already is never comes into force.
    """

    guild_id: int
    version: int
    rules: dict[str, Any]
    created_by: int
    created_at: float
    effective_at: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What moderators want to change in the newest rules: values by rule and field."""

    guild_id: int
    changes: dict[str, dict[str, Any]]
    edited_by: int
    edited_at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's place on a board; ``rank`` counts from 1."""

    user_id: int
    amount: int
    rank: int


@dataclass(frozen=True, slots=True)
class BoardSpan:
    """What a board counts; all time where nothing is set.

    ``periods`` are weeks (their Mondays as YYYYMMDD), months (YYYYMM) or quarters (YYYYQ),
    ``days`` the first and last of spans counted besides; none of them counts a day twice.
    ``weights``, which stand alone, are what a point of each day counts, of days in a row.
    """

    periods: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    weights: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LevelSettings:
    """Where a guild is told of levels; members without a row in it are not followed.

    ``staff_channel_id`` is where moderators are notified of what they must decide or fix.
    ``sweep_from`` is the member after whom a look at everybody goes on, None where none is under
    way; ``rule_set`` the version whose levels are known.
    """

    guild_id: int
    place: NoticePlace = "off"
    channel_id: int | None = None
    staff_channel_id: int | None = None
    sweep_from: int | None = 0
    rule_set: int = 0
    queue_told_at: float = 0.0
    problem: str | None = None
    is_problem_told: bool = False


@dataclass(frozen=True, slots=True)
class LevelReward:
    """A role that a level gives. ``problem`` is why it cannot be given or taken now.

    It is given in the name of ``set_by``, 0 where nobody knows who set it.
    """

    guild_id: int
    role_id: int
    level: int
    needs_confirm: bool = False
    problem: str | None = None
    is_problem_told: bool = False
    set_by: int = 0


@dataclass(frozen=True, slots=True)
class LevelGrant:
    """Where a member stands with a role.

    ``due`` is to be given and ``undue`` to be taken; ``eligible`` (to be given) and ``doubtful``
    (to be taken) wait for a moderator, who may say ``declined`` or ``kept``. ``seen_at`` is when
    somebody looked last whether the member has it.
    """

    guild_id: int
    user_id: int
    role_id: int
    state: GrantState
    changed_at: float
    decided_by: int = 0
    grant_id: int = 0
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class LevelNotice:
    """A level that is to be told of. ``nonce`` is of the message that tells it, once chosen."""

    guild_id: int
    user_id: int
    level: int
    channel_id: int
    made_at: float
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """That the ledger moved for a member; ``channel_id`` is where it came from, if known."""

    entry_id: int
    guild_id: int
    user_id: int
    kind: str
    channel_id: int | None


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A fitted model and how it did; ``arrays`` is an npz archive, absent in listings.

    ``extended_at`` is when resources newer than the fit were last added to it. Somebody it learned
    from has withdrawn where there is an ``until_at``, from which moment on it must not serve.
    """

    guild_id: int
    state: SnapshotState
    reason: str
    metrics: dict[str, Any]
    as_of_at: float
    created_at: float
    n_events: int = 0
    n_members: int = 0
    n_resources: int = 0
    duration_s: float = 0.0
    extended_at: float | None = None
    until_at: float | None = None
    arrays: bytes | None = field(default=None, repr=False)
    snapshot_id: int = 0


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """When a member wants the digest; ``weekday`` 0 is Monday, ``hour`` is local.

    ``due_zone`` is the time zone by which ``due_at`` was found, ``locale`` the one of their
    Discord when they opted in, for those who never chose a language.
    """

    guild_id: int
    user_id: int
    is_on: bool
    weekday: int
    hour: int
    opted_in_at: float | None = None
    due_at: float | None = None
    due_zone: str | None = None
    locale: str | None = None
    closed_at: float | None = None
    closed_told_at: float | None = None


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One card of a delivery, as it was when claimed, so that sending again sends the same."""

    resource_id: int
    impression_id: int
    url: str | None = None
    why: "Why | None" = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest for one member and period; claimed before it is sent."""

    guild_id: int
    user_id: int
    period: str
    state: DeliveryState
    nonce: str
    items: tuple[DigestItem, ...]
    claimed_at: float
    is_first: bool = False
    error: str | None = None
    sent_at: float | None = None
    message_id: int | None = None
    delivery_id: int = 0


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who changed what, for moderators.

    ``subject`` is the id of what was changed, where it has one; ``about`` are the members it was
    decided about, 0 for one who was erased since.
    """

    guild_id: int
    actor_id: int
    action: AuditAction
    occurred_at: float
    subject: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    about: tuple[int, ...] = ()
    audit_id: int = 0


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows of the audit trail are wanted; None for any."""

    actions: tuple[AuditAction, ...]
    actor_id: int | None = None
    about_id: int | None = None
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is stored about one member of a guild.

    ``rows`` counts by table the rows that carry the member's id in any column, ``events`` what
    the member did by kind; ``since`` is the earliest moment of it, None where there is none.
    """

    rows: Mapping[str, int]
    events: Mapping[EventKind, int]
    since: float | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a resource was recommended, from the model itself.

    ``kind`` is ``because`` (of something the member did: ``event`` on ``title``), ``popular``
    (many did something with it lately), ``new``, ``topic`` (they asked for it), ``interest``
    (it carries one of the tags in their profile) or ``liked`` (of those who opened it, more than
    usual saved or liked it).
    """

    kind: Literal["because", "popular", "new", "topic", "interest", "liked"]
    title: str | None = None
    event: EventKind | None = None
