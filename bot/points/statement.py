"""What a member's points are made of, page by page: each entry, and why it came to what it did."""

from dataclasses import dataclass, replace

from bot.points import awards
from bot.rewards import decisions, formats, kinds
from bot.rewards.decisions import Explained
from bot.rewards.example import Part
from bot.rewards.kinds import ABOUT_MESSAGES, CLICKED, Rule
from bot.rewards.ruleset import RuleSet
from storage import events, ledger, rescores, rulebook, statements
from storage.connection import Connection
from storage.records import LedgerEntry, Rescore

STATEMENT_SIZE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and why it is so.

    ``rule`` and ``explained`` are of entries that a rule paid; ``channel_id`` is where the
    message stands that the entry is about; ``is_held`` says that it does not count for now.
    ``rescore`` is the decision to re-score that made it, and ``n_events`` how many payments it
    changed, for which this line stands; 0 for an entry of its own.
    """

    entry: LedgerEntry
    rule: Rule | None = None
    explained: Explained | None = None
    channel_id: int | None = None
    is_held: bool = False
    rescore: Rescore | None = None
    n_events: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of a member's entries, newest first. Pages count from 1.

    ``day`` is what a good day comes to under the rules in force, on the first page.
    """

    lines: tuple[Line, ...]
    page: int
    has_more: bool
    day: tuple[Part, ...] = ()


async def page_of(conn: Connection, guild_id: int, user_id: int, page: int) -> Statement:
    """Return a page of a member's entries, each with why it came to what it did."""
    offset = (page - 1) * STATEMENT_SIZE
    found = await lines(conn, guild_id, user_id, STATEMENT_SIZE + 1, offset)
    shown = found[:STATEMENT_SIZE]
    entries = [line.entry for line in shown if not line.n_events]
    ids = {entry.source_id for entry in entries if entry.kind in ABOUT_MESSAGES}
    places = {
        event.source_id: event.channel_id for event in await events.messages(conn, guild_id, ids)
    }
    reasoned = [await _why(conn, line, places.get(line.entry.source_id)) for line in shown]
    return Statement(tuple(reasoned), page, len(found) > STATEMENT_SIZE)


async def lines(
    conn: Connection, guild_id: int, user_id: int, limit: int, offset: int = 0
) -> list[Line]:
    """Return a member's entries, newest first; what one decision changed is one line."""
    found = await statements.folded(conn, guild_id, user_id, limit, offset)
    ids = {each.entry.rescore_id for each in found} - {0}
    decided = {each: await rescores.decision(conn, guild_id, each) for each in sorted(ids)}
    return [
        Line(entry, rescore=decided.get(entry.rescore_id), n_events=n_events)
        for entry, n_events in found
    ]


async def _why(conn: Connection, line: Line, channel_id: int | None) -> Line:
    """Return an entry that a rule paid with the rule, and why it came to what it did."""
    entry = line.entry
    if line.n_events or entry.kind not in kinds.KINDS or entry.reverses is not None:
        return line
    stored = await rulebook.rule_set(conn, entry.guild_id, entry.rule_set)
    of = formats.from_dict(stored.rules) if stored else RuleSet()
    percent = 100
    if entry.kind in CLICKED and entry.event_id is not None:
        percent = await awards.percent(conn, entry.guild_id, entry.event_id)
    return replace(
        line,
        rule=getattr(of, entry.kind),
        explained=decisions.explain(of, entry.kind, entry.amount, percent),
        channel_id=channel_id if entry.kind in ABOUT_MESSAGES else None,
        is_held=await ledger.standing_hold(conn, entry) is not None,
    )
