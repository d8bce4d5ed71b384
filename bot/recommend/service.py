"""Recommending, looking for similar resources, saving and dismissing, and refitting.

A request reads the member's own deeds of seconds ago, the events since the live snapshot, and
what may be shown; nothing about a member outlives it. The only thing kept in memory is the live
model of each guild, checked against the database at every request, so a refit in another process
serves the next one.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import UserError
from bot.links.service import LinksService, Shown
from bot.recommend import refit as refitting
from bot.recommend import rules
from bot.recommend.refit import RefitOutcome, run_refit
from recommender import ranking
from recommender.interactions import Interactions, Items
from recommender.model import Model
from recommender.ranking import Explanation, Scores
from storage import candidates, catalog, events, impressions, members, snapshots, training
from storage.database import Database
from storage.records import (
    Deed,
    Event,
    EventKind,
    Impression,
    Resource,
    Snapshot,
    Surface,
    Why,
)

log = logging.getLogger(__name__)

PAGE_SIZE = 5
N_ATTEMPTS = 5
UNLOGGED = 10**18
"""Added to a resource's id where an impression's would stand, for members who are not tracked."""

Empty = Literal["catalogue", "topic", "seen"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer before it is shown.

    ``picks`` are resources, best first, with the reason (None where none would be true); ``arm``
    is ``model`` or ``popular``; ``empty`` says why there are no picks.
    """

    picks: tuple[tuple[Resource, Why | None], ...]
    snapshot_id: int | None
    arm: str
    empty: Empty | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One resource shown to one member, ready for its card."""

    resource: Resource
    impression_id: int
    url: str | None
    why: Why | None
    is_saved: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a member is shown; see `Ranked`."""

    suggestions: tuple[Suggestion, ...]
    snapshot_id: int | None
    arm: str
    empty: Empty | None = None


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page of what a member saved; pages count from 1."""

    suggestions: tuple[Suggestion, ...]
    page: int
    n_pages: int
    n_saved: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of a card: its guild and resource, and whether that is saved now."""

    guild_id: int
    resource: Resource
    is_saved: bool


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What serves a guild, and how the last attempts went, newest first."""

    live: Snapshot | None
    attempts: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True)
class _Serving:
    """A guild's live snapshot in memory; no model where there is none or it is damaged."""

    snapshot_id: int | None = None
    model: Model | None = None
    event_watermark: int = 0


@dataclass(frozen=True, slots=True)
class RecommendService:
    """Answers what a member should see next."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    links: LinksService
    _serving: dict[int, _Serving] = field(default_factory=dict, init=False, repr=False)

    async def recommend(
        self,
        guild_id: int,
        user_id: int,
        *,
        role_ids: Collection[int] = (),
        topic: str | None = None,
        kind: str | None = None,
        limit: int = 5,
    ) -> Recommendation:
        """Choose resources for a member and log that they were shown.

        Parameters
        ----------
        role_ids
            Roles the member has; what needs another is left out.
        topic, kind
            Narrow the choice to resources in which every word of `topic` occurs, and to a kind.
        limit
            At most so many.
        """
        async with self.database.read() as conn:
            ranked = await self.rank(
                conn, guild_id, user_id, role_ids=role_ids, topic=topic, kind=kind, limit=limit
            )
        shown = await self._show(
            guild_id,
            user_id,
            ranked.picks,
            "recommend",
            arm=ranked.arm,
            snapshot_id=ranked.snapshot_id,
        )
        return Recommendation(shown, ranked.snapshot_id, ranked.arm, ranked.empty)

    async def rank(
        self,
        conn: AsyncConnection,
        guild_id: int,
        user_id: int,
        *,
        role_ids: Collection[int] = (),
        topic: str | None = None,
        kind: str | None = None,
        limit: int,
    ) -> Ranked:
        """Choose resources for a member without showing them; see `recommend`."""
        words = rules.topic_words(topic)
        items = await refitting.catalogue(conn, guild_id, user_id=user_id, role_ids=role_ids)
        narrow = items
        if words or kind:
            narrow = await refitting.catalogue(
                conn, guild_id, user_id=user_id, role_ids=role_ids, words=words, kind=kind
            )
        if not len(narrow):
            return Ranked((), None, "popular", "topic" if len(items) else "catalogue")
        deeds = await training.deeds(conn, guild_id, user_id)
        serving = await self._model(conn, guild_id)
        history = refitting.history(user_id, deeds)
        # All that is accessible is scored, so that a reason compares with all of it.
        scores = await self._scores(conn, guild_id, serving, history, items)
        is_out = ~np.isin(items.ids, narrow.ids) | np.isin(items.ids, list(rules.seen(deeds)))
        best = ranking.top(scores, max(limit, rules.N_SPREAD), items.ids[is_out]).tolist()
        chosen = await self._spread(conn, guild_id, best, limit)
        explanations = [
            ranking.explain(serving.model, history, scores, resource.resource_id)
            for resource in chosen
        ]
        whys = await self._whys(conn, guild_id, deeds, chosen, explanations, is_topic=bool(words))
        is_personal = any(explanation.because for explanation in explanations)
        return Ranked(
            tuple(zip(chosen, whys, strict=True)),
            serving.snapshot_id,
            "model" if is_personal else "popular",
            None if chosen else "seen",
        )

    async def similar(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        *,
        role_ids: Collection[int] = (),
        limit: int = 5,
    ) -> tuple[Resource, Recommendation]:
        """Find resources that the same members want, then such as share its tags.

        What the member dismissed is left out; what they know is not, for they asked about this.

        Raises
        ------
        UserError
            There is no such resource, or not for this member.
        """
        async with self.database.read() as conn:
            about = await catalog.resource(conn, guild_id, resource_id)
            is_open = about is not None and (about.role_id is None or about.role_id in role_ids)
            if about is None or about.state != "live" or not is_open:
                raise UserError("error-recommend-unknown")
            items = await refitting.catalogue(conn, guild_id, user_id=user_id, role_ids=role_ids)
            deeds = await training.deeds(conn, guild_id, user_id)
            unwanted = [*rules.dismissed(deeds), resource_id]
            items = items.take(~np.isin(items.ids, unwanted))
            serving = await self._model(conn, guild_id)
            alike = await candidates.sharing_tags(conn, guild_id, about.tags, 2 * rules.N_SPREAD)
            cosines = ranking.similar(serving.model, resource_id, items)
            ids = _nearest(items.ids, cosines, alike, limit)
            found = await catalog.by_ids(conn, guild_id, ids)
        arm = "model" if (cosines > 0).any() else "tags"
        picks: list[tuple[Resource, Why | None]] = [(found[i], None) for i in ids]
        shown = await self._show(
            guild_id,
            user_id,
            picks,
            "similar",
            arm=arm,
            snapshot_id=serving.snapshot_id,
            saved=rules.saved(deeds),
        )
        return about, Recommendation(shown, serving.snapshot_id, arm, None if ids else "seen")

    async def saved(self, guild_id: int, user_id: int, page: int = 1) -> SavedPage:
        """Return a page of what the member saved, the last save first.

        A page beyond the last is taken as the last.
        """
        async with self.database.read() as conn:
            ids = rules.saved(await training.deeds(conn, guild_id, user_id))
            known = await catalog.by_ids(conn, guild_id, ids)
        kept = [known[i] for i in ids if i in known and known[i].state == "live"]
        n_pages = max(1, -(-len(kept) // PAGE_SIZE))
        page = min(max(1, page), n_pages)
        picks: list[tuple[Resource, Why | None]] = [
            (resource, None) for resource in kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        ]
        # Not a recommendation: the surface of what a member looked up themself.
        shown = await self._show(guild_id, user_id, picks, "search", arm="saved", saved=ids)
        return SavedPage(shown, page, n_pages, len(kept))

    async def toggle_save(
        self, user_id: int, impression_id: int, source_id: int, guild_id: int | None
    ) -> Choice:
        """Save or unsave what a member was shown.

        Parameters
        ----------
        source_id
            Of the interaction that asked for it.
        guild_id
            Where it was pressed; None in a direct message.

        Raises
        ------
        UserError
            The member is not tracked, or it was shown to somebody else.
        """

        async def job(conn: AsyncConnection) -> Choice:
            shown, resource = await self._shown(conn, impression_id, user_id, guild_id)
            is_saved = await _toggle(conn, shown.guild_id, user_id, resource, source_id, self._now)
            return Choice(shown.guild_id, resource, is_saved)

        return await self.database.write(job)

    async def toggle_shared(
        self, guild_id: int, user_id: int, resource_id: int, source_id: int
    ) -> Choice:
        """Save or unsave the resource of a card posted in a channel; see `toggle_save`."""

        async def job(conn: AsyncConnection) -> Choice:
            await _require_tracked(conn, guild_id, user_id)
            resource = await catalog.resource(conn, guild_id, resource_id)
            if resource is None or resource.state != "live":
                raise UserError("error-recommend-gone")
            is_saved = await _toggle(conn, guild_id, user_id, resource, source_id, self._now)
            return Choice(guild_id, resource, is_saved)

        return await self.database.write(job)

    async def dismiss(
        self,
        user_id: int,
        impression_id: int,
        source_id: int,
        guild_id: int | None,
        *,
        is_undo: bool = False,
    ) -> Choice:
        """Log that a member does not want what they were shown, or that they do after all.

        Raises
        ------
        UserError
            The member is not tracked, or it was shown to somebody else.
        """
        kind = EventKind.UNDISMISS if is_undo else EventKind.DISMISS

        async def job(conn: AsyncConnection) -> Choice:
            shown, resource = await self._shown(conn, impression_id, user_id, guild_id)
            key = (shown.guild_id, user_id, resource.resource_id)
            await _log(conn, kind, *key, source_id, self._now)
            return Choice(shown.guild_id, resource, await training.is_saved(conn, *key))

        return await self.database.write(job)

    async def topics(self, guild_id: int, words: str) -> list[str]:
        """Return tags that contain `words`, the most used first."""
        async with self.database.read() as conn:
            return await candidates.tags(conn, guild_id, words.strip())

    async def titled(self, guild_id: int, words: str, role_ids: Collection[int]) -> list[Resource]:
        """Return up to 25 resources the member may use in which `words` occur."""
        async with self.database.read() as conn:
            return await catalog.search(conn, guild_id, words, limit=25, role_ids=role_ids)

    async def status(self, guild_id: int) -> ModelStatus:
        """Return what serves and how the last refits went."""
        async with self.database.read() as conn:
            live = await snapshots.listed_live(conn, guild_id)
            attempts = await snapshots.newest(conn, guild_id, N_ATTEMPTS)
        return ModelStatus(live, tuple(attempts))

    async def refit(self, guild_id: int, *, seed: int | None = None) -> RefitOutcome:
        """Refit a guild's model in a process of its own; the better model serves afterwards.

        Parameters
        ----------
        seed
            None draws one.

        Raises
        ------
        UserError
            Another refit of this guild is running.
        """
        now = self._now
        drawn = int(self.rng.integers(2**31)) if seed is None else seed
        outcome = await run_refit(self.database.path, guild_id, now=now, seed=drawn)
        if outcome.state == "busy":
            raise UserError("error-recommend-refit-running")
        if outcome.snapshot_id is None:
            died = Snapshot(guild_id, "failed", outcome.reason, {}, as_of_at=now, created_at=now)
            await self.database.write(lambda conn: snapshots.store(conn, died))
        log.info("refit of guild %d: %s (%s)", guild_id, outcome.state, outcome.reason)
        return outcome

    async def refit_due(self, now: datetime, every_hours: int) -> None:
        """Refit, one after the other, every guild whose last attempt is `every_hours` old.

        Guilds where nothing happened since are left alone.
        """
        before = (now - timedelta(hours=every_hours)).timestamp()
        async with self.database.read() as conn:
            due = await training.guilds_due(conn, before)
        for guild_id in due:
            try:
                await self.refit(guild_id)
            except UserError:
                log.info("refit of guild %d: one is running already", guild_id)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _model(self, conn: AsyncConnection, guild_id: int) -> _Serving:
        """Return the live model, read again only when another snapshot went live."""
        live_id = await snapshots.live_id(conn, guild_id)
        known = self._serving.get(guild_id)
        if known is None or known.snapshot_id != live_id:
            known = await _read_live(conn, guild_id)
            self._serving[guild_id] = known
        return known

    async def _scores(
        self,
        conn: AsyncConnection,
        guild_id: int,
        serving: _Serving,
        history: Interactions,
        items: Items,
    ) -> Scores:
        now = self._now
        since = now - rules.FRESH_S
        recent = await training.fresh(conn, guild_id, serving.event_watermark, since)
        fresh = refitting.interactions(recent)
        return ranking.score(serving.model, history, fresh, items, now=now)

    async def _spread(
        self, conn: AsyncConnection, guild_id: int, best: Sequence[int], limit: int
    ) -> list[Resource]:
        known = await catalog.by_ids(conn, guild_id, best)
        ranked = [(i, known[i].creator) for i in best if i in known]
        return [known[i] for i in rules.spread(ranked, limit)]

    async def _whys(
        self,
        conn: AsyncConnection,
        guild_id: int,
        deeds: Sequence[Deed],
        chosen: Sequence[Resource],
        explanations: Sequence[Explanation],
        *,
        is_topic: bool,
    ) -> list[Why | None]:
        supports = {e.because[0][0] for e in explanations if e.because}
        known = await catalog.by_ids(conn, guild_id, supports)
        whys = []
        for resource, explanation in zip(chosen, explanations, strict=True):
            support = known.get(explanation.because[0][0]) if explanation.because else None
            deed = rules.strongest(deeds, support.resource_id) if support else None
            whys.append(
                rules.why(
                    explanation.lifts,
                    (support.title, deed) if support and deed else None,
                    age_s=self._now - resource.published_at,
                    is_topic=is_topic,
                )
            )
        return whys

    async def _show(
        self,
        guild_id: int,
        user_id: int,
        picks: Sequence[tuple[Resource, Why | None]],
        surface: Surface,
        *,
        arm: str,
        snapshot_id: int | None = None,
        saved: Collection[int] = (),
    ) -> tuple[Suggestion, ...]:
        resources = [resource for resource, _ in picks]

        async def job(conn: AsyncConnection) -> list[Shown]:
            if await members.untracked(conn, guild_id, {user_id}):
                return [Shown(r, UNLOGGED + r.resource_id, r.url) for r in resources]
            return await self.links.show(
                conn, guild_id, user_id, resources, surface, arm=arm, snapshot_id=snapshot_id
            )

        if not resources:
            return ()
        shown = await self.database.write(job)
        return tuple(
            Suggestion(s.resource, s.impression_id, s.url, why, s.resource.resource_id in saved)
            for s, (_, why) in zip(shown, picks, strict=True)
        )

    async def _shown(
        self, conn: AsyncConnection, impression_id: int, user_id: int, guild_id: int | None
    ) -> tuple[Impression, Resource]:
        if guild_id is not None:
            await _require_tracked(conn, guild_id, user_id)
        shown = await impressions.impression(conn, impression_id)
        if shown is None or shown.user_id != user_id:
            raise UserError("error-recommend-not-yours")
        await _require_tracked(conn, shown.guild_id, user_id)
        resource = await catalog.resource(conn, shown.guild_id, shown.resource_id)
        if resource is None:
            raise UserError("error-recommend-gone")
        return shown, resource


def _nearest(
    ids: NDArray[np.int64], cosines: NDArray[np.float64], alike: Sequence[int], limit: int
) -> list[int]:
    """Order by cosine plus a bonus for shared tags, which decides where no model knows."""
    bonus = {i: rules.TAGS_BONUS * (1 - n / len(alike)) for n, i in enumerate(alike)}
    total = cosines + np.array([bonus.get(i, 0.0) for i in ids.tolist()])
    order = np.lexsort((ids, -total))[:limit]
    nearest: list[int] = ids[order[total[order] > 0]].tolist()
    return nearest


async def _read_live(conn: AsyncConnection, guild_id: int) -> _Serving:
    live = await snapshots.live(conn, guild_id)
    if live is None:
        return _Serving()
    try:
        model = refitting.unpack(live.arrays or b"")
    except ValueError as error:
        log.error("snapshot %d serves popularity instead: %s", live.snapshot_id, error)
        return _Serving(live.snapshot_id)
    watermark = int(live.metrics.get(refitting.WATERMARK, 0))
    return _Serving(live.snapshot_id, model, watermark)


async def _require_tracked(conn: AsyncConnection, guild_id: int, user_id: int) -> None:
    if await members.untracked(conn, guild_id, {user_id}):
        raise UserError("error-recommend-untracked")


async def _toggle(
    conn: AsyncConnection,
    guild_id: int,
    user_id: int,
    resource: Resource,
    source_id: int,
    now: float,
) -> bool:
    key = (guild_id, user_id, resource.resource_id)
    was_saved = await training.is_saved(conn, *key)
    await _log(conn, EventKind.UNSAVE if was_saved else EventKind.SAVE, *key, source_id, now)
    return not was_saved


async def _log(
    conn: AsyncConnection,
    kind: EventKind,
    guild_id: int,
    user_id: int,
    resource_id: int,
    source_id: int,
    now: float,
) -> None:
    event = Event(guild_id, source_id, kind, user_id, now, resource_id=resource_id)
    await events.append(conn, event, now)
