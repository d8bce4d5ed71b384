"""Measures lists as a person meets them: whether five cards cover what they came for, and stay new.

    OPENBLAS_NUM_THREADS=1 python benchmarks/lists.py [--seeds 3]

The demo's catalogue and its invented community, with a refit of the bot's own; every answer is
`RecommendService.recommend`'s, its impressions and the acts that follow it stored.

Newcomers name three tags of different fields, ask, open one card, ask twice, open a second, ask,
save it, ask. Residents name two or three and come for twenty sessions, one to three days apart: of
what carries a planted tag they open up to two cards a session, and save some. The held-out choices
are what members of the community opened in its last five days, which neither model nor history
knows: each member's are looked for in a list of ten.

covered         share of the named tags that some card of the five carries
repeated        share of cards that the answer before showed and nobody opened
reasons         different reasons, as they read, among five cards
above           cards more than one level above the mean level, rounded, of what the member opened
KL              of named tags from the tags of the cards (Steck, RecSys 2018; alpha .01)
likeness        mean Jaccard of the tags of two cards
follows         answers after an act in which one or two cards rest on it
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path

import numpy as np

from bot.catalog.importer import import_catalog
from bot.demo import community
from bot.links.service import LinksService
from bot.recommend.rules import LEVELS
from bot.recommend.service import Recommendation, RecommendService, Request, Suggestion
from storage import catalog, events, members
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Event, EventKind, Resource, Why

GUILD, FIRST_MEMBER, FIRST_NEWCOMER = 1, 1_000, 100_000
DAY_S = 86_400.0
HELD_OUT_S = 5 * DAY_S
FIELDS = (
    ("python", "testing"),
    ("machine-learning", "statistics"),
    ("computer-vision", "deep-learning"),
    ("llm", "nlp"),
    ("javascript", "css", "react"),
    ("databases", "sql"),
    ("kubernetes", "docker", "linux"),
    ("rust", "go", "compilers"),
    ("data-analysis", "pandas", "visualization"),
    ("algorithms", "system-design", "distributed-systems"),
    ("security", "networking"),
    ("git", "career"),
)
N_SESSIONS = 20
Figures = dict[str, list[float]]


class Hands:
    """A clock that only moves when it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


@dataclass
class World:
    """A guild with its service, its clock and where figures are gathered by moment."""

    database: Database
    service: RecommendService
    clock: Hands
    rng: np.random.Generator
    figures: dict[str, Figures] = field(default_factory=lambda: defaultdict(dict))

    def note(self, moment: str, **values: float) -> None:
        """Keep figures of one answer."""
        for name, value in values.items():
            self.figures[moment].setdefault(name, []).append(value)


@dataclass
class Visitor:
    """A member who came for some tags, and what they did so far."""

    user_id: int
    tags: tuple[str, ...]
    language: str
    levels: list[int] = field(default_factory=list)
    before: set[int] = field(default_factory=set)
    acted_on: str | None = None


async def settle(database: Database, clock: Hands, seed: int) -> tuple[World, list[Event]]:
    """Fill a guild with the demo's community, refit, and return what it did in the last days."""
    rng = np.random.default_rng(seed)
    links = LinksService(database, clock, None)
    service = RecommendService(
        database=database, clock=clock, rng=np.random.default_rng(seed), links=links
    )
    with as_file(files("bot.demo") / "catalog.csv") as path:
        await import_catalog(database, clock, path, guild_id=GUILD, strict=True)
    async with database.read() as conn:
        resources = await catalog.live(conn, GUILD)
    crowd = [(FIRST_MEMBER + n, one) for n, one in enumerate(community.people(rng))]
    now = clock().timestamp()
    history = community.interactions(rng, GUILD, crowd, resources, now)
    known = [event for event in history if event.occurred_at < now - HELD_OUT_S]

    async def job(conn: Connection) -> None:
        for user_id, person in crowd:
            language = "zh-CN" if person.languages[0] == "zh" else "en"
            await members.change_member(
                conn, GUILD, user_id, now, consent="granted", language=language
            )
        await events.insert_many(conn, known, now)

    await database.write(job)
    outcome = await service.models.refit(GUILD, seed=seed)
    print(f"seed {seed}: {len(known)} events, refit {outcome.state} ({outcome.reason})")
    return World(database=database, service=service, clock=clock, rng=rng), history[len(known) :]


async def enter(world: World, number: int, n_tags: int) -> Visitor:
    """Let somebody come who names tags of different fields."""
    chosen = world.rng.choice(len(FIELDS), n_tags, replace=False)
    tags = tuple(str(world.rng.choice(FIELDS[at])) for at in chosen)
    visitor = Visitor(FIRST_NEWCOMER + number, tags, "zh-CN" if number % 2 else "en")

    async def job(conn: Connection) -> None:
        await members.change_member(
            conn,
            GUILD,
            visitor.user_id,
            world.clock().timestamp(),
            consent="granted",
            interests=visitor.tags,
            language=visitor.language,
        )

    await world.database.write(job)
    return visitor


async def ask(world: World, visitor: Visitor, moment: str) -> Recommendation:
    """Ask for five cards and note what they are like."""
    request = Request(guild_id=GUILD, user_id=visitor.user_id, language=visitor.language)
    answer = await world.service.recommend(request)
    cards = answer.suggestions
    shown = [one.resource for one in cards]
    carried = {tag for one in shown for tag in one.tags}
    unopened = [one.resource_id in visitor.before for one in shown]
    world.note(
        moment,
        covered=float(np.mean([tag in carried for tag in visitor.tags])),
        repeated=float(np.mean(unopened)) if visitor.before else np.nan,
        reasons=len({_said(one.why) for one in cards} - {None}),
        above=sum(_steps(one, visitor) > 1 for one in shown),
        KL=divergence(visitor.tags, shown),
        likeness=likeness(shown),
    )
    if visitor.acted_on is not None:
        n_resting = sum(one.why is not None and one.why.title == visitor.acted_on for one in cards)
        world.note(moment, follows=float(1 <= n_resting <= 2))
        visitor.acted_on = None
    visitor.before = {one.resource_id for one in shown}
    world.clock.now += timedelta(minutes=2)
    return answer


def _said(why: Why | None) -> object:
    """Return what tells one reason from another."""
    return None if why is None else (why.kind, why.title, why.event)


def _steps(one: Resource, visitor: Visitor) -> float:
    """Return by how many levels a card is above the member's; newcomers are at the first."""
    if one.level is None:
        return 0.0
    own = round(float(np.mean(visitor.levels))) if visitor.levels else 0
    return LEVELS.index(one.level) - own


def divergence(tags: Sequence[str], shown: Sequence[Resource], alpha: float = 0.01) -> float:
    """Return KL(p || q) in nats: p even over the named tags, q how the cards share them."""
    q = dict.fromkeys(tags, 0.0)
    for one in shown:
        for tag in set(one.tags) & set(q):
            q[tag] += 1 / len(one.tags) / len(shown)
    p = 1 / len(tags)
    return float(sum(p * np.log(p / ((1 - alpha) * q[tag] + alpha * p)) for tag in tags))


def likeness(shown: Sequence[Resource]) -> float:
    pairs = [(set(a.tags), set(b.tags)) for a, b in combinations(shown, 2)]
    return float(np.mean([len(a & b) / max(1, len(a | b)) for a, b in pairs])) if pairs else 0.0


async def act(world: World, visitor: Visitor, one: Resource, kind: EventKind) -> None:
    """Let a visitor do something to a resource."""
    now = world.clock().timestamp()
    deed = Event(
        guild_id=GUILD,
        source_id=int(world.rng.integers(1, 2**62)),
        kind=kind,
        user_id=visitor.user_id,
        occurred_at=now,
        resource_id=one.resource_id,
    )

    async def job(conn: Connection) -> None:
        await events.append(conn, deed, now)

    await world.database.write(job)
    visitor.before.discard(one.resource_id)
    visitor.acted_on = one.title
    if kind is EventKind.OPEN and one.level is not None:
        visitor.levels.append(LEVELS.index(one.level))
    world.clock.now += timedelta(minutes=3)


def wanted(visitor: Visitor, cards: Sequence[Suggestion]) -> list[Resource]:
    """Return the cards that carry what the visitor came for."""
    return [one.resource for one in cards if set(one.resource.tags) & set(visitor.tags)]


async def newcomer(world: World, number: int) -> None:
    """Come, name three interests, and do what a person does in the first ten minutes."""
    visitor = await enter(world, number, 3)
    answer = await ask(world, visitor, "before any act")
    for moment in ("after one open", "after two opens"):
        fits = wanted(visitor, answer.suggestions) or [answer.suggestions[0].resource]
        await act(world, visitor, fits[0], EventKind.OPEN)
        answer = await ask(world, visitor, moment)
        if moment == "after one open":
            answer = await ask(world, visitor, "asked again")
    await act(world, visitor, fits[0], EventKind.SAVE)
    await ask(world, visitor, "after a save")


async def resident(world: World, number: int) -> None:
    """Come back for twenty sessions."""
    visitor = await enter(world, number, int(world.rng.integers(2, 4)))
    for session in range(N_SESSIONS):
        answer = await ask(world, visitor, "sessions 1-5" if session < 5 else "sessions 6-20")
        fits = [one for one in wanted(visitor, answer.suggestions) if world.rng.random() < 0.5]
        for one in fits[:2]:
            await act(world, visitor, one, EventKind.OPEN)
            if world.rng.random() < 0.3:
                await act(world, visitor, one, EventKind.SAVE)
        world.clock.now += timedelta(days=int(world.rng.integers(1, 4)))


async def held_out(world: World, later: Sequence[Event]) -> None:
    """Look for what members of the community opened later in lists of ten."""
    opened: dict[int, set[int]] = defaultdict(set)
    for event in later:
        if event.kind is EventKind.OPEN and event.resource_id is not None:
            opened[event.user_id].add(event.resource_id)
    async with world.database.read() as conn:
        for user_id, right in sorted(opened.items()):
            request = Request(guild_id=GUILD, user_id=user_id, limit=10)
            ranked = await world.service.rank(conn, request)
            gains = 1 / np.log2(np.arange(2, 12))
            hits = [resource.resource_id in right for resource, _ in ranked.picks]
            ideal = gains[: len(right)].sum()
            world.note("held-out choices", ndcg=float(gains[: len(hits)] @ hits) / ideal)


async def measure(seed: int, n_newcomers: int, n_residents: int) -> dict[str, Figures]:
    clock = Hands()
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "lyceum.sqlite3") as database:
            world, later = await settle(database, clock, seed)
            await held_out(world, later)
            start = clock.now
            for number in range(n_newcomers):
                clock.now = start + timedelta(minutes=1)
                await newcomer(world, number)
            for number in range(n_residents):
                clock.now = start + timedelta(minutes=1)
                await resident(world, n_newcomers + number)
            return world.figures


def report(found: Sequence[dict[str, Figures]]) -> str:
    """Return a row for each moment: means, the half width of 90 % intervals behind ±."""
    lines = []
    for moment in dict.fromkeys(name for one in found for name in one):
        cells = []
        for name in dict.fromkeys(name for one in found for name in one[moment]):
            values = np.array([v for one in found for v in one[moment].get(name, [])], float)
            values = values[np.isfinite(values)]
            if len(values):
                half = 1.645 * values.std() / np.sqrt(len(values))
                cells.append(f"{name} {values.mean():.3f} ±{half:.3f}")
        lines.append(f"{moment:18}" + "  ".join(cells))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--newcomers", type=int, default=40)
    parser.add_argument("--residents", type=int, default=10)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    found = [asyncio.run(measure(seed, options.newcomers, options.residents)) for seed in seeds]
    print(report(found))


if __name__ == "__main__":
    main()
