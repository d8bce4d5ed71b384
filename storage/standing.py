"""What stands for a resource since it was merged into another, or retired with a replacement.

Rows keep the ids that they were written with, so that parting gives everything back; whoever reads
what members did, said and kept asks here what a resource is now.
"""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, select, union

from storage.schema import resources


def stood_for(guild_id: int, resource_id: int) -> CompoundSelect[Any]:
    """Return a resource and what it stands for, as a selection of their ids."""
    own = select(resources.c.resource_id).where(
        resources.c.guild_id == guild_id, resources.c.resource_id == resource_id
    )
    moved = select(resources.c.resource_id).where(
        resources.c.guild_id == guild_id, resources.c.moved_to == resource_id
    )
    return union(own, moved)


def now(column: Any) -> ColumnElement[int]:
    """Return what stands now for the resource that a column names: itself, unless it moved."""
    one = resources.alias("moved")
    moved = select(one.c.moved_to).where(one.c.resource_id == column).correlate(column.table)
    return func.coalesce(moved.scalar_subquery(), column)
