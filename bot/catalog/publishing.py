"""Tells the reward rules that somebody's resource was published, or retired.

Whose it is: of whoever proposed it, else of its creator.
"""

from bot.points.service import PointsService
from storage import events, members, submissions
from storage.connection import Connection
from storage.records import Event, EventKind, Resource

_TURNS = (EventKind.PUBLISHED, EventKind.RETIRED)


async def tell(
    conn: Connection,
    points: PointsService,
    actor_id: int,
    resource: Resource,
    proposed_by: int | None = None,
) -> None:
    """Store that a resource is live now, or retired, where that pays or takes back.

    ``proposed_by`` is who proposed it, where that is not written down yet.
    """
    guild_id, resource_id = resource.guild_id, resource.resource_id
    finder_id = proposed_by or await submissions.finder_of(conn, guild_id, resource_id)
    whose = finder_id or resource.creator_id
    people = {actor_id} | ({whose} if whose is not None else set())
    hidden = await members.untracked(conn, guild_id, people)
    is_live = resource.state == "live"
    last = await events.last_turn(conn, guild_id, resource_id, _TURNS)
    if is_live and whose in (None, actor_id, *hidden):
        return
    if not is_live and last is None and not await points.standing_of(conn, guild_id, resource_id):
        return
    event = Event(
        guild_id=guild_id,
        source_id=resource_id,
        kind=EventKind.PUBLISHED if is_live else EventKind.RETIRED,
        user_id=0 if actor_id in hidden else actor_id,
        occurred_at=resource.updated_at,
        qualifier=0 if last is None else last + is_live,
        resource_id=resource_id,
        target_id=None if whose in hidden else whose,
    )
    await points.record(conn, event)
