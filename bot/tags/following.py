"""How resources follow a change of tags: some at once, so that others write in between.

A change and the tree as it is afterwards are one transaction; resources follow in short ones, each
with how far it came, so whatever stops the process, the next start goes on from there. Meanwhile
a resource carries the former word or the new one, and both stand for the same tag; only lists that
ask for a tag's name alone miss those that have yet to follow. No other change of the server's tags
begins before all have followed.
"""

from dataclasses import replace
from functools import partial

from bot.clock import Clock
from bot.tags import rules
from bot.topics import key
from storage import tags
from storage.connection import Connection
from storage.database import Database
from storage.records import TagChange, TagMove

WRITTEN_AT_ONCE = 100
"""Resources that one transaction changes."""
_LOOKED_AT = 1_000
"""Resources that are read at once to find those that carry a word."""


async def follow(database: Database, clock: Clock, guild_id: int | None = None) -> None:
    """Have resources follow what is not followed yet, in one server or in all."""
    async with database.read() as conn:
        left = await tags.followed(conn, guild_id)
    for change in left:
        following: TagChange | None = change
        while following is not None:
            step = _give_back if following.undone_at is not None else _take_on
            following = await step(database, clock, following)


async def _take_on(database: Database, clock: Clock, change: TagChange) -> TagChange | None:
    """Have all resources carry what words stand for; return the change if others went on with it.

    Whoever saves a resource meanwhile has the tree as it is, so none comes to carry a word again.
    """
    ids = await _carriers(database, change)
    now: TagChange | None = change
    for start in range(0, max(1, len(ids)), WRITTEN_AT_ONCE):
        before, some = now, ids[start : start + WRITTEN_AT_ONCE]
        is_last = start + WRITTEN_AT_ONCE >= len(ids)
        assert before is not None
        took = partial(_take, clock=clock, change=before, ids=some, is_last=is_last)
        now, is_ours = await database.write(took)
        if not is_ours:
            break
    return now


async def _take(
    conn: Connection, *, clock: Clock, change: TagChange, ids: list[int], is_last: bool
) -> tuple[TagChange | None, bool]:
    """Have some resources follow; return the change as it is then, and whether that was done."""
    now = await _unmoved(conn, change)
    if now is not change:
        return now, False
    put: dict[int, tuple[str, ...]] = {}
    moved: list[TagMove] = []
    for number, own in (await tags.carried_by(conn, change.guild_id, ids)).items():
        new, moves = rules.moved(number, change.guild_id, own, change.told)
        if new != own:
            put[number] = new
        moved += [replace(move, change_id=change.change_id) for move in moves]
    await tags.put_on(conn, put, clock().timestamp())
    await tags.note_moves(conn, moved)
    to = max(ids, default=change.followed_to)
    return await _mark(conn, clock, change, to, is_last=is_last), True


async def _give_back(database: Database, clock: Clock, change: TagChange) -> TagChange | None:
    """Have the next resources carry what they did; return the change if some are left."""

    async def job(conn: Connection) -> TagChange | None:
        now = await _unmoved(conn, change)
        if now is not change:
            return now
        back: dict[int, list[TagMove]] = {}
        after = change.followed_to
        for move in await tags.moves(conn, change.change_id, after, WRITTEN_AT_ONCE):
            back.setdefault(move.resource_id, []).append(move)
        carried = await tags.carried_by(conn, change.guild_id, back)
        put = {number: rules.moved_back(own, back[number]) for number, own in carried.items()}
        differing = {number: own for number, own in put.items() if own != carried[number]}
        await tags.put_on(conn, differing, clock().timestamp())
        to = max(back, default=after)
        await tags.drop_moves(conn, change.change_id, to)
        return await _mark(conn, clock, change, to, is_last=len(back) < WRITTEN_AT_ONCE)

    return await database.write(job)


async def _unmoved(conn: Connection, change: TagChange) -> TagChange | None:
    """Return a change as it stands: the very same where nobody else was faster, None if done."""
    left = await tags.followed(conn, change.guild_id)
    now = next((each for each in left if each.change_id == change.change_id), None)
    if now is None:
        return None
    is_so = (now.followed_to, now.undone_at) == (change.followed_to, change.undone_at)
    return change if is_so else now


async def _mark(
    conn: Connection, clock: Clock, change: TagChange, to: int, *, is_last: bool
) -> TagChange | None:
    at = clock().timestamp() if is_last else None
    await tags.mark_followed(conn, change.change_id, to=to, followed_at=at)
    return None if is_last else replace(change, followed_to=to)


async def _carriers(database: Database, change: TagChange) -> list[int]:
    """Return the resources yet to follow that carry a word which stands for another tag now."""
    found: list[int] = []
    after = change.followed_to
    async with database.read() as conn:
        while some := await tags.carried_after(conn, change.guild_id, after, _LOOKED_AT):
            after = max(some)
            found += [n for n, own in some.items() if any(key(tag) in change.told for tag in own)]
    return found
