"""What must hold of a guild's ledger, whatever happened before; each check reads entries only.

An entry is *live* while no event has taken it back: what a moderator reversed still takes its
room, so that a farm cannot earn it again.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.points import gathering
from bot.points.gathering import parsed
from bot.rewards.fold import Move as Decided
from bot.rewards.kinds import ACTS, KINDS
from bot.rewards.ruleset import RuleSet
from storage import ledger, rewards, rulebook
from storage.connection import Connection
from storage.records import LedgerEntry
from storage.schema import balances
from storage.schema import ledger as ledger_table

AGAIN = ("answer", "resource", "savers", "purchase", "task")
"""What may be paid for again after an event undid it."""
ABOUT_MESSAGES = ("message", "reply", "helpful", "answer")

Move = tuple[str, int, int, int, int, int, int]
"""Kind, member, giver, amount, source, day, event."""


@dataclass(frozen=True, slots=True)
class Books:
    """A guild's ledger, the sums kept beside it, and its rules by version."""

    entries: tuple[LedgerEntry, ...]
    balances: Mapping[int, tuple[int, int]]
    rules: Mapping[int, RuleSet]
    by_id: Mapping[int, LedgerEntry]
    reversal_of: Mapping[int, LedgerEntry]

    @property
    def paid(self) -> list[LedgerEntry]:
        """What events paid, taken back or not."""
        return [e for e in self.entries if e.kind in KINDS and e.reverses is None]

    @property
    def live(self) -> list[LedgerEntry]:
        """What events paid and no event took back."""
        return [e for e in self.paid if all(back.event_id is None for back in self.chain(e)[1:])]

    def chain(self, entry: LedgerEntry) -> list[LedgerEntry]:
        """Return an entry and the reversals that follow each other from it."""
        found = [entry]
        while (back := self.reversal_of.get(found[-1].entry_id)) is not None:
            found.append(back)
        return found

    def stands(self, entry: LedgerEntry) -> bool:
        """Say whether nothing reverses an entry, or only what was reversed itself."""
        return len(self.chain(entry)) % 2 == 1

    def net(self, entries: Iterable[LedgerEntry]) -> int:
        """Return what is left of payments after reversals and holds."""
        chains = [each for entry in entries for each in self.chain(entry)]
        ids = {each.entry_id for each in chains}
        holds = [e for e in self.entries if e.kind == ledger.HOLD and e.source_id in ids]
        return sum(e.amount for e in {e.entry_id: e for e in (*chains, *holds)}.values())

    def versions_of(self, entries: Iterable[LedgerEntry]) -> list[RuleSet]:
        return [self.rules[number] for number in {entry.rule_set for entry in entries}]


async def books(conn: Connection, guild_id: int) -> Books:
    """Read a guild's ledger."""
    rows = await conn.execute(
        select(ledger_table)
        .where(ledger_table.c.guild_id == guild_id)
        .order_by(ledger_table.c.entry_id)
    )
    entries = tuple(LedgerEntry(**row._mapping) for row in rows)
    kept = await conn.execute(select(balances).where(balances.c.guild_id == guild_id))
    found = await rulebook.versions(conn, guild_id, 0.0, 1e12)
    return Books(
        entries=entries,
        balances={row.user_id: (row.amount, row.earned) for row in kept},
        rules={0: RuleSet()} | {each.version: parsed(each.rules) for each in found},
        by_id={entry.entry_id: entry for entry in entries},
        reversal_of={entry.reverses: entry for entry in entries if entry.reverses is not None},
    )


async def replayed(conn: Connection, guild_id: int) -> list[Move]:
    """Return what the fold decides on the whole log from nothing, under the rules in force."""
    fold = await gathering.fold_in_force(conn, guild_id, 0.0, 1e12)
    _, late_s = await rewards.extent(conn, ACTS, guild_id)
    found: list[Move] = []
    async for chunk in rewards.log(conn, ACTS, guild_id):
        for row in chunk:
            found += [_moved(move) for move in fold.step(row)]
            fold.forget(row.recorded_at - late_s)  # whatever may be forgotten is not asked for
    return found


def _moved(move: Decided) -> Move:
    paid = move.payment
    amount = -paid.amount if move.is_back else paid.amount
    return (paid.kind, paid.user_id, paid.giver_id, amount, paid.source_id, paid.day, move.event_id)


def moves_of(found: Books) -> list[Move]:
    """Return what events moved, as `replayed` does."""
    return [
        (e.kind, e.user_id, e.giver_id, e.amount, e.source_id, e.day, e.event_id or 0)
        for e in found.entries
        if e.kind in KINDS
    ]


def sums_agree(found: Books) -> None:
    """Every balance is the sum of its entries; what was earned leaves spending out."""
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for entry in found.entries:
        sums[entry.user_id][0] += entry.amount
        sums[entry.user_id][1] += 0 if entry.is_spending else entry.amount
    assert {user: tuple(each) for user, each in sums.items()} == dict(found.balances)


def nothing_twice(found: Books) -> None:
    """No act pays twice, and no payment is taken back twice; erased givers cannot be told apart.

    A decision to re-score pays again for what it takes back, once.
    """
    named = [e for e in found.paid if e.kind not in AGAIN and (e.giver_id or e.kind != "helpful")]
    _distinct((e.source_id, e.kind, e.user_id, e.giver_id, e.rescore_id) for e in named)
    _distinct((e.event_id, e.kind, e.user_id, e.rescore_id) for e in found.paid)
    live = {e.entry_id for e in found.live}
    _distinct((e.source_id, e.kind, e.user_id, e.giver_id) for e in named if e.entry_id in live)
    _distinct((e.event_id, e.kind, e.user_id) for e in found.live)
    _distinct((e.source_id, e.kind) for e in found.live if e.kind in ("answer", "resource"))
    _distinct(e.reverses for e in found.entries if e.reverses is not None)


def _distinct(found: Iterable[Any]) -> None:
    twice = [each for each, n in Counter(found).items() if n > 1]
    assert not twice, twice


def reversals_are_exact(found: Books) -> None:
    """A reversal has its entry's member, kind, day and moment, and the opposite amount."""
    for back in found.reversal_of.values():
        entry = found.by_id[back.reverses or 0]
        assert back.amount == -entry.amount
        same: tuple[Callable[[LedgerEntry], Any], ...] = (
            lambda e: (e.user_id, e.kind, e.day, e.earned_at, e.source_id),
            lambda e: (e.rule_set, e.is_spending),
        )
        assert all(of(back) == of(entry) for of in same)


def holds_hold_what_stands(found: Books) -> None:
    """What is held stands and is held once, so its owner has nothing of it and owes nothing."""
    held = [
        e
        for e in found.entries
        if e.kind == ledger.HOLD and e.amount < 0 and e.entry_id not in found.reversal_of
    ]
    _distinct(e.source_id for e in held)
    for hold in held:
        entry = found.by_id[hold.source_id]
        assert found.stands(entry) and entry.amount == -hold.amount
        assert found.net([entry]) == 0


def caps_hold(found: Books) -> None:
    """No day exceeds a cap, by the widest of the rules that paid on it."""
    days: defaultdict[tuple[int, int], list[LedgerEntry]] = defaultdict(list)
    for entry in found.live:
        days[entry.user_id, entry.day].append(entry)
    for of_day in days.values():
        rules = found.versions_of(of_day)
        # What was paid while its kind counted takes no room of a payment by later rules, by which
        # it does not: a moderator may have restored it after a re-score passed it by.
        capped = [e for e in of_day if all(getattr(each, e.kind).is_capped for each in rules)]
        assert sum(e.amount for e in capped) <= max(each.general.daily_cap for each in rules)
        for kind in {entry.kind for entry in of_day}:
            of_kind = [entry for entry in of_day if entry.kind == kind]
            terms = [getattr(each, kind) for each in found.versions_of(of_kind)]
            assert len(of_kind) <= max(each.per_day for each in terms)
            if all(each.pair_per_day for each in terms):
                pairs = Counter(entry.giver_id for entry in of_kind if entry.giver_id)
                assert max(pairs.values(), default=0) <= max(each.pair_per_day for each in terms)


def cooldowns_hold(found: Books) -> None:
    """Two payments for writing are as far apart as the mildest rules among them ask."""
    written: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in found.live:
        if entry.kind in ("message", "reply"):
            written[entry.user_id].append(entry)
    for own in written.values():
        own.sort(key=lambda entry: entry.earned_at)
        for one, two in itertools.pairwise(own):
            asked = [getattr(found.rules[e.rule_set], e.kind).cooldown_s for e in (one, two)]
            assert two.earned_at - one.earned_at >= min(asked)


def own_things_never_pay(found: Books) -> None:
    """Nobody is paid by themselves, and nothing is paid below nothing."""
    assert all(e.giver_id != e.user_id and e.amount > 0 for e in found.paid)


def undone_pays_nothing(
    found: Books,
    *,
    deleted: Collection[int],
    clicked: Collection[tuple[int, int]],
    accepted: Collection[int],
    shelved: Collection[int],
    bought: Collection[int],
    marked: Collection[int],
    n_savers: Mapping[int, int],
    was_erased: bool = False,
) -> None:
    """What was deleted, taken back, un-accepted, retired or is kept by too few has paid nothing.

    Parameters
    ----------
    deleted
        Messages.
    clicked
        (message, giver) of whoever has any reaction on it now.
    accepted, shelved
        Answers and resources that anybody has accepted or published now.
    bought
        Payments of which something was kept.
    marked
        What members handed in that is marked as done now.
    n_savers
        How many keep each resource now.
    was_erased
        Somebody's acts are not known any more: of theirs nothing is said.
    """
    for entry in found.paid:
        is_undone = (
            (entry.kind in ABOUT_MESSAGES and entry.source_id in deleted)
            or (
                entry.kind == "helpful"
                and entry.giver_id
                and (entry.source_id, entry.giver_id) not in clicked
            )
            or (entry.kind == "answer" and entry.giver_id and entry.source_id not in accepted)
            or (entry.kind == "resource" and entry.giver_id and entry.source_id not in shelved)
            or (entry.kind == "purchase" and entry.source_id not in bought)
            or (entry.kind == "task" and entry.giver_id and entry.source_id not in marked)
        )
        if is_undone:
            assert found.net([entry]) == 0, entry
    if was_erased:
        return
    blocks = Counter(e.source_id for e in found.live if e.kind == "savers" and found.net([e]))
    step = min(each.savers.step for each in found.rules.values())
    for resource_id, n in blocks.items():
        assert n <= n_savers.get(resource_id, 0) // step


ALWAYS: Sequence[Callable[[Books], None]] = (
    sums_agree,
    nothing_twice,
    reversals_are_exact,
    holds_hold_what_stands,
    caps_hold,
    cooldowns_hold,
    own_things_never_pay,
)
