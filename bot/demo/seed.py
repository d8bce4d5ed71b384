"""Write the invented community down: catalogue, members, history, points, first refit."""

from collections.abc import Sequence
from datetime import timedelta
from importlib.resources import as_file, files

import numpy as np

from bot.app import App
from bot.catalog.importer import import_catalog
from bot.demo import community
from bot.demo.scene import BONUS, EXPERTS, GOODS, SHOPKEEPER
from bot.errors import StartError
from bot.rewards.kinds import POINT
from storage import catalog, events, members
from storage.connection import Connection
from storage.records import Expert, Guild, QuestionPlace


async def seed(
    app: App,
    guild_id: int,
    channel_id: int,
    help_id: int,
    crowd: Sequence[tuple[int, community.Person]],
    rng: np.random.Generator,
) -> None:
    """Fill the database for `guild_id`; ``crowd`` pairs the members' Discord ids with people."""
    now = app.clock().timestamp()
    await _catalogue(app, guild_id)
    async with app.database.read() as conn:
        resources = await catalog.live(conn, guild_id)
    await _members(app, guild_id, crowd, now)
    history = community.interactions(rng, guild_id, crowd, resources, now)
    await app.database.write(lambda conn: events.insert_many(conn, history, now))
    talk = community.chatter(rng, guild_id, channel_id, crowd, now)
    await app.services.activity.record(talk)
    await _shop(app, guild_id, crowd)
    await _questions(app, guild_id, help_id, crowd)
    await app.services.recommend.models.refit(guild_id, seed=1)


async def _questions(
    app: App, guild_id: int, help_id: int, crowd: Sequence[tuple[int, community.Person]]
) -> None:
    """Have a channel for questions, and the experts whom the scene lists."""
    now = app.clock().timestamp()
    moderator = next(user_id for user_id, person in crowd if person.name == SHOPKEEPER)
    place = QuestionPlace(guild_id=guild_id, channel_id=help_id, since_at=now)
    await app.services.questions.watch(guild_id, moderator, [place])
    for name, topics, languages, first, last in EXPERTS:
        await app.services.experts.save(
            Expert(
                guild_id=guild_id,
                user_id=next(user_id for user_id, person in crowd if person.name == name),
                topics=topics,
                languages=languages,
                time_zone="UTC",
                weekdays=tuple(range(7)),
                from_hour=first,
                to_hour=last,
                created_at=now,
                updated_at=now,
            )
        )


async def _shop(app: App, guild_id: int, crowd: Sequence[tuple[int, community.Person]]) -> None:
    """Put on the shelf what the scene lists, and give everybody with a history some to spend."""
    moderator = next(user_id for user_id, person in crowd if person.name == SHOPKEEPER)
    tomorrow = app.clock() + timedelta(days=1)
    times = "\n".join(f"{tomorrow + timedelta(days=n):%Y-%m-%d} 14:00" for n in range(3))
    for kind, written in GOODS:
        filled = written | ({"units": times} if kind == "slot" else {})
        await app.services.shop.goods.add(guild_id, moderator, kind, filled)
    bonus = {user_id: BONUS * POINT for user_id, _ in crowd}
    await app.database.write(
        lambda conn: app.services.points.entries.open_accounts(conn, guild_id, bonus)
    )


async def _catalogue(app: App, guild_id: int) -> None:
    with as_file(files("bot.demo") / "catalog.csv") as path:
        report = await import_catalog(app.database, app.clock, path, guild_id=guild_id, strict=True)
    if report.problems:
        raise StartError(f"the demo catalogue is damaged: {report.problems[0]}")


async def _members(
    app: App, guild_id: int, crowd: Sequence[tuple[int, community.Person]], now: float
) -> None:
    async def job(conn: Connection) -> None:
        await members.save_guild(conn, Guild(guild_id, created_at=now))
        for user_id, person in crowd:
            await members.change_member(
                conn,
                guild_id,
                user_id,
                now,
                consent="granted" if person.has_agreed else "declined",
                consent_at=now,
                asked_at=now,
                has_earlier=person.has_agreed,
                language="zh-CN" if person.languages[0] == "zh" else "en",
            )

    await app.database.write(job)
