"""Lists of members as a guild has them, on the demo's catalogue: would somebody have picked these?

Each came for something else; what is asked of all lists alike is measured, for lists may change.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from bot.catalog.importer import import_catalog
from bot.demo import community
from bot.links.service import LinksService
from bot.recommend import rules
from bot.recommend.service import RecommendService, Request, Suggestion
from storage import catalog, events, members
from storage.connection import Connection
from storage.database import open_database
from storage.records import Event, EventKind

GUILD, FIRST = 1, 500_000
OPEN, SAVE, DONE, DISMISS = EventKind.OPEN, EventKind.SAVE, EventKind.DONE, EventKind.DISMISS
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Came:
    """Somebody: the language they are spoken to in, what they name, and what they did so far.

    ``topics`` are the tags that they mean, where those are other words.
    """

    language: str
    interests: tuple[str, ...] = ()
    did: tuple[tuple[str, EventKind], ...] = ()
    reads: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


MEMBERS = {
    "a front-end beginner": Came("en", ("javascript", "css", "react")),
    "who runs servers": Came("zh-CN", ("kubernetes", "docker", "linux")),
    "who writes compilers": Came("en", ("rust", "go", "compilers")),
    "an analyst after one open": Came(
        "en", ("pandas", "sql", "visualization"), (("Python for Data Analysis, 3E", OPEN),)
    ),
    "who saved a course on models": Came("zh-CN", ("llm", "rag"), (("LLM-Action", SAVE),)),
    "nobody yet": Came("en"),
    "nobody yet, in Chinese": Came("zh-CN"),
    "who reads papers": Came(
        "en",
        (),
        (
            ("Attention Is All You Need", SAVE),
            ("LoRA: Low-Rank Adaptation of Large Language Models", SAVE),
            ("Denoising Diffusion Probabilistic Models", OPEN),
        ),
    ),
    "who guards networks": Came("en", ("security", "networking")),
    "who looks for work": Came("zh-CN", ("git", "career")),
    "who reads both languages": Came(
        language="zh-CN",
        interests=("recommender-systems",),
        did=(
            ("Matrix Factorization Techniques for Recommender Systems", SAVE),
            ("工业界的推荐系统", OPEN),
        ),
        reads=("en", "zh"),
    ),
    "who says c++": Came("en", ("c++", "algorithms"), topics=("cpp", "algorithms")),
    "who forecasts": Came(
        "en",
        ("time-series", "statistics"),
        (("Forecasting: Principles and Practice (3rd ed)", DONE),),
    ),
    "who uses Vue": Came("zh-CN", ("vue", "typescript", "frontend")),
    "who finished a book on indexes": Came(
        "en", ("databases", "postgresql"), (("Use The Index, Luke", DONE),)
    ),
    "who learns Python": Came("zh-CN", ("python",), (("Python 教程", OPEN),)),
    "who builds clusters": Came(
        "en",
        ("distributed-systems", "databases", "go"),
        (("Designing Data-Intensive Applications", DONE),),
    ),
    "who types as they speak": Came(
        "en",
        ("machine learning", "LLMs", "Rust lang"),
        topics=("machine-learning", "llm", "rust"),
    ),
    "who types in Chinese": Came(
        "zh-CN", ("大模型", "前端", "数据库"), topics=("llm", "frontend", "databases")
    ),
    "who dismissed something": Came(
        "en",
        ("reinforcement-learning", "math"),
        (("Playing Atari with Deep Reinforcement Learning", DISMISS),),
    ),
}


@dataclass
class Guild:
    """The demo's catalogue with a small community of its own, and a clock that is moved by hand."""

    service: RecommendService
    ids: dict[str, int]
    now: datetime
    lists: dict[str, list[tuple[Suggestion, ...]]] = field(default_factory=dict)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def guild(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guild]:
    rng, hold = np.random.default_rng(3), {"now": datetime(2026, 5, 4, 9, tzinfo=UTC)}
    path: Path = tmp_path_factory.mktemp("members") / "lyceum.sqlite3"
    async with open_database(path) as database:
        links = LinksService(database, lambda: hold["now"], None)
        service = RecommendService(
            database=database, clock=lambda: hold["now"], rng=rng, links=links
        )
        with as_file(files("bot.demo") / "catalog.csv") as file:
            await import_catalog(database, service.clock, file, guild_id=GUILD, strict=True)
        async with database.read() as conn:
            resources = await catalog.live(conn, GUILD)
        now = hold["now"].timestamp()
        crowd = [(1_000 + n, one) for n, one in enumerate(community.people(rng, 60))]
        past = community.interactions(rng, GUILD, crowd, resources, now)

        async def job(conn: Connection) -> None:
            for user_id, _ in crowd:
                await members.change_member(conn, GUILD, user_id, now, consent="granted")
            await events.insert_many(conn, past, now)

        await database.write(job)
        await service.models.refit(GUILD, seed=1)
        made = Guild(service, {one.title: one.resource_id for one in resources}, hold["now"])
        for number, (name, one) in enumerate(MEMBERS.items()):
            await enter(made, FIRST + number, one)
            request = Request(guild_id=GUILD, user_id=FIRST + number, language=one.language)
            made.lists[name] = []
            for _ in range(2):
                made.lists[name].append((await service.recommend(request)).suggestions)
                hold["now"] += timedelta(minutes=2)
        yield made


async def enter(guild: Guild, user_id: int, one: Came) -> None:
    now = guild.service.clock().timestamp()
    done = [
        Event(
            guild_id=GUILD,
            source_id=user_id * 100 + at,
            kind=kind,
            user_id=user_id,
            occurred_at=now - 600 + at,
            resource_id=guild.ids[title],
        )
        for at, (title, kind) in enumerate(one.did)
    ]

    async def job(conn: Connection) -> None:
        await members.change_member(
            conn, GUILD, user_id, now, consent="granted", interests=one.interests
        )
        await events.insert_many(conn, done, now)

    await guild.service.database.write(job)


def topics_of(one: Came) -> tuple[str, ...]:
    return one.topics or one.interests


@pytest.mark.parametrize("name", MEMBERS)
async def test_a_list_is_what_its_reader_came_for(guild: Guild, name: str) -> None:
    one, (cards, _) = MEMBERS[name], guild.lists[name]
    assert len(cards) == 5
    topics = set(topics_of(one))
    if topics:
        about = [set(map(rules.topic, card.resource.tags)) & topics for card in cards]
        assert sum(not each for each in about) <= 1, [card.resource.title for card in cards]
        assert set().union(*about) == topics
    read = one.reads or (one.language[:2],)
    assert {card.resource.language for card in cards} <= {*read, None}
    known = {title for title, _ in one.did}
    assert not known & {card.resource.title for card in cards}


@pytest.mark.parametrize("name", MEMBERS)
async def test_its_cards_say_why_and_seldom_the_same(guild: Guild, name: str) -> None:
    for cards in guild.lists[name]:
        said = [(card.why.kind, card.why.title) for card in cards if card.why is not None]
        assert len(said) >= 3 and len(set(said)) >= 2, said
        assert max(said.count(each) for each in said) <= 2


async def test_all_lists_together_are_various_and_new_when_asked_again(guild: Guild) -> None:
    different, repeated = [], []
    for first, second in guild.lists.values():
        for cards in (first, second):
            different.append(len({(c.why.kind, c.why.title, c.why.event) for c in cards if c.why}))
        before = {card.resource.resource_id for card in first}
        repeated.append(np.mean([card.resource.resource_id in before for card in second]))
    assert np.mean(different) >= 3.5
    assert np.mean(repeated) < 0.1 and max(repeated) <= 0.6
