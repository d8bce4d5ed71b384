"""What is kept in memory of each guild between requests: model, catalogue and decayed counts.

Every request compares its marks with the database (`storage.training.pulse`), so what another
process refits, imports or retires the next one sees. Nothing of it is about one member.
"""

import logging
import math
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.recommend import arrays, rules
from bot.recommend.arrays import Shelf
from bot.recommend.refit import ACCEPTED, WATERMARK
from bot.topics import Tree
from recommender.interactions import Interactions
from recommender.model import Model
from recommender.pool import Pool
from storage import candidates, feedback, paths, prerequisites, snapshots, tags, training
from storage.connection import Connection

log = logging.getLogger(__name__)

Mark = tuple[int | None, float | None, float | None]
"""The live snapshot's id, when it was last extended, and its end, if it has one."""


@dataclass(frozen=True, slots=True)
class Live:
    """What serves a guild, in memory; no model where there is none that can be read.

    ``mark`` is of the live snapshot; ``snapshot_id`` of the one that serves, an earlier one where
    the live one is damaged; ``is_proven`` says that it beat popularity, any other is a fallback.
    From ``until_at`` on it must not serve: somebody it learned from has withdrawn.
    """

    mark: Mark = (None, None, None)
    snapshot_id: int | None = None
    model: Model | None = None
    event_watermark: int = 0
    is_proven: bool = False
    until_at: float = math.inf


@dataclass(slots=True)
class Serving:
    """What is remembered of a guild while its pulse has these marks.

    The pool counts events up to `last_event_id`; only that moves, everything else is replaced.
    """

    marks: tuple[object, ...]
    live: Live
    shelf: Shelf
    pool: Pool
    last_event_id: int
    chains: tuple[tuple[int, ...], ...] = ()
    needs: rules.Needs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What serves each guild; `rewarded_weight` as in `rules.weight`."""

    clock: Clock
    rewarded_weight: float = rules.REWARDED_WEIGHT
    _by_guild: dict[int, Serving] = field(default_factory=dict, init=False, repr=False)

    async def of(self, conn: Connection, guild_id: int) -> Serving:
        """Return what is remembered of a guild, after making it true again where it is not.

        Requests may overtake each other here. A pool counts no pair twice, and what was read in
        an older transaction has older marks, which the next request sees.
        """
        now = self.clock().timestamp()
        pulse = await training.pulse(conn, guild_id)
        known = self._by_guild.get(guild_id)
        if known is not None and now >= known.live.until_at:
            known = None
        if known is not None and known.marks == pulse.marks:
            if pulse.last_event_id <= known.last_event_id:
                return known
            if not await training.is_taken_back(conn, guild_id, known.last_event_id):
                since = now - rules.FRESH_S
                recent = await training.fresh(conn, guild_id, known.last_event_id, since)
                known.pool.add(self._interactions(recent), now)
                known.last_event_id = max(known.last_event_id, pulse.last_event_id)
                return known
        live = known.live if known else None
        mark = pulse.live_id, pulse.extended_at, pulse.until_at
        # An earlier one that serves in place of a damaged one may have come to an end unseen.
        if live is None or live.mark != mark or live.snapshot_id != pulse.live_id:
            live = await _read_live(conn, guild_id, mark, now)
        voices = await feedback.ranking(conn, guild_id)
        tree = Tree.of(await tags.every(conn, guild_id))
        shelf = arrays.shelf(await candidates.listed(conn, guild_id, now), voices, tree)
        since = now - rules.FRESH_S
        recent = await training.fresh(conn, guild_id, live.event_watermark, since)
        pool = Pool(live.model, shelf.items, self._interactions(recent), now)
        serving = Serving(
            marks=pulse.marks,
            live=live,
            shelf=shelf,
            pool=pool,
            last_event_id=pulse.last_event_id,
            chains=await paths.chains(conn, guild_id),
            needs=await prerequisites.of(conn, guild_id),
        )
        self._by_guild[guild_id] = serving
        return serving

    def _interactions(self, columns: training.Columns) -> Interactions:
        return arrays.interactions(columns, self.rewarded_weight)


async def _read_live(conn: Connection, guild_id: int, mark: Mark, now: float) -> Live:
    """Return the live snapshot, or the newest before it that can be read and may still serve."""
    for kept in await snapshots.kept(conn, guild_id, now):
        try:
            model = arrays.unpack(await snapshots.arrays(conn, kept.snapshot_id))
        except ValueError as error:
            log.error("snapshot %d does not serve: %s", kept.snapshot_id, error)
            continue
        return Live(
            mark=mark,
            snapshot_id=kept.snapshot_id,
            model=model,
            event_watermark=int(kept.metrics.get(WATERMARK, 0)),
            is_proven=kept.reason == ACCEPTED,
            until_at=math.inf if kept.until_at is None else kept.until_at,
        )
    return Live(mark)
