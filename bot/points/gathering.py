"""What a decision needs to know: a `Fold` with its state read from the ledger and the log.

`ready` gathers what bears on a few events; the recount keeps a fold of its own and lets it know
piece by piece, with the functions below.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.points.known import Known, know_circles, know_pairs
from bot.rewards import calendar, formats
from bot.rewards.fold import Claim, Fold, Mark, MarkKey
from bot.rewards.kinds import ACTS, CLICKED, GIVER_DAYS, KINDS, OF, SILENT, TABLE, VOICED
from bot.rewards.ruleset import DAY_S, RuleSet
from bot.rewards.versions import timeline
from bot.rewards.windows import Payment
from storage import members, payments, rewards, rulebook, ties
from storage.connection import Connection
from storage.payments import PaidRow
from storage.records import Logged

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


async def ready(
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
    # A cooldown reaches a day at most, and past a change of the rules or of the time zone.
    first, last = min(moments) - DAY_S, max(moments) + DAY_S
    fold = await fold_in_force(conn, guild_id, first, last, keeps_all=True)
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
    if owed:
        since = min(since, min(claim.at for claim in owed) - fold.versions.clicked_s)
    await know_pairs(conn, guild_id, fold, pairs, since)
    since = min(row.occurred_at for row in rows) - GIVER_DAYS * DAY_S
    for kind in VOICED:
        givers = {claim.giver_id for claim in owed if claim.kind == kind}
        for giver_id, at in (
            await payments.given(conn, guild_id, kind, givers, since) if givers else ()
        ):
            windows.note_voice(giver_id, kind, at)
    if clicked:
        givers = {claim.giver_id for claim in clicked}
        windows.company.know_first(await ties.first_seen(conn, guild_id, givers, before))
    if owed:
        asked = await _know_people(conn, guild_id, fold, owed, before)
        await know_circles(conn, guild_id, fold, asked, pairs, since, rows, before)


async def _know_people(
    conn: Connection, guild_id: int, fold: Fold, owed: Sequence[Claim], before: int
) -> set[Known]:
    """Gather who takes part here, and to whom members have written lately.

    Returns
    -------
    set of Known
        Of whom it is asked who answers them.
    """
    windows, terms = fold.windows, [fold.versions.at(claim.at) for claim in owed]
    first, last = min(claim.at for claim in owed), max(claim.at for claim in owed)
    if others := max(each.rules.small.others for each in terms):
        few_days = [each.rules.small.few_days for each in terms]
        active = await ties.active(
            conn,
            ACTS,
            guild_id,
            since=first - max(few_days) * DAY_S,
            enough_since=last - min(few_days) * DAY_S,
            enough=others + 2,
            before=before,
        )
        windows.company.know_last(active)
    answered = [each.rules.answered for each in terms]
    asked = {
        Known(claim.giver_id, claim.user_id, claim.at)
        for claim, rules in zip(owed, answered, strict=True)
        if claim.kind in CLICKED and rules.answerers
    }
    written = [claim for claim in owed if claim.kind in SILENT]
    if written:
        since = first - max(each.answer_days for each in answered) * DAY_S
        pairs = await _know_silent(conn, guild_id, fold, written, since, before)
        asked |= _to_be_known(fold, written, pairs)
    return asked


async def _know_silent(
    conn: Connection,
    guild_id: int,
    fold: Fold,
    written: Sequence[Claim],
    since: float,
    before: int,
) -> set[tuple[int, int]]:
    """Gather to whom members have written lately, and who of them answered since a moment.

    Returns
    -------
    set of tuple of int
        Who writes to whom, or has.
    """
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
        windows.company.hear(*known)
    return pairs


def _to_be_known(
    fold: Fold, written: Iterable[Claim], pairs: Iterable[tuple[int, int]]
) -> set[Known]:
    """Return of whom it is asked who else answers them, and on whose behalf."""
    to_ids: dict[int, list[int]] = {}
    for user_id, to_id in pairs:
        to_ids.setdefault(user_id, []).append(to_id)
    asked = set()
    for claim in written:
        if fold.versions.at(claim.at).rules.answered.known_to:
            asked |= {Known(to_id, claim.user_id, claim.at) for to_id in to_ids[claim.user_id]}
    return asked


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
