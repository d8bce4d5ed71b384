"""Tasks beside resources, and what members hand in."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, true, update

from storage.connection import Connection
from storage.records import Task, Work
from storage.schema import tasks, works
from storage.standing import now as standing


async def add(conn: Connection, new: Task) -> int:
    """Store a new task and return its id."""
    values = asdict(new)
    del values["task_id"]
    statement = insert(tasks).values(values).returning(tasks.c.task_id)
    return int((await conn.execute(statement)).scalar_one())


async def change(conn: Connection, task_id: int, **changes: Any) -> None:
    """Set fields of a task."""
    await conn.execute(update(tasks).where(tasks.c.task_id == task_id).values(**changes))


async def one(conn: Connection, guild_id: int, task_id: int) -> Task | None:
    """Return a task of the guild, beside what stands for its resource now."""
    found = await _found(conn, tasks.c.guild_id == guild_id, tasks.c.task_id == task_id)
    return found[0] if found else None


async def live(conn: Connection, guild_id: int) -> list[Task]:
    """Return the tasks of a guild that members are shown: what is due first before the others."""
    return await _found(conn, tasks.c.guild_id == guild_id, tasks.c.state == "live")


async def every(conn: Connection, guild_id: int) -> list[Task]:
    """Return all tasks of a guild, ended ones too."""
    return await _found(conn, tasks.c.guild_id == guild_id)


async def count(conn: Connection, guild_id: int) -> int:
    """Return how many tasks a guild has, ended ones too."""
    statement = select(func.count()).select_from(tasks).where(tasks.c.guild_id == guild_id)
    return int((await conn.execute(statement)).scalar_one())


async def hand_in(conn: Connection, work: Work) -> int:
    """Store what a member hands in, in the place of what they had; return its id."""
    values = asdict(work)
    del values["work_id"]
    known = await work_of(conn, work.task_id, work.user_id)
    if known is not None:
        await conn.execute(update(works).where(works.c.work_id == known.work_id).values(values))
        return known.work_id
    statement = insert(works).values(values).returning(works.c.work_id)
    return int((await conn.execute(statement)).scalar_one())


async def change_work(conn: Connection, work_id: int, handed_in_at: float, **changes: Any) -> bool:
    """Set fields of what was handed in at that moment; False where it is another by now."""
    done = await conn.execute(
        update(works)
        .where(works.c.work_id == work_id, works.c.handed_in_at == handed_in_at)
        .values(**changes)
    )
    return done.rowcount == 1


async def work(conn: Connection, guild_id: int, work_id: int) -> Work | None:
    """Return what was handed in, by its id."""
    found = await _handed_in(conn, works.c.guild_id == guild_id, works.c.work_id == work_id)
    return found[0] if found else None


async def work_of(conn: Connection, task_id: int, user_id: int) -> Work | None:
    """Return what a member handed in for a task."""
    found = await _handed_in(conn, works.c.task_id == task_id, works.c.user_id == user_id)
    return found[0] if found else None


async def of_member(conn: Connection, guild_id: int, user_id: int) -> dict[int, Work]:
    """Return everything a member handed in, by task."""
    found = await _handed_in(conn, works.c.guild_id == guild_id, works.c.user_id == user_id)
    return {each.task_id: each for each in found}


async def unmarked(
    conn: Connection, guild_id: int, task_ids: Collection[int], but_of: int, limit: int
) -> list[Work]:
    """Return what nobody has marked yet of some tasks, except one member's, the oldest first."""
    return await _handed_in(conn, *_waiting(guild_id, task_ids, but_of), limit=limit)


async def n_unmarked(
    conn: Connection, guild_id: int, task_ids: Collection[int], but_of: int
) -> int:
    """Return how many these are."""
    statement = select(func.count()).where(*_waiting(guild_id, task_ids, but_of))
    return int((await conn.execute(statement)).scalar_one())


async def shown(conn: Connection, guild_id: int, task_id: int) -> list[Work]:
    """Return what members let others see of a task, excellent ones first."""
    found = await _handed_in(conn, *_shown(guild_id, task_id))
    return sorted(found, key=lambda each: each.mark != "excellent")


async def n_shown(conn: Connection, guild_id: int, task_id: int) -> int:
    """Return how many these are."""
    return int((await conn.scalar(select(func.count()).where(*_shown(guild_id, task_id)))) or 0)


async def untold(conn: Connection, before: float) -> list[Work]:
    """Return what was marked before a moment and whose member has not heard of it."""
    return await _handed_in(
        conn, works.c.mark.is_not(None), works.c.told_at.is_(None), works.c.marked_at <= before
    )


def _shown(guild_id: int, task_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        works.c.guild_id == guild_id,
        works.c.task_id == task_id,
        works.c.is_shown.is_(True),
        works.c.mark.in_(("done", "excellent")),
    )


def _waiting(
    guild_id: int, task_ids: Collection[int], but_of: int
) -> tuple[ColumnElement[bool], ...]:
    return (
        works.c.guild_id == guild_id,
        works.c.mark.is_(None),
        works.c.user_id != but_of,
        works.c.task_id.in_(list(task_ids)),
    )


async def _found(conn: Connection, *conditions: ColumnElement[bool]) -> list[Task]:
    columns = [each for each in tasks.c if each.name != "resource_id"]
    rows = await conn.execute(
        select(*columns, standing(tasks.c.resource_id).label("resource_id"))
        .where(*conditions)
        .order_by(tasks.c.due_at.is_(None), tasks.c.due_at, tasks.c.task_id)
    )
    return [Task(**row._mapping) for row in rows]


async def _handed_in(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Work]:
    rows = await conn.execute(
        select(works)
        .where(true(), *conditions)
        .order_by(works.c.handed_in_at, works.c.work_id)
        .limit(limit)
    )
    return [Work(**row._mapping) for row in rows]
