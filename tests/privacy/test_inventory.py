"""Every table says how long it is kept; what is over goes at night; the notice says all of it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from bot.app import make_notice
from bot.i18n import LANGUAGES, Texts
from bot.privacy.retention import RetentionRun
from storage import retention
from storage.database import Database
from storage.schema import audit, audit_about, impressions, meta, metadata, resources
from tests.discord_sim import World, button_id, settings_for, texts_of
from tests.inventory import BLOCK, PAGE, markdown

NIGHT = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
DAY_S = 86_400


def test_the_page_has_the_schemas_inventory() -> None:
    found = BLOCK.search(PAGE.read_text("utf-8"))
    assert found and found[2] == markdown(), "python -m tests.inventory"


def test_nothing_is_answered_for_that_is_not_there() -> None:
    named = {*retention.KEPT, *(name for names in retention.GROUPS.values() for name in names)}
    assert named <= metadata.tables.keys()
    for name, kept in retention.KEPT.items():
        columns = metadata.tables[name].c
        assert not kept.at or kept.at in columns
        assert all(other in metadata.tables for other in kept.first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_has_a_sentence(language: str) -> None:
    texts = Texts(language)
    for group in (*retention.GROUPS, retention.OTHER):
        assert texts(f"privacy-notice-{group}", kept="")


async def fill(database: Database, ages: dict[str, int]) -> None:
    now = NIGHT.timestamp()

    async def job(conn: object) -> None:
        run = conn.execute  # type: ignore[attr-defined]
        await run(
            insert(resources).values(
                resource_id=1, guild_id=7, kind="tool", title="T", url="", url_key="",
                published_at=0, created_at=0, updated_at=0,
            )
        )  # fmt: skip
        for n, days in enumerate((ages["old"], ages["new"]), 1):
            at = now - days * DAY_S
            await run(
                insert(impressions).values(
                    guild_id=7, user_id=n, resource_id=1, surface="recommend", position=0,
                    arm="model", shown_at=at,
                )
            )  # fmt: skip
            await run(insert(audit).values(audit_id=n, guild_id=7, actor_id=3, action="x",
                                           occurred_at=now - 4 * days * DAY_S))  # fmt: skip
            await run(insert(audit_about).values(audit_id=n, n=0, guild_id=7, user_id=4))

    await database.write(job)


async def counts(database: Database) -> list[int]:
    async with database.read() as conn:
        return [
            int(await conn.scalar(select(func.count()).select_from(table)) or 0)
            for table in (impressions, audit, audit_about)
        ]


async def test_what_is_over_goes_at_night_once_and_the_rest_stays(database: Database) -> None:
    await fill(database, {"old": 92, "new": 89})
    run = RetentionRun(database)
    await run.tick(NIGHT.replace(hour=2))
    assert await counts(database) == [2, 2, 2]
    await run.tick(NIGHT)
    assert await counts(database) == [1, 1, 1]
    async with database.read() as conn:
        done = select(meta.c.value).where(meta.c.key == "retention:day")
        assert await conn.scalar(done) == "2026-11-25"
        assert list((await conn.execute(select(impressions.c.user_id))).scalars()) == [2]


async def test_what_one_tick_cannot_do_the_next_one_does(database: Database) -> None:
    await fill(database, {"old": 400, "new": 399})
    run = RetentionRun(database, within_s=-1)
    for _ in range(6):
        await run.tick(NIGHT)
    assert await counts(database) == [0, 0, 0]


async def test_the_notice_is_a_button_away_and_says_what_the_settings_are(world: World) -> None:
    card = await world.alice.slash(world.channel, "privacy")
    shown = await world.alice.click(
        card.response, custom_id=button_id(card.response, "privacy:notice")
    )
    said = texts_of(shown.response)
    assert shown.ephemeral and "Privacy notice" in said
    assert "it is looked at to see whether a message says something" in said
    assert "none is kept for more than 35 days" in said
    for days in (kept.days for kept in retention.KEPT.values() if kept.days):
        assert days in (90, 365)


def test_the_page_is_in_every_language_and_depends_on_the_settings(tmp_path: Path) -> None:
    page = make_notice(settings_for(tmp_path / "x", backup_every_hours=0)).page()
    assert "does not even reach the bot" in page and "机器人根本收不到" in page
    assert "Backups keep" not in page
    assert not re.search(r"\{|\$", page.split("</style>")[1])
