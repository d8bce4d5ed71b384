"""Recommending, and looking for similar resources.

A request reads the member's own deeds of seconds ago and what may be shown, and ranks it with what
`serving` keeps of the guild; nothing about a member outlives it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bot import arms
from bot.clock import Clock
from bot.errors import UserError
from bot.links.service import LinksService, Shown, may_use
from bot.recommend import arrays, composing, rules, suiting
from bot.recommend.answers import Ranked as Ranked
from bot.recommend.answers import Recommendation as Recommendation
from bot.recommend.answers import Request as Request
from bot.recommend.answers import Suggestion as Suggestion
from bot.recommend.arrays import Past
from bot.recommend.composing import Asked, Composed
from bot.recommend.models import Models
from bot.recommend.naming import Naming
from bot.recommend.serving import Memory, Serving
from bot.search.service import SearchService
from recommender import calibration, ranking
from recommender.interactions import Interactions, Items
from recommender.popularity import among
from storage import access, candidates, catalog, deeds, impressions, members, policies, snapshots
from storage.connection import Connection
from storage.database import Database
from storage.records import Member, Policy, Resource, Surface, Why


@dataclass(frozen=True, slots=True)
class RecommendService:
    """Answers what a member should see next; `rewarded_weight` as in `rules.weight`."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    links: LinksService
    rewarded_weight: float = rules.REWARDED_WEIGHT
    words: SearchService = field(default_factory=SearchService)
    models: Models = field(init=False, repr=False)
    naming: Naming = field(init=False, repr=False)
    _memory: Memory = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Have its models, and remember what serves, by the same clock."""
        models = Models(
            database=self.database,
            clock=self.clock,
            rng=self.rng,
            rewarded_weight=self.rewarded_weight,
        )
        object.__setattr__(self, "models", models)
        object.__setattr__(self, "naming", Naming(self.database, self.clock, self.words))
        object.__setattr__(self, "_memory", Memory(self.clock, self.rewarded_weight))

    async def recommend(self, request: Request) -> Recommendation:
        """Choose resources for a member and log that they were shown; some are introduced."""
        async with self.database.read() as conn:
            ranked = await self.rank(conn, replace(request, introduces=True))
        shown = await self._show(
            request.guild_id,
            request.user_id,
            ranked.picks,
            "recommend",
            arm=ranked.arm,
            snapshot_id=ranked.snapshot_id,
            propensities=ranked.propensities,
            scores=ranked.scores,
            arms=ranked.arms,
        )
        return Recommendation(
            suggestions=shown,
            snapshot_id=ranked.snapshot_id,
            arm=ranked.arm,
            empty=ranked.empty,
            is_proven=ranked.is_proven,
            corrected=ranked.corrected,
        )

    async def rank(self, conn: Connection, request: Request) -> Ranked:
        """Choose resources for a member without showing them."""
        guild_id = request.guild_id
        serving = await self._memory.of(conn, guild_id)
        shelf, items = serving.shelf, serving.shelf.items
        is_open = shelf.open_to(request.user_id, request.role_ids)
        narrow, corrected = await self._narrow(conn, request, items)
        is_wanted = is_open & narrow
        if not is_wanted.any():
            return Ranked(
                picks=(),
                snapshot_id=None,
                arm="popular",
                empty="topic" if is_open.any() else "catalogue",
            )
        policy = await policies.of(conn, guild_id)
        is_held = arms.is_held(policy, request.user_id)
        place = serving, is_open, is_wanted
        asked = await self._asked(conn, request, *place, policy=policy, is_plain=is_held)
        composed, about = await self._composed(conn, asked, request)
        teams: tuple[int, ...] = ()
        fresh: dict[int, Resource] = {}
        if not is_held and self._mixes(policy, request):
            plain = await self._asked(conn, request, *place, policy=policy, is_plain=True)
            other, known = await self._composed(conn, plain, request)
            about |= known
            composed, teams = composing.interleaved(composed, other, request.limit, self.rng)
            shown, propensities = composed.ids, (1.0,) * len(composed.ids)
        else:
            shown, fresh, propensities = await self._introduced(
                conn, request, asked, composed, about, policy
            )
        picks = [
            ((about | fresh)[i], composed.reasons.get(i) or composing.why_new(asked, fresh.get(i)))
            for i in shown
        ]
        lifts, ids = calibration.lift(asked.total), asked.scores.ids
        scores = lifts[np.searchsorted(ids, shown)]
        also = ids[among(ids, np.array(list(request.also), np.int64))]
        worth = lifts[np.searchsorted(ids, also)]
        chances = await self._chances(conn, request, np.concatenate([scores, worth]))
        return Ranked(
            picks=tuple(picks),
            snapshot_id=serving.live.snapshot_id,
            arm="holdout" if is_held else "model" if composed.is_personal else "popular",
            arms=tuple(f"team:{team}" for team in teams),
            empty=None if picks else "seen",
            is_proven=serving.live.is_proven,
            propensities=propensities,
            corrected=corrected,
            scores=tuple(scores.tolist()),
            chances=chances[: len(shown)],
            others=tuple(zip(also.tolist(), worth.tolist(), chances[len(shown) :], strict=False)),
            topics=frozenset(
                part for topic in composing.wanted(asked) for part in shelf.tree.under(topic)
            ),
        )

    def _mixes(self, policy: Policy, request: Request) -> bool:
        """Say whether this list is interleaved with what is popular, to compare the two."""
        trial = policy.experiment
        if trial is None or trial.policy != "ranker" or not (request.introduces or request.judges):
            return False
        return bool(self.rng.random() < trial.share)

    async def _composed(
        self, conn: Connection, asked: Asked, request: Request
    ) -> tuple[Composed, dict[int, Resource]]:
        near = composing.near(asked, request.limit).tolist()
        about = await catalog.by_ids(conn, request.guild_id, [*near, *asked.history.items.tolist()])
        return composing.compose(asked, about, request.limit), about

    async def _chances(
        self, conn: Connection, request: Request, scores: NDArray[np.float64]
    ) -> tuple[float, ...]:
        """Return the chances of being opened in a digest, by what was learned; () if not asked."""
        if not request.judges:
            return ()
        learned = calibration.unpacked(await snapshots.calibration(conn, request.guild_id))
        since = self._now - rules.OWN_S
        n_shown, n_opened = await impressions.taken(conn, request.guild_id, request.user_id, since)
        return tuple(learned.chance(scores, n_shown, n_opened).tolist())

    async def _asked(
        self,
        conn: Connection,
        request: Request,
        serving: Serving,
        is_open: NDArray[np.bool_],
        is_wanted: NDArray[np.bool_],
        *,
        policy: Policy,
        is_plain: bool,
    ) -> Asked:
        """Gather what a list is composed from; a plain one knows nothing of what they did."""
        guild_id, now = request.guild_id, self._now
        shelf, model = serving.shelf, serving.live.model
        past = await self._past(conn, guild_id, request.user_id)
        history = Interactions.empty() if is_plain else past.lessons
        about = await members.member(conn, guild_id, request.user_id)
        told = () if is_plain else about.interests
        named = await self.naming.interests(conn, guild_id, told, shelf)
        carrying = [shelf.carrying(tag) for tag in named]
        fits = among(shelf.items.ids, np.concatenate(carrying) if carrying else np.empty(0, int))
        # All that is accessible is scored, so that a reason compares with all of it.
        scores = serving.pool.score(history, now=now, which=is_open, interesting=fits)
        since = now - rules.TIRED_S
        shown = await impressions.lately(conn, guild_id, request.user_id, since, rules.N_TIRED)
        answered_at = max((at for _, at, where in shown if where == "recommend"), default=since)
        is_read = suiting.readable(shelf, history, self._languages(request, about))[is_open]
        tired = suiting.tired(model, scores.ids, [(i, at) for i, at, _ in shown], now)
        owned = await access.owned(conn, guild_id, request.user_id, request.role_ids, now)
        known = [*request.without, *owned]
        met = np.append(past.seen, np.array(known, np.int64))
        is_left = (is_wanted & ~among(shelf.items.ids, met))[is_open]
        last = [i for i, at, where in shown if where == "recommend" and at == answered_at]
        if request.wants_others:
            are_others = is_left & ~among(scores.ids, np.array(last, np.int64))
            is_left = are_others if are_others.any() else is_left
        total = scores.total - np.where(is_read, 0.0, rules.LANGUAGE_COST)
        total += shelf.opinions[is_open] - tired
        asks_level = request.filters.level is not None
        is_within = asks_level | suiting.within(shelf, past, history)[is_open]
        order = serving.chains, serving.needs
        total, coming = suiting.in_order(*order, past, scores.ids, total, is_left)
        return Asked(
            model=model,
            shelf=shelf,
            past=past,
            history=history,
            scores=scores,
            total=total,
            coming=coming,
            is_left=is_left,
            is_read=is_read,
            is_within=is_within,
            now=now,
            named=named,
            followed=None if is_plain else past.newest_since(answered_at),
            diversity=arms.value_of(policy, "diversity", request.user_id, rules.DIVERSITY),
            last=tuple(last) if now - answered_at < rules.AGAIN_S else (),
            is_topic=bool((request.topic or "").strip()),
        )

    def _languages(self, request: Request, about: Member) -> list[str | None]:
        """Return the languages that a member is spoken to in, or asks in or for."""
        spoken = about.language or request.language
        if spoken is None:
            return []
        written = " ".join((request.topic or "", *about.interests))
        return [spoken, self.words.language_of(written), request.filters.language]

    async def _introduced(
        self,
        conn: Connection,
        request: Request,
        asked: Asked,
        composed: Composed,
        about: Mapping[int, Resource],
        policy: Policy,
    ) -> tuple[list[int], dict[int, Resource], tuple[float, ...]]:
        """Give the last place of some lists to a newcomer, and say which, and with which chance."""
        newcomers: list[int] = []
        fresh: dict[int, Resource] = {}
        if request.introduces:
            items = asked.shelf.items
            found = await self._newcomers(
                conn, request.guild_id, items.take(among(items.ids, asked.ids))
            )
            fresh = await catalog.by_ids(conn, request.guild_id, found)
            newcomers = composing.introducible(asked, list(fresh), composed.ids, {**about, **fresh})
        shown, propensities = ranking.introduce(
            np.array(composed.ids, np.int64),
            np.array(newcomers, np.int64),
            self.rng,
            share=arms.value_of(policy, "exploration", request.user_id, rules.NEWCOMER_SHARE),
        )
        return shown.tolist(), fresh, tuple(propensities.tolist())

    async def _narrow(
        self, conn: Connection, request: Request, items: Items
    ) -> tuple[NDArray[np.bool_], str | None]:
        """Say which resources were asked for, bool[n], and how a misspelt topic was understood."""
        is_wanted, corrected = np.ones(len(items), np.bool_), None
        if not request.filters.is_any:
            passing = await arrays.catalogue(conn, request.guild_id, filters=request.filters)
            is_wanted &= among(items.ids, passing.ids)
        if request.topic and request.topic.strip():
            matches = await self.words.find(conn, request.guild_id, request.topic)
            clear = matches.scores >= rules.TOPIC_SHARE * matches.scores.max(initial=0)
            is_wanted &= among(items.ids, matches.ids[clear])
            corrected = matches.corrected
        return is_wanted, corrected

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

        What the member dismissed or owns is left out; what they know is not, for they asked about
        this.

        Raises
        ------
        UserError
            There is no such resource, or not for this member.
        """
        async with self.database.read() as conn:
            about = await catalog.standing(conn, guild_id, resource_id)
            if about is None or about.state != "live" or not may_use(about, role_ids):
                raise UserError("error-recommend-unknown")
            serving = await self._memory.of(conn, guild_id)
            past = await self._past(conn, guild_id, user_id)
            is_open = serving.shelf.open_to(user_id, role_ids)
            owned = await access.owned(conn, guild_id, user_id, role_ids, self._now)
            without = np.append(past.dismissed, np.array([about.resource_id, *owned], np.int64))
            is_open &= ~among(serving.shelf.items.ids, without)
            items = serving.shelf.items.take(is_open)
            alike = await candidates.sharing_tags(
                conn, guild_id, about.tags, 2 * rules.N_DIVERSE, self._now
            )
            cosines = ranking.similar(serving.live.model, about.resource_id, items)
            nearest = ranking.nearest(
                items.ids, cosines, np.array(alike, np.int64), limit, bonus=rules.TAGS_BONUS
            ).tolist()
            found = await catalog.by_ids(conn, guild_id, nearest)
            saved = [i for i in nearest if await deeds.is_saved(conn, guild_id, user_id, i)]
        arm = "model" if (cosines > 0).any() else "tags"
        picks: list[tuple[Resource, Why | None]] = [(found[i], None) for i in nearest]
        shown = await self._show(
            guild_id,
            user_id,
            picks,
            "similar",
            arm=arm,
            snapshot_id=serving.live.snapshot_id,
            saved=saved,
        )
        return about, Recommendation(
            suggestions=shown,
            snapshot_id=serving.live.snapshot_id,
            arm=arm,
            empty=None if nearest else "seen",
        )

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _past(self, conn: Connection, guild_id: int, user_id: int) -> Past:
        columns = await deeds.columns(conn, guild_id, user_id)
        return arrays.past(user_id, columns, self.rewarded_weight)

    async def _newcomers(self, conn: Connection, guild_id: int, items: Items) -> list[int]:
        """Return the newest of these resources that hardly anybody was shown yet."""
        fresh = items.take(items.published >= self._now - rules.NEWCOMER_S)
        newest = fresh.ids[np.lexsort((fresh.ids, -fresh.published))][: rules.N_NEWCOMERS]
        if not len(newest):
            return []
        below = rules.NEWCOMER_SHOWN_MAX
        return await impressions.hardly_shown(conn, guild_id, newest.tolist(), below)

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
        propensities: Sequence[float] | None = None,
        scores: Sequence[float] | None = None,
        arms: Sequence[str] | None = None,
    ) -> tuple[Suggestion, ...]:
        resources = [resource for resource, _ in picks]

        async def job(conn: Connection) -> list[Shown]:
            return await self.links.show(
                conn,
                guild_id,
                user_id,
                resources,
                surface,
                arm=arm,
                snapshot_id=snapshot_id,
                propensities=propensities,
                scores=scores,
                arms=arms,
            )

        if not resources:
            return ()
        shown = await self.database.write(job)
        return tuple(
            Suggestion(
                resource=s.resource,
                impression_id=s.impression_id,
                url=s.url,
                why=why,
                is_saved=s.resource.resource_id in saved,
            )
            for s, (_, why) in zip(shown, picks, strict=True)
        )
