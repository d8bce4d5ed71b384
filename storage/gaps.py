"""What is looked for and not there: wishes, searches in vain, topics with few resources.

Who stands behind a wish is in `wish_voices`; triggers keep the counts beside it, so that the most
wanted are read from an index however many searches there were.
"""

import hashlib
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import standing
from storage.connection import Connection
from storage.folding import folded
from storage.records import EventKind, TopicGap, VoiceKind, Wish
from storage.schema import (
    events,
    members,
    opinions,
    questions,
    resources,
    topic_gaps,
    wish_voices,
    wishes,
)

_READING = (
    EventKind.OPEN,
    EventKind.SAVE,
    EventKind.REACTION,
    EventKind.COMMENT,
    EventKind.FOLLOW,
)
_COLUMNS = [column for column in wishes.c if column.name != "token"]


def token(text: str) -> str:
    """Return what two wishes share that are the same words."""
    return hashlib.sha256(" ".join(folded(text).split()).encode()).hexdigest()[:32]


async def wish_at(conn: Connection, guild_id: int, text: str) -> Wish | None:
    """Return the wish for these words."""
    return await _first(conn, wishes.c.guild_id == guild_id, wishes.c.token == token(text))


async def wish(conn: Connection, guild_id: int, wish_id: int) -> Wish | None:
    """Return one wish of the guild."""
    return await _first(conn, wishes.c.guild_id == guild_id, wishes.c.wish_id == wish_id)


async def speak(
    conn: Connection, guild_id: int, user_id: int, text: str, kind: VoiceKind, now: float
) -> int:
    """Stand behind a wish, which is made or opened again where it was fulfilled; return its id.

    Saying it again moves the moment, and for a wish that the member is to be told once more.
    """
    made = (
        upsert(wishes)
        .values(guild_id=guild_id, token=token(text), text=text, created_at=now)
        .on_conflict_do_nothing()
    )
    await conn.execute(made)
    found = await wish_at(conn, guild_id, text)
    assert found is not None
    if found.state == "fulfilled" or (not found.text and found.state == "open"):
        again = {"state": "open", "resource_id": None, "decided_by": None, "decided_at": None}
        await change(conn, found.wish_id, **again, created_at=now, text=text)
    said = upsert(wish_voices).values(
        wish_id=found.wish_id, kind=kind, user_id=user_id, guild_id=guild_id, said_at=now
    )
    keys = [wish_voices.c.wish_id, wish_voices.c.kind, wish_voices.c.user_id]
    await conn.execute(said.on_conflict_do_update(keys, set_={"said_at": now, "told_at": None}))
    return found.wish_id


async def fall_silent(conn: Connection, wish_id: int, user_id: int, kind: VoiceKind) -> None:
    """Stand behind it no more; a wish that nobody stands behind goes."""
    await conn.execute(
        delete(wish_voices).where(
            wish_voices.c.wish_id == wish_id,
            wish_voices.c.user_id == user_id,
            wish_voices.c.kind == kind,
        )
    )


async def change(conn: Connection, wish_id: int, **changes: Any) -> None:
    """Set fields of a wish."""
    await conn.execute(update(wishes).where(wishes.c.wish_id == wish_id).values(**changes))


async def count_of_member(conn: Connection, guild_id: int, user_id: int, kind: VoiceKind) -> int:
    """Return behind how many open wishes a member stands."""
    statement = (
        select(func.count())
        .select_from(wish_voices.join(wishes, wishes.c.wish_id == wish_voices.c.wish_id))
        .where(
            wish_voices.c.guild_id == guild_id,
            wish_voices.c.user_id == user_id,
            wish_voices.c.kind == kind,
            wishes.c.state == "open",
        )
    )
    return int((await conn.execute(statement)).scalar_one())


async def of_member(conn: Connection, guild_id: int, user_id: int) -> set[int]:
    """Return the ids of what a member wishes for."""
    found = await conn.execute(
        select(wish_voices.c.wish_id).where(
            wish_voices.c.guild_id == guild_id,
            wish_voices.c.user_id == user_id,
            wish_voices.c.kind == "wished",
        )
    )
    return set(found.scalars())


async def wished(
    conn: Connection, guild_id: int, *, at_least: int = 1, limit: int, offset: int = 0
) -> list[Wish]:
    """Return open wishes that at least so many stand behind, the most wanted first."""
    return await _found(
        conn,
        wishes.c.guild_id == guild_id,
        wishes.c.state == "open",
        wishes.c.n_wished >= at_least,
        wishes.c.text != "",
        order=(wishes.c.n_wished.desc(), wishes.c.wish_id.desc()),
        limit=limit,
        offset=offset,
    )


async def missed(conn: Connection, guild_id: int, *, at_least: int, limit: int) -> list[Wish]:
    """Return what at least so many searched for in vain, the most first."""
    return await _found(
        conn,
        wishes.c.guild_id == guild_id,
        wishes.c.state == "open",
        wishes.c.n_missed >= at_least,
        wishes.c.text != "",
        order=(wishes.c.n_missed.desc(), wishes.c.wish_id.desc()),
        limit=limit,
    )


async def count_wished(conn: Connection, guild_id: int, below: int) -> int:
    """Return how many open wishes fewer than so many stand behind."""
    statement = select(func.count()).where(
        wishes.c.guild_id == guild_id,
        wishes.c.state == "open",
        wishes.c.n_wished.between(1, below - 1),
    )
    return int((await conn.execute(statement)).scalar_one())


async def guilds_with_wishes(conn: Connection) -> list[int]:
    """Return the guilds in which something is wished for."""
    found = await conn.execute(
        select(wishes.c.guild_id)
        .where(wishes.c.state == "open", wishes.c.n_wished > 0)
        .group_by(wishes.c.guild_id)
    )
    return list(found.scalars())


async def untold(conn: Connection, limit: int = 20) -> list[tuple[Wish, int]]:
    """Return fulfilled wishes with a member who has not heard of it."""
    rows = await conn.execute(
        select(*_COLUMNS, wish_voices.c.user_id)
        .select_from(wishes.join(wish_voices, wishes.c.wish_id == wish_voices.c.wish_id))
        .where(
            wishes.c.state == "fulfilled",
            wish_voices.c.kind == "wished",
            wish_voices.c.told_at.is_(None),
        )
        .order_by(wishes.c.decided_at, wishes.c.wish_id)
        .limit(limit)
    )
    return [(_wish(row), row.user_id) for row in rows]


async def mark_told(conn: Connection, wish_id: int, user_id: int, now: float | None) -> bool:
    """Remember when a member heard of it; False where they have, or wish no more."""
    voice = [
        wish_voices.c.wish_id == wish_id,
        wish_voices.c.user_id == user_id,
        wish_voices.c.kind == "wished",
    ]
    if now is not None:
        voice.append(wish_voices.c.told_at.is_(None))
    found = await conn.execute(update(wish_voices).where(*voice).values(told_at=now))
    return bool(found.rowcount)


async def forget_missed(conn: Connection, before: float, limit: int) -> int:
    """Forget searches in vain before a moment, at most so many; return how many."""
    old = (
        select(wish_voices.c.wish_id, wish_voices.c.kind, wish_voices.c.user_id)
        .where(wish_voices.c.kind == "missed", wish_voices.c.said_at < before)
        .limit(limit)
    )
    keys = (wish_voices.c.wish_id, wish_voices.c.kind, wish_voices.c.user_id)
    return (await conn.execute(delete(wish_voices).where(tuple_(*keys).in_(old)))).rowcount


# -------------------------------------------------------------------------------- topics


async def topics(conn: Connection, guild_id: int, limit: int) -> list[TopicGap]:
    """Return topics as they were counted last, the most wanted for each resource first."""
    wanted = topic_gaps.c.n_readers + 2 * topic_gaps.c.n_askers + 2 * topic_gaps.c.n_hard
    share = wanted * 1000 / (topic_gaps.c.n_resources + 1)
    rows = await conn.execute(
        select(*(topic_gaps.c[name] for name in TopicGap.__slots__))
        .where(topic_gaps.c.guild_id == guild_id)
        .order_by(share.desc(), topic_gaps.c.tag)
        .limit(limit)
    )
    return [TopicGap(**row._mapping) for row in rows]


async def replace_topics(conn: Connection, guild_id: int, found: list[TopicGap]) -> None:
    """Put what was counted now in the place of what was counted before."""
    await conn.execute(delete(topic_gaps).where(topic_gaps.c.guild_id == guild_id))
    if found:
        rows = [asdict(one) | {"guild_id": guild_id} for one in found]
        await conn.execute(insert(topic_gaps), rows)


async def readers_by_tag(
    conn: Connection, guild_id: int, since: float, at_least: int
) -> dict[str, int]:
    """Return how many members turned to each topic since a moment, or name it as an interest."""
    tags = func.json_each(resources.c.tags).table_valued("value", name="tag")
    read = (
        select(tags.c.value.label("tag"), events.c.user_id)
        .select_from(
            events.join(resources, resources.c.resource_id == standing.now(events.c.resource_id))
        )
        .join(tags, literal_column("1") == 1)
        .where(
            events.c.guild_id == guild_id,
            events.c.resource_id.is_not(None),
            events.c.recorded_at >= since,
            events.c.kind.in_([int(kind) for kind in _READING]),
        )
    )
    named = func.json_each(members.c.interests).table_valued("value", name="interest")
    interested = (
        select(named.c.value.label("tag"), members.c.user_id)
        .select_from(members)
        .join(named, literal_column("1") == 1)
        .where(members.c.guild_id == guild_id, members.c.is_tracked)
    )
    both = read.union(interested).subquery()
    return await _counted(conn, both, at_least)


async def askers_by_tag(
    conn: Connection, guild_id: int, since: float, before: float, at_least: int
) -> dict[str, int]:
    """Return how many members' questions of each topic were asked in a time and have no answer."""
    tags = func.json_each(questions.c.tags).table_valued("value", name="tag")
    asked = (
        select(tags.c.value.label("tag"), questions.c.user_id)
        .select_from(questions)
        .join(tags, literal_column("1") == 1)
        .where(
            questions.c.guild_id == guild_id,
            questions.c.state.in_(("open", "stale")),
            questions.c.first_answer_at.is_(None),
            questions.c.asked_at.between(since, before),
        )
        .distinct()
        .subquery()
    )
    return await _counted(conn, asked, at_least)


async def hard_by_tag(
    conn: Connection, guild_id: int, since: float, at_least: int
) -> dict[str, int]:
    """Return how many members called something of each topic too hard since a moment.

    What was merged counts as what stands for it.
    """
    tags = func.json_each(resources.c.tags).table_valued("value", name="tag")
    hard = (
        select(tags.c.value.label("tag"), opinions.c.user_id)
        .select_from(opinions)
        .join(resources, resources.c.resource_id == standing.now(opinions.c.resource_id))
        .join(tags, literal_column("1") == 1)
        .where(
            opinions.c.guild_id == guild_id,
            opinions.c.mark == "too_hard",
            opinions.c.given_at >= since,
            resources.c.state == "live",
        )
        .distinct()
        .subquery()
    )
    return await _counted(conn, hard, at_least)


async def resources_by_tag(conn: Connection, guild_id: int) -> dict[str, int]:
    """Return how many live resources each topic has."""
    tags = func.json_each(resources.c.tags).table_valued("value", name="tag")
    rows = await conn.execute(
        select(tags.c.value, func.count())
        .select_from(resources)
        .join(tags, literal_column("1") == 1)
        .where(resources.c.guild_id == guild_id, resources.c.state == "live")
        .group_by(tags.c.value)
    )
    return {tag: n for tag, n in rows}


async def is_creator(conn: Connection, guild_id: int, user_id: int) -> bool:
    """Say whether a member made something that is in the catalogue."""
    found = await conn.scalar(
        select(resources.c.resource_id)
        .where(
            resources.c.guild_id == guild_id,
            resources.c.creator_id == user_id,
            resources.c.state == "live",
        )
        .limit(1)
    )
    return found is not None


async def guilds(conn: Connection) -> list[int]:
    """Return the guilds that have a catalogue."""
    found = await conn.execute(select(resources.c.guild_id).group_by(resources.c.guild_id))
    return list(found.scalars())


async def _counted(conn: Connection, said: Any, at_least: int) -> dict[str, int]:
    counted = func.count()
    rows = await conn.execute(
        select(said.c.tag, counted).group_by(said.c.tag).having(counted >= at_least)
    )
    return {str(tag): n for tag, n in rows}


async def _first(conn: Connection, *conditions: Any) -> Wish | None:
    row = (await conn.execute(select(*_COLUMNS).where(*conditions))).one_or_none()
    return _wish(row) if row else None


async def _found(
    conn: Connection, *conditions: Any, order: Any, limit: int, offset: int = 0
) -> list[Wish]:
    rows = await conn.execute(
        select(*_COLUMNS).where(*conditions).order_by(*order).limit(limit).offset(offset)
    )
    return [_wish(row) for row in rows]


def _wish(row: Any) -> Wish:
    return Wish(**{column.name: row._mapping[column.name] for column in _COLUMNS})
