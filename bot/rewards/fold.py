"""The rules applied to events in the order of the log: what each pays, and what it takes back.

**Fold** in the sense of functional programming: a state, and a step that takes the next event,
changes the state and says what it moved. Awarding as events arrive and replaying a whole log are
the same fold; they differ in where its state comes from. Awarding loads just what the events at
hand may ask for and throws it away afterwards (`keeps_all`). A replay begins with nothing, sees
every event once, and keeps only what later ones may ask for.

The state is two things. What bounds the next payment is in `windows`: counts by day, pair and
giver, measured in the moments when things happened, so that a late event finds the room that its
own day has left. What may be undone is here, by what a payment rests on (`kinds.Kind.rests_on`):

* the *act*: nothing more to know; whatever a source paid is in `open` until the source ends;
* the *giver* or the *source*: a `Mark` for each, with what was set there and taken away again;
* a *count*: who keeps a resource (`savers`), and what that paid, a payment for every so many
  (`blocks`).

Deliveries come twice, late, and before what they undo. Twice is the log's concern: it stores an
event once. For the rest a step looks ahead, for a row of the log says whether its source or itself
is undone by an event stored earlier (``gone_id``, ``undone_id``): such an event pays nothing. And
the marks remember what was taken away before it was ever set.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from bot.rewards.decisions import decide, emoji_hashes, qualifies
from bot.rewards.kinds import KINDS, TABLE, Kind, Rule
from bot.rewards.versions import InForce, Versions
from bot.rewards.windows import Payment, Windows
from storage.records import Logged

_ACTED, _MEANT = Logged._fields.index("user_id"), Logged._fields.index("target_id")
_PAID = tuple(_ACTED if kind.by == "own" else _MEANT for kind in TABLE)
_GIVER = tuple({"acted": _ACTED, "meant": _MEANT, "nobody": 0}[kind.giver] for kind in TABLE)
"""Where in a row of the log stands who is paid for each kind, and to whom that is owed."""
_IS_COUNTED = tuple(kind.rests_on == "count" for kind in TABLE)


class Claim(NamedTuple):
    """Who could be paid for an event, by whose act, and which days and moments bear on it."""

    kind: str
    user_id: int
    giver_id: int
    days: tuple[int, ...]
    since: float
    at: float


class Move(NamedTuple):
    """A payment made, or taken back, and the event that did it."""

    payment: Payment
    event_id: int
    is_back: bool


_move: Callable[[tuple[Payment, int, bool]], Move] = partial(tuple.__new__, Move)
"""A `Move` without a look at its length: a replay makes millions."""


@dataclass(slots=True)
class Mark:
    """What stands on a source for one payment: qualifiers set and removed, and the payment."""

    standing: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    paid: Payment | None = None
    n_seen: int = 0


MarkKey = tuple[int, int, int]
"""The event that sets it, the source, and the giver it is of, 0 for anybody's."""


@dataclass(slots=True)
class Fold:
    """Decides on events in the order of the log.

    Parameters
    ----------
    known
        The versions of the rules, the newest last; see `Versions`.
    time_zone
        The guild's own.
    keeps_all
        Keep every payment for what may undo it. A replay need not: each row of the log says
        whether anything will undo it, so what is kept stays small.

    Attributes
    ----------
    windows
        What stands of what was paid.
    open
        What may be undone with its source: payments by source.
    marks
        What rests on a giver's reaction or on what anybody accepted or published.
    savers, blocks
        Who keeps a resource, and what was paid for that.
    """

    known: Sequence[InForce]
    time_zone: str = "UTC"
    keeps_all: bool = False
    versions: Versions = field(init=False)
    windows: Windows = field(default_factory=Windows)
    open: dict[int, list[Payment]] = field(default_factory=dict)
    marks: dict[MarkKey, Mark] = field(default_factory=dict)
    savers: dict[int, set[int]] = field(default_factory=dict)
    blocks: dict[int, list[Payment]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.versions = Versions(self.known, self.time_zone)
        self.windows.zones = self.versions.zones

    def step(self, row: Logged) -> list[Move]:
        """Return what an event pays or takes back, having taken note of it."""
        self.windows.company.take_note(row)
        found = _DOES.get(row.kind)
        if found is None:
            return []
        (kind, does), others = found
        moves = does(self, kind, row)
        for kind, does in others:
            moves += does(self, kind, row)
        return moves

    # ------------------------------------------------------------- what rests on the act

    def _acted(self, kind: Kind, row: Logged) -> list[Move]:
        if row.gone_id and row.gone_id < row.event_id:
            return []
        paid = self._pay(row)
        if paid is None:
            return []
        self._keep(row, paid)
        return [_move((paid, row.event_id, False))]

    def _keep(self, row: Logged, paid: Payment) -> None:
        """Keep a payment for the end of its source, where that may come."""
        if row.gone_id or self.keeps_all:
            self.open.setdefault(row.source_id, []).append(paid)

    def _ended(self, kind: Kind, row: Logged) -> list[Move]:
        return self._take_back(self.open.pop(row.source_id, ()), row.event_id)

    # ------------------------------------------------------------- what rests on the giver

    def _given(self, kind: Kind, row: Logged) -> list[Move]:
        """One giver pays once for a source, whatever they set there, and never again."""
        if row.gone_id and row.gone_id < row.event_id:
            return []
        mark = self._mark_of(row, kind, row.user_id)
        if row.undone_id and row.undone_id < row.event_id:
            return []
        if mark is not None:
            mark.standing.add(row.qualifier)
            if mark.paid is not None:
                return []
        paid = self._pay(row)
        if paid is None:
            return []
        if mark is not None:
            mark.paid = paid
        self._keep(row, paid)
        return [_move((paid, row.event_id, False))]

    def _ungiven(self, kind: Kind, row: Logged) -> list[Move]:
        """Take back what a giver's acts paid once nothing of theirs that counts is left."""
        mark = self._mark_of(row, kind, row.user_id)
        if mark is None:
            return []
        mark.standing.discard(row.qualifier)
        if mark.paid is None or mark.paid.is_back:
            return []
        # Which emoji counted is what the rules said when it was paid.
        rule: Rule = getattr(self.versions.rules_of(mark.paid.rule_set), kind.name)
        if mark.standing & emoji_hashes(rule.emoji) if rule.emoji else mark.standing:
            return []
        return self._take_back((mark.paid,), row.event_id)

    def _mark_of(self, row: Logged, kind: Kind, giver_id: int) -> Mark | None:
        """Return what stands on a source, None where this event is all there will ever be.

        A replay drops a mark with the last event that concerns it: ``n_same`` says how many do.
        """
        if row.n_same <= 1 and not self.keeps_all:
            return None
        key = (int(kind.event), row.source_id, giver_id)
        mark = self.marks.setdefault(key, Mark())
        mark.n_seen += 1
        if mark.n_seen >= row.n_same and not self.keeps_all:
            del self.marks[key]
        return mark

    # ------------------------------------------------------------- what rests on the source

    def _set(self, kind: Kind, row: Logged) -> list[Move]:
        """Pay for a source while anybody's act on it stands."""
        mark = self._mark_of(row, kind, 0) or Mark()
        if row.qualifier in mark.removed:
            return []
        mark.standing.add(row.qualifier)
        is_paid = mark.paid is not None and not mark.paid.is_back
        if is_paid or (row.gone_id and row.gone_id < row.event_id):
            return []
        mark.paid = self._pay(row)
        if mark.paid is None:
            return []
        if kind.ends is not None:
            self._keep(row, mark.paid)
        return [Move(mark.paid, row.event_id, False)]

    def _unset(self, kind: Kind, row: Logged) -> list[Move]:
        mark = self._mark_of(row, kind, 0) or Mark()
        mark.standing.discard(row.qualifier)
        mark.removed.add(row.qualifier)
        if mark.standing or mark.paid is None:
            return []
        return self._take_back((mark.paid,), row.event_id)

    # ------------------------------------------------------------- what rests on a count

    def _counted(self, kind: Kind, row: Logged) -> list[Move]:
        """Pay a resource's creator for every so many who keep it."""
        if row.resource_id is None or row.target_id in (None, 0, row.user_id):
            return []
        savers = self.savers.setdefault(row.resource_id, set())
        savers.add(row.user_id)
        blocks = self.blocks.setdefault(row.resource_id, [])
        standing = [paid for paid in blocks if not paid.is_back]
        if len(savers) // self._step_of(kind, row) <= len(standing):
            return []
        paid = self._pay(row)
        if paid is None:
            return []
        blocks.append(paid)
        return [Move(paid, row.event_id, False)]

    def _uncounted(self, kind: Kind, row: Logged) -> list[Move]:
        """Take back the last payment once fewer keep the resource than were paid for.

        Whose resource it is need not be known: they may have stopped being tracked.
        """
        if row.resource_id is None:
            return []
        self.savers.setdefault(row.resource_id, set()).discard(row.user_id)
        return self.let_go(kind, row)

    def let_go(self, kind: Kind, row: Logged) -> list[Move]:
        """Take back the last payment for a resource that fewer keep than it stands for."""
        savers = self.savers.get(row.resource_id or 0, ())
        blocks = self.blocks.get(row.resource_id or 0, ())
        left = [paid for paid in blocks if not paid.is_back and not paid.is_void]
        is_due = len(savers) // self._step_of(kind, row) < len(left)
        return self._take_back(left[-1:], row.event_id) if is_due else []

    def _step_of(self, kind: Kind, row: Logged) -> int:
        rule: Rule = getattr(self.versions.at(row.occurred_at).rules, kind.name)
        return rule.step

    def _all_uncounted(self, kind: Kind, row: Logged) -> list[Move]:
        return self._take_back(self.blocks.pop(row.resource_id or 0, ()), row.event_id)

    # ------------------------------------------------------------- one payment

    def _pay(self, row: Logged) -> Payment | None:
        """Return what an event pays by the rules of its moment, None for nothing."""
        at = row.occurred_at
        terms = self.versions.at(at)
        index = qualifies(terms.by_kind, row)
        if index is None:
            return None
        user_id, giver_id = _between(index, row)
        day = self.windows.day_of(at, terms.time_zone)
        paid = self.windows.paid(terms, index, row, day, user_id, giver_id)
        amount = decide(terms.by_kind[index], terms.daily_cap, terms.rules.small, paid)
        if amount == 0:
            return None
        source_id = (row.resource_id or 0) if _IS_COUNTED[index] else row.source_id
        payment = Payment(
            kind=KINDS[index],
            user_id=user_id,
            giver_id=giver_id,
            amount=amount,
            source_id=source_id,
            day=day,
            earned_at=at,
            event_id=row.event_id,
            rule_set=terms.version,
        )
        self.windows.add(payment)
        return payment

    def _take_back(self, payments: Iterable[Payment], event_id: int) -> list[Move]:
        """Take back those payments that stand, and the room they took."""
        moves = []
        for paid in payments:
            if not paid.is_back and not paid.is_void:
                paid.is_back = True
                self.windows.drop(paid)
                moves.append(Move(paid, event_id, True))
        return moves

    # ------------------------------------------------------------- what is to be known

    def claim(self, row: Logged) -> Claim | None:
        """Return who could be paid for an event and what must be known to decide it."""
        terms = self.versions.at(row.occurred_at)
        index = qualifies(terms.by_kind, row)
        if index is None:
            return None
        user_id, giver_id = _between(index, row)
        reach_s = terms.cooldown_s if "cooldown" in TABLE[index].windows else 0
        days = self.windows.days_around(row.occurred_at, reach_s)
        return Claim(
            kind=KINDS[index],
            user_id=user_id,
            giver_id=giver_id,
            days=tuple(days),
            since=row.occurred_at - terms.reach_s[index],
            at=row.occurred_at,
        )

    def percent(self, row: Logged) -> int:
        """Return by what a click is damped, by whose it is; 100 for anything else."""
        terms = self.versions.at(row.occurred_at)
        index = qualifies(terms.by_kind, row)
        if index is None:
            return 100
        return self.windows.percent_of(terms, index, row.occurred_at, *_between(index, row)[::-1])

    def forget(self, before: float) -> None:
        """Drop what no event at ``before`` or later can ask for: the memory of a replay is flat."""
        self.windows.forget(before, self.versions)


def _between(index: int, row: Logged) -> tuple[int, int]:
    """Return who is paid for an event of a kind, and to whom that is owed, 0 for nobody."""
    giver = _GIVER[index]
    return row[_PAID[index]] or 0, (row[giver] or 0) if giver else 0  # type: ignore[return-value]


_Does = Callable[[Fold, Kind, Logged], list[Move]]
_SETS: dict[str, tuple[_Does, _Does, _Does]] = {
    "act": (Fold._acted, Fold._ended, Fold._ended),
    "giver": (Fold._given, Fold._ungiven, Fold._ended),
    "source": (Fold._set, Fold._unset, Fold._ended),
    "count": (Fold._counted, Fold._uncounted, Fold._all_uncounted),
}
"""By what a payment rests on: what its event does, the opposite, and what ends the source."""


def _does() -> dict[int, tuple[tuple[Kind, _Does], list[tuple[Kind, _Does]]]]:
    """Return by event what it does, and what else: several kinds share an event, or an end."""
    found: dict[int, dict[_Does, Kind]] = {}
    for column in range(3):
        for kind in TABLE:
            event = (kind.event, kind.opposite, kind.ends)[column]
            if event is not None:
                found.setdefault(int(event), {}).setdefault(_SETS[kind.rests_on][column], kind)
    pairs = {event: [(kind, does) for does, kind in each.items()] for event, each in found.items()}
    return {event: (first, others) for event, (first, *others) in pairs.items()}


_DOES = _does()
