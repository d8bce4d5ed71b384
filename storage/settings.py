"""Small facts the program keeps about itself, by key."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import meta

_PROOF = "health"


async def value(conn: AsyncConnection, key: str) -> str | None:
    """Return the value of `key`, None where there is none."""
    found: str | None = await conn.scalar(select(meta.c.value).where(meta.c.key == key))
    return found


async def set_value(conn: AsyncConnection, key: str, text: str) -> None:
    """Store `text` under `key`."""
    statement = upsert(meta).values(key=key, value=text)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": text})
    )


async def prove_writable(conn: AsyncConnection) -> None:
    """Write something that needs room on the disk, and take it away again."""
    await set_value(conn, _PROOF, "x" * 8_192)
    await conn.execute(delete(meta).where(meta.c.key == _PROOF))
