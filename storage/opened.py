"""What products open now: what was merged or replaced is stood for by something else.

The rows of `product_resources` stay as moderators made them, so that what is parted again is as it
was; whoever asks what a product opens asks here.
"""

from collections.abc import Collection
from functools import cache

from sqlalchemy import ColumnElement, Subquery, func, select, union, update

from storage.connection import Connection
from storage.schema import product_resources, resources
from storage.standing import stood_for as stood_for


@cache
def opened() -> Subquery:
    """Return (product_id, guild_id, resource_id) of what products open.

    A resource that stands for several others is there once for each.
    """
    standing = func.coalesce(resources.c.moved_to, product_resources.c.resource_id)
    return (
        select(
            product_resources.c.product_id,
            product_resources.c.guild_id,
            standing.label("resource_id"),
        )
        .join(resources, resources.c.resource_id == product_resources.c.resource_id)
        .subquery("opened")
    )


async def mark(conn: Connection, guild_id: int, resource_ids: Collection[int]) -> None:
    """Say of resources whether a product opens them."""
    await conn.execute(
        update(resources)
        .where(resources.c.guild_id == guild_id, resources.c.resource_id.in_(list(resource_ids)))
        .values(is_sold=_is_opened())
    )


def _is_opened() -> ColumnElement[bool]:
    """Say that a product opens a resource, or opened it when it was retired for another."""
    by_itself = select(product_resources.c.resource_id)
    return resources.c.resource_id.in_(union(by_itself, select(opened().c.resource_id)))


async def mismarked(conn: Connection) -> list[int]:
    """Return the resources that say wrongly whether a product opens them."""
    rows = await conn.execute(
        select(resources.c.resource_id).where(resources.c.is_sold != _is_opened())
    )
    return list(rows.scalars())
