"""The log decided on again, from its beginning or from a date, under any rule sets.

Nothing is written: the log is read in chunks, and what the windows of the rules reach back to is
kept, so memory does not grow with the log.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.rewards.fold import Fold, Move
from bot.rewards.kinds import ACTS
from bot.rewards.ruleset import DAY_S, RuleSet
from bot.rewards.versions import HOUR_S, always
from storage import members, rewards, ties
from storage.connection import Connection
from storage.records import Logged

STRETCH = 250
"""Rows of the log that a replay decides between two turns of the caller's loop."""
SKEW_S = HOUR_S
"""By how much a clock may be behind Discord's: events of the first day may look recorded before."""


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
    windows.company.know_first(await ties.first_seen(conn, guild_id, None, last + 1))
    reach_s = max(versions.answered_s, versions.active_s) + SKEW_S
    after = await rewards.last_before(conn, since - reach_s)
    people, answers = await ties.heard(conn, ACTS, guild_id, after, last)
    windows.company.know_last(people)
    for known in answers:
        windows.company.hear(*known)


def _moves(fold: Fold, rows: Sequence[Logged]) -> list[Move]:
    return [move for row in rows for move in fold.step(row)]
