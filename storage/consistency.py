"""Proofs that what is derived agrees with what it is derived from; `lyceum check` runs them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from storage import boards, orders
from storage.connection import Connection
from storage.schema import (
    TRIGGERS,
    balances,
    catalogue_changes,
    daily_points,
    ledger,
    question_changes,
    versions,
)

_SIDES = ("ledger", "balance", "earned", "standing", "daily")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the ledger and the sums kept beside it disagree.

    ``ledger`` must equal ``balance`` (what may be spent); ``earned``, the ledger without
    spending, must equal ``standing`` (what levels go by) and ``daily``. ``day`` is None for the
    whole account; balances have no days, so for a day only ``earned`` and ``daily`` count.
    """

    guild_id: int
    user_id: int
    day: int | None
    ledger: int
    balance: int
    earned: int
    standing: int
    daily: int


async def differences(conn: Connection) -> list[Difference]:
    """Return every account, and every day of one, whose kept sums disagree with the ledger."""
    earning = case((ledger.c.is_spending, 0), else_=ledger.c.amount)
    daily = {"daily": daily_points.c.amount}
    accounts = await conn.execute(
        _disagreeing(
            _side(ledger, null(), {"ledger": ledger.c.amount, "earned": earning}),
            _side(balances, null(), {"balance": balances.c.amount, "standing": balances.c.earned}),
            _side(daily_points, null(), daily),
            pairs=(("ledger", "balance"), ("earned", "standing"), ("earned", "daily")),
        )
    )
    days = await conn.execute(
        _disagreeing(
            _side(ledger, ledger.c.day, {"ledger": ledger.c.amount, "earned": earning}),
            _side(daily_points, daily_points.c.day, daily),
            pairs=(("earned", "daily"),),
        )
    )
    return [Difference(*row) for row in (*accounts, *days)]


def _side(
    table: Table, day: ColumnElement[Any], amounts: Mapping[str, ColumnElement[Any]]
) -> Select[Any]:
    return select(
        table.c.guild_id,
        table.c.user_id,
        day.label("day"),
        *(amounts.get(each, literal(0)).label(each) for each in _SIDES),
    )


def _disagreeing(
    first: Select[Any], *others: Select[Any], pairs: Collection[tuple[str, str]]
) -> Select[Any]:
    """Select the accounts (or days) where the sums of one of the pairs are not the same."""
    rows = union_all(first, *others).subquery()
    sums = {name: func.sum(rows.c[name]) for name in _SIDES}
    return (
        select(rows.c.guild_id, rows.c.user_id, rows.c.day, *sums.values())
        .group_by(rows.c.guild_id, rows.c.user_id, rows.c.day)
        .having(or_(*(sums[a] != sums[b] for a, b in pairs)))
        .order_by(rows.c.guild_id, rows.c.user_id, rows.c.day)
    )


async def problems(conn: Connection) -> list[str]:
    """Return what does not agree, a sentence each; empty where all is well."""
    found = [*await disagreements(conn), *await unnoticed(conn)]
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
        for d in await differences(conn)
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


async def unnoticed(conn: Connection) -> list[str]:
    """Return what would hide a change from searching and from the recommender."""
    made = set(
        (
            await conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        ).scalars()
    )
    found = [
        f"{' '.join(trigger.split()[1:3])} is missing or another: changes would go unnoticed"
        for trigger in TRIGGERS
        if trigger not in made
    ]
    for what, changes, column in (
        ("the catalogue", catalogue_changes, versions.c.catalogue),
        ("the questions", question_changes, versions.c.questions),
    ):
        counted = func.coalesce(column, 0)
        ahead = await conn.execute(
            select(changes.c.guild_id, func.max(changes.c.version), counted)
            .select_from(changes.outerjoin(versions, versions.c.guild_id == changes.c.guild_id))
            .where(changes.c.version > counted)
            .group_by(changes.c.guild_id)
        )
        found += [
            f"guild {guild_id}: a change of {what} is noted as its {noted}th, of {n} counted"
            for guild_id, noted, n in ahead
        ]
    return found
