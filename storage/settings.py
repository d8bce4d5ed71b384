"""Small facts the program keeps about itself, by key."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.schema import meta

_PROOF = "health"


async def value(conn: Connection, key: str) -> str | None:
    """Return the value of `key`, None where there is none."""
    found: str | None = await conn.scalar(select(meta.c.value).where(meta.c.key == key))
    return found


async def set_value(conn: Connection, key: str, text: str) -> None:
    """Store `text` under `key`."""
    statement = upsert(meta).values(key=key, value=text)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": text})
    )


_OWNER = "bot"


async def owner(conn: Connection) -> int | None:
    """Return the id of the bot that the database belongs to, None while it is nobody's."""
    found = await value(conn, _OWNER)
    return None if found is None else int(found)


async def set_owner(conn: Connection, bot_id: int | None) -> None:
    """Say whose the database is; None for whoever is connected next."""
    if bot_id is None:
        await conn.execute(delete(meta).where(meta.c.key == _OWNER))
    else:
        await set_value(conn, _OWNER, str(bot_id))


async def is_from_before(conn: Connection) -> bool:
    """Say whether a bot used the database, but none since it is kept in which servers it is."""
    told = select(meta.c.key).where(meta.c.key.startswith("commands:", autoescape=True)).limit(1)
    return await owner(conn) is None and await conn.scalar(told) is not None


_ASKED, _CLEAN = "erasure:asked", "erasure:clean"


async def ask_for_scrub(conn: Connection, now: float) -> None:
    """Remember that something was erased whose traces may still be in the file."""
    n_asked = int((await value(conn, _ASKED) or "0").split()[0])
    await set_value(conn, _ASKED, f"{n_asked + 1} {now}")


async def wanted_scrub(conn: Connection) -> tuple[str, float] | None:
    """Return a mark of the last erasure whose traces may be there and its moment, None for none."""
    asked = await value(conn, _ASKED)
    if asked is None or asked == await value(conn, _CLEAN):
        return None
    return asked, float(asked.split()[1])


async def set_scrubbed(conn: Connection, mark: str) -> None:
    """Say that nothing is left of what was erased up to that mark."""
    await set_value(conn, _CLEAN, mark)


_ERASED = "erased:"


async def known_promises(conn: Connection) -> dict[str, tuple[bool, float]]:
    """Return which promises were carried out here: whether after a restore, and when made."""
    rows = await conn.execute(
        select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_ERASED, autoescape=True))
    )
    found = {}
    for key, text in rows:
        is_again, _, made_at = text.rpartition(" ")
        if not made_at or made_at == "again":  # as written before there was a moment
            is_again, made_at = made_at, "0"
        found[key.removeprefix(_ERASED)] = is_again == "again", float(made_at)
    return found


async def know_promise(conn: Connection, salt: str, made_at: float, *, is_again: bool) -> None:
    """Remember that a promise was carried out."""
    await set_value(conn, _ERASED + salt, f"{'again' if is_again else ''} {made_at}")


async def forget_promises(conn: Connection, salts: Collection[str]) -> None:
    """Forget that promises were carried out, for no backup is left that was made before them."""
    await conn.execute(delete(meta).where(meta.c.key.in_([_ERASED + salt for salt in salts])))


async def prove_writable(conn: Connection) -> None:
    """Write something that needs room on the disk, and take it away again."""
    await set_value(conn, _PROOF, "x" * 8_192)
    await conn.execute(delete(meta).where(meta.c.key == _PROOF))
