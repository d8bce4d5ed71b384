"""Where the rules meet the ledger: gathers what a decision needs, and writes what it decides.

`award` pays for newly stored events, many at a time, in the transaction that stored them.
`replay` runs the same `Fold` over the log from its beginning or from a date, under any
rule set, and writes nothing: it reads in chunks and keeps what the windows of the rules reach
back to, so its memory does not grow with the log.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.rewards import calendar, formats
from bot.rewards.fold import Claim, Fold, Mark, MarkKey, Move
from bot.rewards.kinds import (
    ACTS,
    CLICKED,
    COUNTED,
    GIVER_DAYS,
    KINDS,
    OF,
    OWN_ACTS,
    SILENT,
    TABLE,
    VOICED,
)
from bot.rewards.ruleset import DAY_S, RuleSet
from bot.rewards.versions import HOUR_S, always, timeline
from bot.rewards.windows import Payment
from storage import events, ledger, members, payments, rescores, rewards, rulebook, ties
from storage.connection import Connection
from storage.payments import PaidRow
from storage.records import LedgerEntry, Logged

STRETCH = 250
"""Rows of the log that a replay decides between two turns of the caller's loop."""
SKEW_S = HOUR_S
"""By how much a clock may be behind Discord's: events of the first day may look recorded before."""
_PLAIN = frozenset(int(kind.event) for kind in TABLE if kind.rests_on == "act")
"""Events that nothing has to be known of for what they undo or add to."""
_ENDING = frozenset(ACTS.ending)
_OF_GIVER = {event: pair[0] for pair in ACTS.by_giver for event in pair}
_OF_SOURCE = {event: pair[0] for pair in ACTS.by_source for event in pair}
_OF_COUNT = frozenset(event for pair in ACTS.by_count for event in pair)
_TAKING = frozenset(takes for pairs in (ACTS.by_giver, ACTS.by_source) for _, takes in pairs)


@lru_cache(maxsize=256)
def parsed(rules: str) -> RuleSet:
    """Return the rule set of its stored JSON; every event asks for one of a few."""
    return formats.from_json(rules)


async def award(
    conn: Connection, guild_id: int, event_ids: Sequence[int], now: float
) -> list[Move]:
    """Pay for stored events of a guild in the order given, and take back what they undo.

    While what the guild earned is being re-scored they wait: whoever counts pays them then.
    """
    if await rescores.is_running(conn, guild_id):
        return []
    return await pay(conn, guild_id, event_ids, now)


async def pay(conn: Connection, guild_id: int, event_ids: Sequence[int], now: float) -> list[Move]:
    """Do what `award` does, whether or not anything is being re-scored."""
    rows = await rewards.logged(conn, ACTS, guild_id, event_ids)
    if not rows:
        return []
    fold = await _ready(conn, guild_id, rows)
    moves = [move for row in rows for move in fold.step(row)]
    if moves:
        await _write(conn, guild_id, moves, now)
    return moves


async def undo_since(
    conn: Connection,
    guild_id: int,
    restored: Sequence[LedgerEntry],
    after: int,
    now: float,
) -> None:
    """Take back again what was restored, where later events undid it while it was gone.

    Parameters
    ----------
    restored
        The payments as they were first made.
    after
        The event after which they may have been undone.
    """
    if restored:
        undone = await rewards.undoing(conn, ACTS, guild_id, after, restored)
        if undone:
            await pay(conn, guild_id, undone, now)
    for resource_id in {each.source_id for each in restored if each.kind in COUNTED}:
        await _let_go(conn, guild_id, resource_id, now)


async def _let_go(conn: Connection, guild_id: int, resource_id: int, now: float) -> None:
    """Take back what a resource was paid for more members than keep it now."""
    ids = await rewards.last_let_go(conn, ACTS, guild_id, [resource_id])
    for row in await rewards.logged(conn, ACTS, guild_id, ids):
        fold = await _ready(conn, guild_id, [row], before=2**62)
        (kind,) = (each for each in TABLE if each.opposite == row.kind)
        moves: list[Move] = []
        while more := fold.let_go(kind, row):
            moves += more
        if moves:
            await _write(conn, guild_id, moves, now)


async def percent(conn: Connection, guild_id: int, event_id: int) -> int:
    """Return what the click that an event was counted for, by whose it was; 100 if unknown."""
    rows = await rewards.logged(conn, ACTS, guild_id, [event_id])
    for row in rows:
        fold = await _ready(conn, guild_id, rows)
        fold.hear(row)
        return fold.percent(row)
    return 100


# ------------------------------------------------------------------- gathering


async def _ready(
    conn: Connection, guild_id: int, rows: Sequence[Logged], before: int | None = None
) -> Fold:
    """Return a fold that knows all that bears on these events, and nothing of them.

    Parameters
    ----------
    before
        It knows of events with smaller ids than this, by default than the first of them.
    """
    before = min(row.event_id for row in rows) if before is None else before
    moments = [row.occurred_at for row in rows]
    fold = await fold_in_force(conn, guild_id, min(moments), max(moments), keeps_all=True)
    await _know_windows(conn, guild_id, fold, rows, before)
    kinds = {row.kind for row in rows}
    if not kinds <= _PLAIN:
        await _know_undoable(conn, guild_id, fold, rows, before)
    return fold


async def fold_in_force(
    conn: Connection, guild_id: int, low: float, high: float, *, keeps_all: bool = False
) -> Fold:
    """Return a fold that knows nothing but the rules that decide on moments of a stretch."""
    zones = await members.zones(conn, guild_id)
    found = await rulebook.versions(conn, guild_id, low, high)
    published = [(each.effective_at, each.version, parsed(each.rules)) for each in found]
    if len(zones) > 1:  # the defaults, too, decide in several
        published.insert(0, (float("-inf"), 0, RuleSet()))
    return Fold(timeline(published, zones), zones[0][1], keeps_all=keeps_all)


async def _know_windows(
    conn: Connection, guild_id: int, fold: Fold, rows: Sequence[Logged], before: int
) -> None:
    """Gather what was paid on the days, between the pairs and to whom the events concern."""
    windows = fold.windows
    claims = [claim for row in rows if (claim := fold.claim(row)) is not None]
    days = {(claim.user_id, day) for claim in claims for day in claim.days}
    for paid in await payments.on_days(conn, guild_id, days) if days else ():
        if paid.kind in KINDS:
            windows.note(payment_of(paid), is_back=paid.amount < 0)
    owed = [claim for claim in claims if claim.giver_id]
    clicked = [claim for claim in owed if claim.kind in CLICKED]
    pairs = {(claim.giver_id, claim.user_id) for claim in owed}
    pairs |= {(claim.user_id, claim.giver_id) for claim in owed}
    since = min((claim.since for claim in claims), default=0.0)
    for giver_id, user_id, kind, at in (
        await payments.between(conn, guild_id, pairs, since) if pairs else ()
    ):
        if kind in KINDS:
            windows.note_pair(giver_id, user_id, kind, at)
    since = min(row.occurred_at for row in rows) - GIVER_DAYS * DAY_S
    for kind in VOICED:
        givers = {claim.giver_id for claim in owed if claim.kind == kind}
        for giver_id, at in (
            await payments.given(conn, guild_id, kind, givers, since) if givers else ()
        ):
            windows.note_voice(giver_id, kind, at)
    if clicked:
        givers = {claim.giver_id for claim in clicked}
        windows.first_at |= await ties.first_seen(conn, guild_id, givers, before)
    if owed:
        await _know_people(conn, guild_id, fold, owed, before)


async def _know_people(
    conn: Connection, guild_id: int, fold: Fold, owed: Sequence[Claim], before: int
) -> None:
    """Gather who takes part here, and who answers those on whose acts or for whom it is paid."""
    windows, terms = fold.windows, [fold.versions.at(claim.at) for claim in owed]
    first, last = min(claim.at for claim in owed), max(claim.at for claim in owed)
    if others := max(each.rules.small.others for each in terms):
        windows.last_at |= await ties.active(
            conn,
            ACTS,
            guild_id,
            since=first - max(each.rules.small.few_days for each in terms) * DAY_S,
            enough_since=last - min(each.rules.small.few_days for each in terms) * DAY_S,
            enough=others + 2,
            before=before,
        )
    answered = [each.rules.answered for each in terms]
    if needed := max(each.answerers for each in answered):
        asked = {
            (claim.giver_id, claim.at - rules.answer_days * DAY_S)
            for claim, rules in zip(owed, answered, strict=True)
            if claim.kind in CLICKED
        }
        if asked:
            for known in await ties.answerers(
                conn, ACTS, guild_id, asked, limit=needed + 1, before=before
            ):
                windows.hear(*known)
    written = [claim for claim in owed if claim.kind in SILENT]
    if written:
        since = first - max(each.answer_days for each in answered) * DAY_S
        await _know_silent(conn, guild_id, fold, written, since, before)


async def _know_silent(
    conn: Connection,
    guild_id: int,
    fold: Fold,
    written: Sequence[Claim],
    since: float,
    before: int,
) -> None:
    """Gather to whom members have written lately, and who of them answered since a moment."""
    windows, first = fold.windows, min(claim.at for claim in written) - fold.versions.silent_s
    pairs = {(claim.user_id, claim.giver_id) for claim in written}
    for user_id, giver_id, at in await payments.to_members(
        conn,
        guild_id,
        SILENT,
        {claim.user_id for claim in written},
        since=first,
        day=calendar.day_of(first - DAY_S, "UTC"),
    ):
        windows.note_owed(user_id, giver_id, at)
        pairs.add((user_id, giver_id))
    for known in await ties.answers(conn, ACTS, guild_id, pairs, since=since, before=before):
        windows.hear(*known)


async def _know_undoable(
    conn: Connection, guild_id: int, fold: Fold, rows: Sequence[Logged], before: int
) -> None:
    """Gather what the events may undo, and what else rests on the same sources."""
    acts = {(row.source_id, row.user_id) for row in rows if row.kind in _OF_GIVER}
    kept = kept_resources(rows)
    sources = {
        row.source_id for row in rows if row.kind in _ENDING or row.kind in _OF_SOURCE
    } | kept
    found = await payments.by_givers(conn, guild_id, acts) if acts else []
    found += await payments.for_sources(conn, guild_id, sources) if sources else []
    # A hold's source is an entry, whose number may be a resource's, too.
    known = {paid.entry_id: payment_of(paid) for paid in found if paid.kind in KINDS}
    ids = [row.event_id for row in rows if row.kind in _OF_GIVER or row.kind in _OF_SOURCE]
    if ids:
        for sibling in await rewards.siblings(conn, ACTS, guild_id, ids, before):
            note_sibling(fold, *sibling)
    for resource_id, user_id in (
        await rewards.savers(conn, ACTS, guild_id, kept, before) if kept else ()
    ):
        fold.savers.setdefault(resource_id, set()).add(user_id)
    for payment in sorted(known.values(), key=lambda paid: paid.entry_id):
        note_undoable(fold, payment)
    await know_versions(conn, guild_id, fold, known.values())


def kept_resources(rows: Iterable[Logged]) -> set[int]:
    """Return the resources that events add a member to, take one from, publish or retire."""
    return {
        row.resource_id
        for row in rows
        if row.resource_id is not None
        and (row.kind in _OF_COUNT or row.kind in _ENDING or row.kind in _OF_SOURCE)
    }


def mark_key(kind: int, source_id: int, user_id: int) -> MarkKey | None:
    """Return what an event of a kind adds to or takes from, None for one that does neither."""
    if kind in _OF_GIVER:
        return (_OF_GIVER[kind], source_id, user_id)
    return (_OF_SOURCE[kind], source_id, 0) if kind in _OF_SOURCE else None


def note_sibling(fold: Fold, kind: int, source_id: int, user_id: int, qualifier: int) -> None:
    """Let a fold know of an earlier act that later ones on its source add to or undo."""
    key = mark_key(kind, source_id, user_id)
    assert key is not None, kind
    mark = fold.marks.setdefault(key, Mark())
    if kind in _TAKING:
        mark.removed.add(qualifier)
        mark.standing.discard(qualifier)
    elif qualifier not in mark.removed:
        mark.standing.add(qualifier)


def note_undoable(fold: Fold, paid: Payment) -> None:
    """Let a fold know of a payment that events may take back, or that stands in another's way."""
    kind = OF[paid.kind]
    if kind.rests_on == "count":
        fold.blocks.setdefault(paid.source_id, []).append(paid)
        return
    key = mark_key(kind.event, paid.source_id, paid.giver_id)
    if key is not None:
        mark = fold.marks.setdefault(key, Mark())
        if mark.paid is None or mark.paid.is_back:
            mark.paid = paid
    if not paid.is_back and kind.ends is not None:
        fold.open.setdefault(paid.source_id, []).append(paid)


async def know_versions(
    conn: Connection, guild_id: int, fold: Fold, payments: Iterable[Payment]
) -> None:
    """Add the rules that what may be undone was paid by: they say what an emoji meant."""
    numbers = {paid.rule_set for paid in payments if OF[paid.kind].rests_on == "giver"}
    missing = numbers - {version.version for version in fold.known}
    if missing:
        found = await rulebook.some_versions(conn, guild_id, missing)
        fold.versions.past |= {version.version: parsed(version.rules) for version in found}


def payment_of(paid: PaidRow) -> Payment:
    """Return a stored payment as the fold knows it."""
    return Payment(
        kind=paid.kind,
        user_id=paid.user_id,
        giver_id=paid.giver_id,
        amount=abs(paid.amount),
        source_id=paid.source_id,
        day=paid.day,
        earned_at=paid.earned_at,
        event_id=0,
        rule_set=paid.rule_set,
        entry_id=paid.entry_id,
        is_back=paid.back == payments.GONE,
        is_void=paid.back == payments.VOID,
    )


# ------------------------------------------------------------------- writing


async def _write(conn: Connection, guild_id: int, moves: Sequence[Move], now: float) -> None:
    stored = {move.payment.entry_id: move for move in moves if move.is_back}
    first_id = await ledger.next_id(conn)
    new: list[LedgerEntry] = []
    for move in moves:
        entry = _entry(guild_id, move, now, first_id + len(new))
        if not move.is_back:
            move.payment.entry_id = entry.entry_id
        new.append(entry)
    stored.pop(0, None)
    if stored:
        # What is taken back is no longer held.
        for hold in await payments.holds_of(conn, guild_id, stored):
            event_id = stored[hold.source_id].event_id
            new.append(ledger.reversal(hold, now, first_id + len(new), event_id=event_id))
    await ledger.append_many(conn, new)
    await events.mark_rewarded(
        conn,
        {
            move.event_id: True
            for move in moves
            if not move.is_back and move.payment.kind in OWN_ACTS
        },
    )


def _entry(guild_id: int, move: Move, now: float, entry_id: int) -> LedgerEntry:
    paid = move.payment
    return LedgerEntry(
        guild_id=guild_id,
        user_id=paid.user_id,
        kind=paid.kind,
        amount=-paid.amount if move.is_back else paid.amount,
        source_id=paid.source_id,
        rule_set=paid.rule_set,
        day=paid.day,
        earned_at=paid.earned_at,
        recorded_at=now,
        giver_id=paid.giver_id,
        reverses=paid.entry_id if move.is_back else None,
        entry_id=entry_id,
        event_id=move.event_id,
    )


# ------------------------------------------------------------------- replaying


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stretch of a replay: what it read, of how many, and the moves under each rule set."""

    n_read: int
    n_total: int
    moves: tuple[list[Move], ...]


async def replay(
    conn: Connection,
    guild_id: int,
    rulesets: Sequence[RuleSet],
    *,
    since: float | None = None,
    last: int | None = None,
) -> AsyncIterator[Replayed]:
    """Decide on the log again under each rule set, in its own order; writes nothing.

    The log's order is the order in which events were stored. Awarding decided in that order
    too, from what had been stored by then, so replaying everything under the rules that were
    in force gives the ledger itself, entry by entry, whatever the order of deliveries was.
    What moderators reversed, held or gave is no event and does not appear.

    Parameters
    ----------
    since
        Only events recorded from this moment on. The days and pairs begin empty then; who was
        here before is known.
    last
        Only events up to this one.

    Yields
    ------
    Replayed
        For every few hundred rows of the log; in between the caller's loop turns.
    """
    zone = (await members.guild(conn, guild_id)).time_zone
    after = await rewards.last_before(conn, since) if since is not None else 0
    until = 2**62 if last is None else last
    n_total, late_s = await rewards.extent(conn, ACTS, guild_id, after, until)
    folds = [Fold([always(rules, zone)], zone) for rules in rulesets]
    for fold in folds if after else ():
        await know_everybody(conn, guild_id, fold, since or 0.0, after)
    n_read, latest, swept = 0, 0.0, 0.0
    async for chunk in rewards.log(conn, ACTS, guild_id, after, until):
        for start in range(0, len(chunk), STRETCH):
            rows = chunk[start : start + STRETCH]
            n_read += len(rows)
            yield Replayed(n_read, n_total, tuple(_moves(fold, rows) for fold in folds))
            await asyncio.sleep(0)  # the loop has others to serve
        latest = max(latest, chunk[-1].recorded_at)
        if latest - swept > DAY_S:
            swept = latest
            for fold in folds:
                fold.forget(latest - late_s)


async def know_everybody(
    conn: Connection, guild_id: int, fold: Fold, since: float, last: int
) -> None:
    """Let a fold that begins in the middle know who did what before, up to the event ``last``.

    Parameters
    ----------
    since
        The first moment that it is asked about; clocks may be behind by `SKEW_S`.
    """
    windows, versions = fold.windows, fold.versions
    windows.first_at |= await ties.first_seen(conn, guild_id, None, last + 1)
    reach_s = max(versions.answered_s, versions.active_s) + SKEW_S
    after = await rewards.last_before(conn, since - reach_s)
    people, answers = await ties.heard(conn, ACTS, guild_id, after, last)
    windows.last_at |= people
    for known in answers:
        windows.hear(*known)


def _moves(fold: Fold, rows: Sequence[Logged]) -> list[Move]:
    return [move for row in rows for move in fold.step(row)]
