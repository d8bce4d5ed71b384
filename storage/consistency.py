"""Proofs that what is derived agrees with what it is derived from; `lyceum check` runs them."""

from storage import boards, ledger, orders
from storage.connection import Connection


async def problems(conn: Connection) -> list[str]:
    """Return what does not agree, a sentence each; empty where all is well."""
    found = await disagreements(conn)
    for orphan in (await conn.exec_driver_sql("PRAGMA foreign_key_check")).mappings():
        found.append(
            f"table {orphan['table']}, row {orphan['rowid']}: refers to a missing row of "
            f"{orphan['parent']}"
        )
    for verdict in (await conn.exec_driver_sql("PRAGMA quick_check(10)")).scalars():
        if verdict != "ok":
            found.append(f"the file is damaged: {verdict}")
    return found


async def disagreements(conn: Connection) -> list[str]:
    """Return where kept sums and purchases disagree with the ledger."""
    found = [
        f"guild {d.guild_id}, member {d.user_id}"
        + (f", day {d.day}" if d.day is not None else "")
        + f": the ledger sums to {d.ledger}, the balance is {d.balance}; {d.earned} was earned, "
        f"{d.standing} stands as earned, the days sum to {d.daily}"
        for d in await ledger.differences(conn)
    ]
    found += [
        f"guild {r.guild_id}, member {r.user_id}: redemption {r.redemption_id} is {r.state}, and "
        "the ledger says otherwise"
        for r in await orders.differences(conn)
    ]
    found += [
        f"guild {d.guild_id}, member {d.user_id}, {d.period}: the days sum to {d.days}, the board "
        f"says {d.kept}"
        for d in await boards.differences(conn)
    ]
    return found
