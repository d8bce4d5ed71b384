"""What a draft would do to the last days, or to what was earned since a day; nothing is written."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StaleError
from bot.points.service import Effect, PointsService, Scope
from bot.rewards import calendar, fields, formats, levels, ruleset, tally
from bot.rewards.tally import Comparison, Figures, Place, Tally
from bot.rulebook import rules, trial
from bot.rulebook.drafts import Draft, Drafts
from bot.rulebook.rescoring import Progress, Rescoring
from bot.rulebook.rules import Difference
from bot.rulebook.versions import Versions
from storage import rescores, rulebook
from storage.connection import Connection
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """What a re-score counts that the difference to the rules in force does not say.

    Attributes
    ----------
    versions
        Other versions that decided on what is counted again, the newest first.
    differences
        What the draft changes in them; a field once for each value that it had.
    """

    versions: tuple[int, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What re-scoring would change.

    Attributes
    ----------
    since, day
        The moment from which on it counts, and that day in the guild's time zone.
    besides
        What it counts besides the draft's difference to the rules in force, None for nothing.
    """

    since: int
    day: str
    effect: Effect
    besides: Besides | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a draft would have done, beside the rules in force or beside what the ledger holds.

    Attributes
    ----------
    days
        How far it looks back; None for a preview of a re-score.
    rescored
        What a re-score would change; None for a preview of days.
    version
        The version in force.
    minted
        By kind what was paid and stands, under the rules in force and under the draft.
    places
        The first places of both boards, by their place on the draft's.
    levels
        How many members reach a higher and a lower level by the draft's curve, with what they
        have earned so far (or will have, counted again).
    stamp
        A mark of the draft that was previewed.
    """

    days: int | None
    rescored: Rescored | None
    n_events: int
    version: int
    differences: tuple[Difference, ...]
    minted: tuple[tuple[str, int, int], ...]
    before: Figures
    after: Figures
    places: tuple[Place, ...]
    rising: tuple[Place, ...]
    falling: tuple[Place, ...]
    levels: tuple[int, int]
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Previews:
    """Tries every guild's draft."""

    database: Database
    clock: Clock
    points: PointsService
    versions: Versions
    drafts: Drafts
    rescoring: Rescoring

    async def of_days(self, guild_id: int, days: int, progress: Progress) -> Preview:
        """Replay the last days under the rules in force and under the draft.

        Both begin with empty days and pairs, so that only the rules differ. It is done by
        processes that end with the request.

        Raises
        ------
        UserError
            The draft says what is in force already, or the processes died.
        """
        async with self.database.read() as conn:
            draft = await self.drafts.current(conn, guild_id)
            last = await rescores.last_event(conn)
        _require_changes(draft)
        asked = trial.Asked(
            database=str(self.database.path),
            guild_id=guild_id,
            since=self.clock().timestamp() - days * ruleset.DAY_S,
            last=last,
            before=formats.to_dict(draft.live.rules),
            after=formats.to_dict(draft.rules),
        )
        tried = await trial.run_trial(asked, progress.seen)
        return _preview(draft, tried.n_events, tried.found, tried.levels, days=days)

    async def of_rescore(self, guild_id: int, written: str, progress: Progress) -> Preview:
        """Count what was earned since a day by the draft, beside what the ledger holds.

        Parameters
        ----------
        written
            The day (YYYY-MM-DD), in the guild's time zone.

        Raises
        ------
        UserError
            The draft says what is in force already, or the day cannot be counted from.
        """
        async with self.database.read() as conn:
            draft = await self.drafts.current(conn, guild_id)
            _require_changes(draft)
            begins = calendar.day_start(written, draft.time_zone)
            since = await self.rescoring.since(conn, guild_id, begins)
            tallies = Tally(draft.live.rules), Tally(draft.rules)
            last = await rescores.last_event(conn)
            count = self.points.recount(
                guild_id,
                Scope(rules=draft.rules, version=draft.newest.version + 1, since=since, until=last),
            )
            n_events, paid_by = 0, set[int]()
            async for stretch in count.run(conn):
                n_events += stretch.n_since
                paid_by |= {paid.rule_set for paid in stretch.held}
                tallies[0].add((paid, 0, False) for paid in stretch.held)
                tallies[1].add(move for move in stretch.moves if move.payment.event_id)
                progress.seen(stretch.n_read, stretch.n_total)
            effect = await self.points.effect(conn, count)
            hidden = await rulebook.hidden(conn, guild_id)
            earned = await rulebook.earned(conn, guild_id)
            besides = await self._besides(conn, guild_id, draft, since, paid_by)
        found = await asyncio.to_thread(tally.compare, *tallies, hidden)
        moves = await asyncio.to_thread(_level_moves, draft, earned, effect)
        day = calendar.day_written(since, draft.time_zone)
        rescored = Rescored(since=int(since), day=day, effect=effect, besides=besides)
        return _preview(draft, n_events, found, moves, rescored=rescored)

    async def _besides(
        self, conn: Connection, guild_id: int, draft: Draft, since: float, paid_by: set[int]
    ) -> Besides | None:
        """Return what differs from versions other than the one in force that decided since then.

        Those that were in force in that time, for they may have paid nothing where the draft
        would, and those by which the ledger holds something, for it may have been re-scored.
        """
        deciding = await self.versions.deciding_since(conn, guild_id, since)
        for each in paid_by - deciding.keys():
            deciding[each] = (await self.versions.numbered(conn, guild_id, each)).rules
        said = set(draft.differences)
        told = {
            each: [
                one
                for one in rules.differences(of, draft.rules)
                if one not in said and rules.is_counted(one)
            ]
            for each, of in deciding.items()
        }
        versions = sorted((each for each, found in told.items() if found), reverse=True)
        if not versions:
            return None
        found = dict.fromkeys(one for each in versions for one in told[each])
        order = {field: n for n, field in enumerate(fields.FIELDS)}
        ordered = sorted(found, key=lambda one: order[one.field])
        return Besides(versions=tuple(versions), differences=tuple(ordered))


def _require_changes(draft: Draft) -> None:
    if not draft.differences:
        raise StaleError("error-rulebook-nothing-drafted")


def _preview(
    draft: Draft,
    n_events: int,
    found: Comparison,
    moves: tuple[int, int],
    *,
    days: int | None = None,
    rescored: Rescored | None = None,
) -> Preview:
    rising, falling = tally.movers(found.places)
    return Preview(
        days=days,
        rescored=rescored,
        n_events=n_events,
        version=draft.live.version,
        differences=draft.differences,
        minted=found.minted,
        before=found.before,
        after=found.after,
        places=found.places,
        rising=rising,
        falling=falling,
        levels=moves,
        stamp=draft.stamp,
    )


def _level_moves(draft: Draft, earned: Mapping[int, int], effect: Effect) -> tuple[int, int]:
    people = sorted({*earned, *effect.by_member})
    return levels.level_moves(
        draft.live.rules.levels,
        draft.rules.levels,
        (earned.get(each, 0) for each in people),
        (max(earned.get(each, 0) + effect.by_member.get(each, 0), 0) for each in people),
    )
