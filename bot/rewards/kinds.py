"""The table of kinds of reward: what there is to be paid for.

A row says which event claims the kind, who is paid and by whose doing, on what a payment rests and
what takes it back, which windows hold it in check, what can be changed in its rule, and the
defaults. Decisions, the fold, the ledger, what is read of the log, forms and previews are derived
from the rows. What cannot be derived is checked against them: the attributes of `RuleSet`, texts in
both languages, the documents, and the ledger's indexes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storage.records import Acts, EventKind

POINT = 100
"""One point in the ledger's unit."""
HELPFUL_EMOJI = ("👍", "❤️", "🙏", "💡", "💯", "✅", "⭐")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one kind pays. Zero turns off whatever it bounds, except ``points`` and ``per_day``.

    Attributes
    ----------
    points
        Hundredths that one payment comes to.
    per_day
        Payments a member may get in a day.
    cooldown_s
        Seconds between two payments for writing.
    taper
        Diminishing returns: the first so many payments of a day pay in full, the next so many
        a half, then a third.
    pair_per_day
        Payments a day between the same two members.
    pair_days
        Within so many days payments between the same two are counted.
    pair_full
        The first so many of them pay in full, and after them each pays less.
    pair_step
        By how much the divisor rises with each after those: by 1 to a half, a third, a quarter; by
        2 to a third, a fifth.
    pair_back
        Percent of a payment that one in the other direction counts as.
    silent_days
        Within so many days the n-th payment for writing to members who have not answered the
        author lately (see `ruleset.Answered`) pays 1/n.
    giver_taper
        One giver's voice: of what a member accepts within `GIVER_DAYS` the first so many pay in
        full, the next so many a half, then a third.
    min_length
        The least length class (0 to 3) of the text.
    needs_new
        What repeats what was said minutes ago does not pay.
    is_capped
        It counts towards the daily cap.
    emoji
        Which reactions count (``helpful``).
    step
        How many of them make one payment (``savers``).
    """

    points: int
    per_day: int
    cooldown_s: int = 0
    taper: int = 0
    pair_per_day: int = 0
    pair_days: int = 0
    pair_full: int = 1
    pair_step: int = 1
    pair_back: int = 0
    silent_days: int = 0
    giver_taper: int = 0
    min_length: int = 0
    needs_new: bool = False
    is_capped: bool = True
    emoji: tuple[str, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of reward.

    Attributes
    ----------
    name
        What entries of the ledger and sections of the rules are called.
    event
        The event that claims it.
    needs
        What the event must be about: nobody in particular, somebody ``else``, or somebody else in
        their ``thread``. Of the kinds that one event may claim, the one that needs most does.
    by
        Whose doing it is: the ``own`` act of whoever is paid; another's ``click``; or what
        somebody does by ``duty``, as who publishes or has something reviewed.
    giver
        To whom the payment is owed: ``nobody``, who ``acted``, or who was ``meant``.
    rests_on
        On what a payment rests. The ``act`` itself: each pays. The ``giver``: while anything
        stands that they set on a source, which pays once. The ``source``: while anybody's stands,
        and again when it is set again. A ``count``: for every so many members who keep a resource.
    opposite
        The event that takes back what `event` set.
    ends
        The event that ends all that a source, or a resource, has paid.
    windows
        What else bears on it: the ``cooldown`` that kinds paid for writing share; the giver's
        ``voice``, shared by what they gave in `GIVER_DAYS`; whether whom it is owed to is
        ``silent``, for who never answers did not ask; where ``few`` take part, what was paid
        between two counts less, for there are few others.
    fields
        What can be changed in its rule, in the order in which it is shown.
    default
        The rule of a guild that never changed it.
    """

    name: str
    event: EventKind
    needs: Literal["nobody", "else", "thread"] = "else"
    by: Literal["own", "click", "duty"]
    giver: Literal["nobody", "acted", "meant"] = "acted"
    rests_on: Literal["act", "giver", "source", "count"] = "act"
    opposite: EventKind | None = None
    ends: EventKind | None = None
    windows: frozenset[Literal["cooldown", "voice", "silent", "few"]] = frozenset()
    fields: tuple[str, ...]
    default: Rule


TABLE: tuple[Kind, ...] = (
    Kind(
        name="message",
        event=EventKind.MESSAGE,
        needs="nobody",
        by="own",
        giver="nobody",
        ends=EventKind.MESSAGE_DELETED,
        windows=frozenset({"cooldown"}),
        fields=(
            *("points", "cooldown_s", "per_day", "taper"),
            *("min_length", "needs_new", "is_capped"),
        ),
        default=Rule(
            points=1 * POINT, per_day=10, cooldown_s=60, taper=1, min_length=2, needs_new=True
        ),
    ),
    Kind(
        name="reply",
        event=EventKind.MESSAGE,
        needs="thread",
        by="own",
        giver="meant",
        ends=EventKind.MESSAGE_DELETED,
        windows=frozenset({"cooldown", "silent", "few"}),
        fields=(
            *("points", "cooldown_s", "per_day", "taper"),
            *("pair_per_day", "pair_days", "pair_full", "pair_step", "pair_back"),
            "silent_days",
            *("min_length", "needs_new", "is_capped"),
        ),
        default=Rule(
            points=2 * POINT,
            per_day=10,
            cooldown_s=60,
            taper=4,
            pair_per_day=3,
            pair_days=3,
            pair_full=2,
            pair_step=2,
            silent_days=3,
            min_length=2,
            needs_new=True,
        ),
    ),
    Kind(
        name="helpful",
        event=EventKind.REACTION,
        by="click",
        rests_on="giver",
        opposite=EventKind.REACTION_REMOVED,
        ends=EventKind.MESSAGE_DELETED,
        windows=frozenset({"few"}),
        fields=(
            *("points", "per_day", "taper"),
            *("pair_per_day", "pair_days", "pair_full", "pair_step", "pair_back"),
            *("min_length", "needs_new", "emoji", "is_capped"),
        ),
        default=Rule(
            points=5 * POINT // 2,
            per_day=30,
            taper=20,
            pair_per_day=2,
            pair_days=7,
            pair_full=4,
            pair_step=3,
            pair_back=150,
            emoji=HELPFUL_EMOJI,
        ),
    ),
    Kind(
        name="answer",
        event=EventKind.ACCEPTED,
        by="click",
        rests_on="source",
        opposite=EventKind.UNACCEPTED,
        ends=EventKind.MESSAGE_DELETED,
        windows=frozenset({"voice"}),
        fields=(
            *("points", "per_day", "taper"),
            *("pair_per_day", "pair_days", "pair_full", "pair_step", "pair_back"),
            "giver_taper",
            *("min_length", "needs_new", "is_capped"),
        ),
        default=Rule(
            points=15 * POINT,
            per_day=10,
            taper=2,
            pair_per_day=2,
            pair_days=30,
            pair_back=100,
            giver_taper=2,
            min_length=1,
            needs_new=True,
            is_capped=False,
        ),
    ),
    Kind(
        name="resource",
        event=EventKind.PUBLISHED,
        by="duty",
        rests_on="source",
        opposite=EventKind.RETIRED,
        fields=("points", "per_day", "taper", "is_capped"),
        default=Rule(points=10 * POINT, per_day=3),
    ),
    Kind(
        name="savers",
        event=EventKind.SAVE,
        by="click",
        rests_on="count",
        opposite=EventKind.UNSAVE,
        ends=EventKind.RETIRED,
        fields=("points", "per_day", "step", "is_capped"),
        default=Rule(points=1 * POINT, per_day=5, step=5),
    ),
    Kind(
        name="review",
        event=EventKind.REVIEWED,
        by="duty",
        fields=("points", "per_day", "taper", "is_capped"),
        default=Rule(points=5 * POINT, per_day=5, taper=2),
    ),
    Kind(
        name="checkin",
        event=EventKind.CHECKIN,
        needs="nobody",
        by="own",
        giver="nobody",
        fields=("points", "per_day", "min_length", "is_capped"),
        default=Rule(points=2 * POINT, per_day=1, min_length=2),
    ),
    Kind(
        name="task",
        event=EventKind.TASK_DONE,
        by="duty",
        rests_on="source",
        opposite=EventKind.TASK_UNDONE,
        fields=("points", "per_day", "taper", "is_capped"),
        default=Rule(points=0, per_day=3),
    ),
    Kind(
        name="purchase",
        event=EventKind.PAID,
        needs="nobody",
        by="own",
        giver="nobody",
        rests_on="source",
        opposite=EventKind.PAID_BACK,
        fields=("points", "per_day", "is_capped"),
        default=Rule(points=0, per_day=3),
    ),
)
KINDS = tuple(kind.name for kind in TABLE)
"""What rules pay for, by name."""
OF: Mapping[str, Kind] = {kind.name: kind for kind in TABLE}
INDEX: Mapping[str, int] = {name: index for index, name in enumerate(KINDS)}
"""The place of each kind in `TABLE`, by which the fold counts."""


OWN_ACTS = frozenset(kind.name for kind in TABLE if kind.by == "own")
"""Kinds that pay the member who acted: their events are no signal to learn from any more."""
CLICKED = frozenset(k.name for k in TABLE if k.by == "click" and k.rests_on != "count")
"""Kinds that one click pays: damped for newcomers, and locked after one the other way round."""
COOLED = frozenset(kind.name for kind in TABLE if "cooldown" in kind.windows)
"""Kinds paid for writing, which share one cooldown."""
VOICED = frozenset(kind.name for kind in TABLE if "voice" in kind.windows)
"""Kinds whose givers share their voice among all to whom they give."""
EASED = frozenset(kind.name for kind in TABLE if "few" in kind.windows)
"""Kinds of which less is counted between two where few take part."""
SILENT = frozenset(kind.name for kind in TABLE if "silent" in kind.windows)
"""Kinds that pay less where those to whom they are owed are silent."""
BETWEEN = frozenset(k.name for k in TABLE if k.by == "click" or k.giver == "meant")
"""Kinds that one member's doing pays another: what rings are made of."""
AGAIN = frozenset(kind.name for kind in TABLE if kind.rests_on == "source")
"""Kinds that a source may pay again, for another event."""
COUNTED = frozenset(kind.name for kind in TABLE if kind.rests_on == "count")
"""Kinds that a resource pays for every so many members."""
ABOUT_MESSAGES = frozenset(k.name for k in TABLE if k.ends == EventKind.MESSAGE_DELETED)
"""Kinds whose source is a message."""
KINDS_OF_RESOURCES = frozenset(kind.name for kind in TABLE if kind.ends == EventKind.RETIRED) | {
    kind.name for kind in TABLE if kind.opposite == EventKind.RETIRED
}
"""Kinds whose source is a resource."""
GIVEN = frozenset({"award", "deduct", "opening"})
"""Kinds of entries that no event and no rule pays."""

GIVER_DAYS = 7
"""Within how many days a giver's acts share their voice."""


def _pairs(rests_on: str) -> tuple[tuple[int, int], ...]:
    found = [kind for kind in TABLE if kind.rests_on == rests_on and kind.opposite is not None]
    return tuple((int(kind.event), int(kind.opposite or 0)) for kind in found)


def _events(*columns: str) -> tuple[int, ...]:
    named = (getattr(kind, column) for kind in TABLE for column in columns)
    return tuple(sorted({int(event) for event in named if event is not None}))


ANSWERING = frozenset(
    int(kind.event)
    for kind in TABLE
    if kind.rests_on != "count" and (kind.by == "click" or kind.giver == "meant")
)
"""Events by which one member answers another: writes to them, reacts, accepts."""
ACTS = Acts(
    bearing=_events("event", "opposite", "ends"),
    by_giver=_pairs("giver"),
    by_source=_pairs("source"),
    by_count=_pairs("count"),
    of_messages=tuple(sorted({int(OF[name].event) for name in ABOUT_MESSAGES})),
    ending=_events("ends"),
    answering=tuple(sorted(ANSWERING)),
    meant=tuple(kind.name for kind in TABLE if kind.giver == "meant"),
)
"""What reading the log has to know of the table."""
CLAIMING = frozenset(_events("event"))
"""The events that pay, as the rules stand when they happen."""
