"""The one place that every feature asks before it claims a direct message of its own accord.

What may be sent is decided by `bot.opening`; what was sent is read by `storage.direct`.
"""

from collections.abc import Collection

from bot import opening
from bot.opening import Wait
from storage import direct
from storage.connection import Connection
from storage.records import Begun, Purpose


async def waits(
    conn: Connection, purpose: Purpose, guild_id: int, user_id: int, at: float
) -> Wait | None:
    """Say for what a message to a member has to wait; None where it may be claimed."""
    return opening.waits(purpose, guild_id, at, await _begun(conn, {user_id}, at))


async def waits_again(
    conn: Connection, purpose: Purpose, guild_id: int, user_id: int, at: float
) -> bool:
    """Say whether what was claimed, and nobody sent in time, has to wait an hour longer.

    Only for what another server did send: of two that are on their way, the first goes.
    """
    if purpose not in opening.BEGUN:
        return False
    begun = await _begun(conn, {user_id}, at)
    others = [one for one in begun if one.guild_id != guild_id and not one.is_on_its_way]
    return opening.is_within_the_hour(at, others)


async def waiting(
    conn: Connection, purpose: Purpose, guild_id: int, user_ids: Collection[int], at: float
) -> set[int]:
    """Return which of these members may not be written to now."""
    begun = await _begun(conn, user_ids, at)
    return {
        user_id
        for user_id in {one.user_id for one in begun}
        if opening.waits(purpose, guild_id, at, [b for b in begun if b.user_id == user_id])
    }


async def free_from(
    conn: Connection, purpose: Purpose, guild_id: int, user_id: int, at: float
) -> float:
    """Return from when on a week has passed since what the member got unasked; 0 for long ago."""
    begun = [one for one in await _begun(conn, {user_id}, at) if one.at <= at]
    return opening.free_from(purpose, guild_id, begun)


async def allowance(conn: Connection, at: float) -> int:
    """Return how many members may get their first message now; below 1 means none."""
    counts = [
        await direct.count_first(conn, at - span, until=at + span)
        for span, _ in opening.FIRST_LIMITS
    ]
    return opening.first_allowance(counts)


async def _begun(conn: Connection, user_ids: Collection[int], at: float) -> list[Begun]:
    return await direct.begun(conn, user_ids, at - opening.WEEK_S, at + opening.APART_S)
