"""How much buyers used of what they have, in numbers without names."""

from sqlalchemy import and_, func, select

from storage.access import holds
from storage.connection import Connection
from storage.deeds import standing_id
from storage.opened import opened
from storage.schema import accesses, events, members


async def uses(
    conn: Connection,
    guild_id: int,
    product_id: int,
    kinds: tuple[int, ...],
    now: float,
    ends_before: float | None = None,
) -> list[int]:
    """Return of each member who has a product now how many of its resources they used.

    Parameters
    ----------
    kinds
        The events that use a resource.
    ends_before
        Whose time ends before that moment only; None for everybody who has it.
    """
    what = opened()
    of_product = select(what.c.resource_id).where(what.c.product_id == product_id)
    n_used = func.count(standing_id().distinct())
    wanted = [accesses.c.ends_at < ends_before] if ends_before is not None else []
    rows = await conn.execute(
        select(n_used)
        .select_from(accesses)
        .outerjoin(
            members,
            and_(
                members.c.guild_id == accesses.c.guild_id,
                members.c.user_id == accesses.c.user_id,
            ),
        )
        .outerjoin(
            events,
            and_(
                events.c.guild_id == accesses.c.guild_id,
                events.c.user_id == accesses.c.user_id,
                events.c.kind.in_(kinds),
                standing_id().in_(of_product),
            ),
        )
        .where(
            accesses.c.guild_id == guild_id,
            accesses.c.product_id == product_id,
            holds(now),
            # Of who is not tracked nothing is known, which is not "little".
            func.coalesce(members.c.is_tracked, True),
            *wanted,
        )
        .group_by(accesses.c.user_id)
    )
    return list(rows.scalars())
