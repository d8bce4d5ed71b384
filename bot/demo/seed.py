"""Write the invented community down: catalogue, members, history, points, first refit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.resources import as_file, files

import numpy as np

from bot.app import App
from bot.catalog.importer import import_catalog
from bot.demo import community, history, shown
from bot.demo.gathered import PATH, TAGS, TASK, WAITING, WISHES, WORKS
from bot.demo.scene import (
    BONUS,
    BOOKED_BY,
    EXPERTS,
    GOODS,
    INVITE_MIN,
    PUBLISHED,
    ROLES,
    SHOPKEEPER,
)
from bot.errors import StartError
from bot.rewards.kinds import POINT
from bot.rewards.ruleset import Seasons
from bot.tags.service import Brought
from bot.tasks.service import Who, Written
from storage import (
    catalog,
    checkins,
    digests,
    events,
    feedback,
    goods,
    impressions,
    keepings,
    members,
    submissions,
)
from storage.connection import Connection
from storage.records import (
    Event,
    Expert,
    Guild,
    Keeping,
    QuestionPlace,
    Submission,
)

CAST = {role.name for role in ROLES}
N_BUYERS = 3
N_INTERESTS = 3
LISTS_SEED = 11
"""Of what was shown; apart, so that it changes nothing else."""
SEASONS_REASON = "Seasons of three months · 每三个月一个赛季"


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
    names = {person.name: user_id for user_id, person in crowd}
    made = await _published(app, guild_id, names, now)
    await _tags(app, guild_id, names[SHOPKEEPER])
    await _season(app, guild_id, names[SHOPKEEPER])
    past = community.interactions(rng, guild_id, crowd, resources, now)
    read = await _shown(app, guild_id, crowd, past)
    talk = community.chatter(rng, guild_id, channel_id, crowd, now)
    talk += history.answers(rng, guild_id, channel_id, crowd, now)
    talk += made
    talk += read
    talk += await _checkins(app, history.checkins(rng, guild_id, channel_id, crowd, now))
    await app.services.activity.record(sorted(talk, key=lambda event: event.occurred_at))
    await _shop(app, guild_id, crowd)
    await _orders(app, guild_id, crowd)
    await _questions(app, guild_id, help_id, crowd)
    await _gathered(app, guild_id, crowd, names)
    await app.services.status.welcomed(guild_id)
    await app.services.recommend.models.refit(guild_id, seed=1)


async def _shown(
    app: App,
    guild_id: int,
    crowd: community.Crowd,
    past: Sequence[Event],
) -> list[Event]:
    """Store what people did, the lists they found it on, and what they said of it.

    Returns what a reading group did this week, which is not history from elsewhere.
    """
    now, chance = app.clock().timestamp(), np.random.default_rng(LISTS_SEED)
    async with app.database.read() as conn:
        resources = await catalog.live(conn, guild_id)
    together = shown.read_together(chance, guild_id, crowd, resources, now)
    done = [*past, *together]
    cast = [user_id for user_id, person in crowd if person.name in CAST]
    lists = shown.lists(chance, crowd, resources, done, now, except_for=cast)
    opinions = shown.opinions(chance, done, now)

    sources = {_identity(each.opened): each.opened for each in lists if each.opened is not None}
    done = [sources.get(_identity(event), event) for event in done]

    async def job(conn: Connection) -> None:
        await impressions.insert_many(conn, [card for each in lists for card in each.cards])
        told = [*done[: len(past)], *(one.event for one in opinions)]
        await events.insert_many(conn, told, now)
        for one in opinions:
            key = guild_id, one.event.user_id, one.event.resource_id or 0
            if one.mark is not None:
                await feedback.mark(conn, *key, one.mark, one.event.occurred_at)
            else:
                await keepings.keep(conn, _done(one.event))
        for letter in shown.letters(lists):
            await digests.claim(conn, letter)

    await app.database.write(job)
    await app.services.insights.hold_out(guild_id, cast[-1], 0)
    return done[len(past) :]


def _identity(event: Event) -> tuple[int, int, int | None, float]:
    return event.user_id, event.kind, event.resource_id, event.occurred_at


def _done(event: Event) -> Keeping:
    return Keeping(
        guild_id=event.guild_id,
        user_id=event.user_id,
        resource_id=event.resource_id or 0,
        state="done",
        changed_at=event.occurred_at,
    )


async def _gathered(
    app: App, guild_id: int, crowd: community.Crowd, names: Mapping[str, int]
) -> None:
    """Make the path of the scene, and have members propose pages and wish for some."""
    services, moderator = app.services, names[SHOPKEEPER]
    title, summary, steps = PATH
    path = await services.paths.make(guild_id, moderator, title, summary, None, is_moderator=True)
    async with app.database.read() as conn:
        known = {one.title: one.resource_id for one in await catalog.live(conn, guild_id)}
    for step in steps:
        await services.paths.place(
            guild_id, moderator, path.path_id, known[step], None, is_moderator=True
        )
    await _set_task(app, guild_id, names, known)
    now = app.clock().timestamp()
    for by, fields in WAITING:
        url, key, _ = await services.catalog.at(guild_id, fields["url"])
        proposed = Submission(
            guild_id=guild_id,
            user_id=names[by],
            url_key=key,
            fields=fields | {"url": url},
            state="waiting",
            created_at=now,
            submitted_at=now,
        )
        await app.database.write(partial(_propose, proposed))
    others = [user_id for user_id, person in crowd if person.name not in CAST]
    for text, n_behind in WISHES:
        for user_id in others[:n_behind]:
            await services.gaps.ask(guild_id, user_id, text)


async def _set_task(
    app: App, guild_id: int, names: Mapping[str, int], known: Mapping[str, int]
) -> None:
    """Set the task of the scene, have members hand in, and mark it as the scene says."""
    service, (beside, title, text) = app.services.tasks, TASK
    teacher = Who(guild_id=guild_id, user_id=names[SHOPKEEPER], role_ids=None, is_moderator=True)
    resource = await app.services.catalog.live(guild_id, known[beside])
    made = await service.make(teacher, resource, Written(title=title, text=text, due=""), None)
    for by, said, verdict, sentence in WORKS:
        who = Who(guild_id=guild_id, user_id=names[by], role_ids=[], is_moderator=False)
        done = await service.hand_in(who, made.task.task_id, said, "")
        if verdict is not None and done.work is not None:
            await service.share(who, made.task.task_id)
            marked = await service.marking.mark(teacher, done.work, verdict, sentence)
            await service.marking.told(marked)


async def _propose(proposed: Submission, conn: Connection) -> None:
    await submissions.add(conn, proposed)


async def _published(app: App, guild_id: int, names: Mapping[str, int], now: float) -> list[Event]:
    """Put what members made into the catalogue; return that it was published."""
    moderator = names[SHOPKEEPER]

    async def job(conn: Connection) -> list[Event]:
        made = []
        for one in PUBLISHED:
            maker = names[one.by], one.by
            blank = history.resource_of(one, guild_id, maker, moderator, now)
            stored = replace(blank, resource_id=await catalog.add(conn, blank))
            made.append(history.publication(stored, moderator))
        return made

    return await app.database.write(job)


async def _tags(app: App, guild_id: int, moderator: int) -> None:
    """Plant the server's own tags, with what each is a part of."""
    cells = ("name", "english", "chinese", "aliases", "under")
    rows = [
        Brought.of(line, {"merged_into": ""} | dict(zip(cells, row, strict=True)))
        for line, row in enumerate(TAGS, 1)
    ]
    await app.services.tags.bring(guild_id, moderator, rows)


async def _season(app: App, guild_id: int, moderator: int) -> None:
    """Give the server seasons of three months."""
    points = app.services.points

    async def job(conn: Connection) -> None:
        rules = replace(await points.defaults(conn, guild_id), seasons=Seasons("quarterly"))
        await points.publish(conn, guild_id, rules, actor_id=moderator, reason=SEASONS_REASON)

    await app.database.write(job)


async def _checkins(app: App, made: Sequence[tuple[int, Event]]) -> list[Event]:
    """Store the days that members checked in; return the events."""

    async def job(conn: Connection) -> None:
        for day, event in made:
            await checkins.add(conn, event.guild_id, event.user_id, day, event.occurred_at)

    await app.database.write(job)
    return [event for _, event in made]


async def _orders(app: App, guild_id: int, crowd: Sequence[tuple[int, community.Person]]) -> None:
    """Let a few members spend what they have; what the shop still owes waits for a moderator."""
    shop = app.services.shop
    async with app.database.read() as conn:
        on_sale = await goods.items(conn, guild_id, app.clock().timestamp())
    buyers = [user_id for user_id, person in crowd if person.name not in CAST][:N_BUYERS]
    for item in (item for item in on_sale if item.kind == "custom"):
        for number, user_id in enumerate(buyers):
            await shop.orders.redeem(
                guild_id, user_id, item.item_id, price=item.price, source_id=70_000 + number
            )


async def _questions(
    app: App, guild_id: int, help_id: int, crowd: Sequence[tuple[int, community.Person]]
) -> None:
    """Have a channel for questions, and the experts whom the scene lists."""
    now = app.clock().timestamp()
    moderator = next(user_id for user_id, person in crowd if person.name == SHOPKEEPER)
    place = QuestionPlace(guild_id=guild_id, channel_id=help_id, since_at=now)
    await app.services.questions.watch(guild_id, moderator, [place])
    await app.services.questions.change(guild_id, moderator, invite_min=INVITE_MIN)
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
                offer=BOOKED_BY.get(name, ""),
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
                interests=person.tastes[:N_INTERESTS] if user_id % 3 else (),
                interests_at=now,
            )

    await app.database.write(job)
