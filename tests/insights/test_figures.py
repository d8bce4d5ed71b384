"""Figures counted from a real database by the real process, against another way of counting."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.errors import UserError
from bot.i18n import LANGUAGES, Texts
from bot.insights import report, rules, views
from bot.insights.counting import count
from bot.insights.service import InsightsService
from recommender import metrics
from storage import catalog, events, impressions, members, policies
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Impression, Resource, Surface
from tests.digest.conftest import make_post_services
from tests.discord_sim import START

GUILD = 5
NOW = START.timestamp()
DAY = 86_400.0


def service(database: Database) -> InsightsService:
    return make_post_services(database, lambda: START).insights


async def fill(
    database: Database,
    n_members: int,
    n_shown: int = 6,
    *,
    opens: float = 0.3,
    guild_id: int = GUILD,
    now: float = NOW,
) -> list[tuple[int, bool, bool]]:
    """Show things to members, who open some and save some; return (member, opened, saved)."""
    rng = np.random.default_rng(1)
    truth: list[tuple[int, bool, bool]] = []

    async def job(conn: Connection) -> None:
        ids = [
            await catalog.add(
                conn,
                Resource(
                    guild_id=guild_id,
                    kind="course" if n % 2 else "article",
                    title=f"R{n}",
                    url=f"https://example.org/{n}",
                    creator_id=900 + n % 3,
                    created_at=now - 20 * DAY,
                    published_at=now - 20 * DAY,
                ),
            )
            for n in range(n_shown)
        ]
        for user_id in range(1, n_members + 1):
            await members.change_member(conn, guild_id, user_id, 1.0)
            for n, resource_id in enumerate(ids):
                at = now - 9 * DAY + n * DAY
                surface: Surface = "digest" if n % 3 == 0 else "recommend"
                number = await impressions.append(
                    conn,
                    Impression(
                        guild_id=guild_id,
                        user_id=user_id,
                        resource_id=resource_id,
                        surface=surface,
                        position=1,
                        arm="model",
                        shown_at=at,
                    ),
                )
                is_open, is_save = bool(rng.random() < opens), bool(rng.random() < opens / 2)
                truth.append((user_id, is_open, is_save))
                for happens, kind, source in (
                    (is_open, EventKind.OPEN, number),
                    (is_save, EventKind.SAVE, 10**12 + number),
                ):
                    done = Event(
                        guild_id=guild_id,
                        source_id=source,
                        kind=kind,
                        user_id=user_id,
                        occurred_at=at + 60,
                        resource_id=resource_id,
                    )
                    if happens:
                        await events.append(conn, done, at + 60)

    await database.write(job)
    return truth


async def test_figures_are_what_another_count_says(database: Database) -> None:
    truth = await fill(database, 30)
    found = await count(database.path, GUILD, NOW - 30 * DAY, NOW)
    assert found["open"]["n_shown"] == len(truth)
    assert found["open"]["n_hits"] == sum(is_open for _, is_open, _ in truth)
    assert found["save"]["n_hits"] == sum(is_save for _, _, is_save in truth)
    assert found["reach"]["n_hits"] == len({user for user, is_open, _ in truth if is_open})
    assert set(found["surfaces"]) == {"digest", "recommend"}
    assert sum(each["shown"] for each in found["kinds"].values()) == len(truth)
    spread = found["exposure"]
    assert (spread["n_creators"], spread["gini_shown"]) == (3, 0.0)
    assert found["first"]["n_new"] == 6
    assert found["first"]["n_complete"] == 6
    assert found["holdout"] is None
    week = await count(database.path, GUILD, NOW - 5 * DAY, NOW)
    assert week["open"]["n_shown"] == 30 * sum(9 - n <= 5 for n in range(6))


@pytest.mark.parametrize("n_members", [0, 1, 4])
async def test_nothing_is_said_of_fewer_than_five(database: Database, n_members: int) -> None:
    await fill(database, n_members)
    found = await count(database.path, GUILD, NOW - 30 * DAY, NOW)
    said = json.dumps(found)
    assert found["reach"] is None
    assert found["surfaces"] == found["kinds"] == {}
    assert found["first"] is None
    assert '"n_hits"' not in said
    for language in LANGUAGES:
        texts = Texts(language)
        views.insights(found, 30, texts, None)
        views.exposure(found, 30, texts)
        page = report.html(found, NOW - 30 * DAY, NOW, texts)
        assert "<svg" not in page
        assert report.table(found, texts).count("\n") == 1


async def test_all_zero_clickers_an_empty_span_and_a_picture_in_both_languages(
    database: Database, tmp_path: Path
) -> None:
    await fill(database, 12, opens=0.0)
    empty = await count(database.path, GUILD, NOW + DAY, NOW + 2 * DAY)
    assert empty["reach"] is None
    await database.write(lambda conn: policies.hold_out(conn, GUILD, 0.3, is_set=True))
    found = await count(database.path, GUILD, NOW - 30 * DAY, NOW)
    assert found["open"]["value"] == 0
    assert 0 < found["open"]["high"] < 0.5
    for language in LANGUAGES:
        texts = Texts(language)
        assert views.picture(found, 30, texts).startswith(b"\x89PNG")
        page = report.html(found, NOW - 30 * DAY, NOW, texts)
        assert page.count("<svg") == 1, "one week is no line"
        assert "`" not in page and "**" not in page
        twice = found | {"weeks": [found["weeks"][0], found["weeks"][0] | {"at": NOW}]}
        assert report.html(twice, NOW - 30 * DAY, NOW, texts).count("<svg") == 2
        assert "http" not in page
        assert "<script" not in page


async def test_the_holdout_follows_the_number_of_members_until_somebody_sets_it(
    database: Database,
) -> None:
    insights = service(database)
    await fill(database, 12)
    assert (await insights.hold_out(GUILD, 1, None)).holdout == 0, "twelve tell nothing"
    await fill_more(database, 100)
    policy = await insights.hold_out(GUILD, 1, None)
    assert (policy.holdout, policy.is_holdout_set) == (0.3, False)
    policy = await insights.hold_out(GUILD, 1, 10)
    assert (policy.holdout, policy.is_holdout_set) == (0.1, True)


async def fill_more(database: Database, n: int) -> None:
    async def job(conn: Connection) -> None:
        for user_id in range(1_000, 1_000 + n):
            await impressions.append(
                conn,
                Impression(
                    guild_id=GUILD,
                    user_id=user_id,
                    resource_id=1,
                    surface="recommend",
                    position=1,
                    arm="popular",
                    shown_at=NOW - DAY,
                ),
            )

    await database.write(job)


async def test_creators_see_their_own_and_the_quarter_of_their_kind(database: Database) -> None:
    insights = service(database)
    truth = await fill(database, 30, 9)
    found = await insights.made(GUILD, 900, 30)
    assert [each.resource.creator_id for each in found] == [900] * 3
    assert all(each.found["shown"] == 30 for each in found)
    assert {each.found["band"] for each in found} <= {0, 1, 2, 3, 4}
    opened = sum(is_open for n, (_, is_open, _) in enumerate(truth) if n % 9 % 3 == 0)
    assert sum(each.found["opened"] for each in found) == opened
    with pytest.raises(UserError, match="error-insights-no-creator"):
        await insights.made(GUILD, 12, 30)
    for language in LANGUAGES:
        views.creator(found, 30, Texts(language))


async def test_a_creator_reads_nothing_of_fewer_than_five(database: Database) -> None:
    await fill(database, 4)
    found = await service(database).made(GUILD, 901, 30)
    assert [each.found["shown"] for each in found] == [None, None]
    for language in LANGUAGES:
        views.creator(found, 30, Texts(language))


async def test_a_creator_hears_what_five_members_miss_in_their_topics(database: Database) -> None:
    insights = service(database)

    async def job(conn: Connection) -> None:
        for n, (creator, tags) in enumerate(((901, ("rust",)), (902, ("cooking",)))):
            made = Resource(guild_id=GUILD, kind="article", title="A", url=f"https://a.example/{n}")
            await catalog.add(conn, replace(made, creator_id=creator, tags=tags))
        for user_id in range(1, 6):
            await members.change_member(conn, GUILD, user_id, 1.0, interests=("rust",))

    await database.write(job)
    for text, n_members in (("Rust macros", 5), ("rust lifetimes", 4), ("trust issues", 6)):
        for user_id in range(1, n_members + 1):
            wishes = [one for one in (await insights.gaps.listed(GUILD, 0)).wishes]
            known = next((one for one in wishes if one.text == text), None)
            if known is None:
                await insights.gaps.ask(GUILD, user_id, text)
            else:
                await insights.gaps.toggle(GUILD, user_id, known.wish_id)
    await insights.gaps.count(GUILD)
    mine, others = await insights.made(GUILD, 901, 30), await insights.made(GUILD, 902, 30)
    found = await insights.missing(GUILD, mine)
    assert [one.text for one in found.wished] == ["Rust macros"]
    assert [(one.tag, one.n_readers) for one in found.topics] == [("rust", 5)]
    nothing = await insights.missing(GUILD, others)
    assert (nothing.wished, nothing.topics) == ((), ())
    for language, said in (("en", "5 members wish for it"), ("zh-CN", "5 位成员许愿")):
        view = views.creator(mine, 30, Texts(language), found)
        assert said in str(view.to_components())
        assert "rust lifetimes" not in str(view.to_components())


@pytest.mark.parametrize(
    ("text", "is_named"),
    [("rust 宏", True), ("trust", False), ("数据库入门", True), ("data base", False)],
)
def test_a_topic_is_named_as_a_word_or_as_han_characters(text: str, is_named: bool) -> None:
    assert rules.names_one_of(text, {"rust", "数据库", ""}) == is_named


def test_readers_are_counted_once_a_group() -> None:
    groups, people = np.array([0, 0, 2, 2, 2, 0]), np.array([7, 7, 7, 9, 10**18, 9])
    assert metrics.readers(groups, people, 4).tolist() == [2, 0, 3, 0]
    assert metrics.readers(groups[:0], people[:0], 2).tolist() == [0, 0]


@pytest.mark.parametrize("n", [0, 1, 9, 200_000])
def test_places_are_what_numpy_says(n: int) -> None:
    values = np.random.default_rng(n).integers(0, 90_000, n) * 2**42 + 7
    ids, rows = metrics.ranked(values)
    expected_ids, expected_rows = np.unique(values, return_inverse=True)
    assert (ids == expected_ids).all() and (rows == expected_rows).all()
