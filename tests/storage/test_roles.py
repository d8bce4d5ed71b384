"""Why a member has a role from the bot: of every state of both tables, and of nobody else's."""

from typing import get_args

import pytest
from sqlalchemy import insert, select

from storage import roles
from storage.connection import Connection
from storage.database import Database
from storage.records import GrantState, RedemptionState
from storage.schema import level_grants, redemptions
from tests.privacy.test_storage import make_row

GUILD, ANN, ROLE, NOW = 1, 7, 55, 1_000.0
HAS = {"granted", "doubtful", "kept"}


async def buy(conn: Connection, state: str, until_at: float | None, **changes: int) -> int:
    fixed = {"guild_id": GUILD, "user_id": ANN, "role_id": ROLE} | changes
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    row = await make_row(conn, redemptions, **fixed, state=state, until_at=until_at)
    await conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    return int(row["redemption_id"])


async def asked(database: Database) -> list[tuple[str, int]]:
    async with database.read() as conn:
        return [*await roles.reasons(conn, GUILD, ANN, ROLE, NOW)]


@pytest.mark.parametrize("state", get_args(GrantState))
async def test_a_level_is_a_reason_while_the_member_has_the_role(
    database: Database, state: GrantState
) -> None:
    async def grant(conn: Connection) -> None:
        for user_id, role_id in ((ANN, ROLE), (ANN, 66), (8, ROLE)):
            values = {"guild_id": GUILD, "user_id": user_id, "role_id": role_id, "state": state}
            await conn.execute(insert(level_grants).values(values | {"changed_at": 0}))

    await database.write(grant)
    async with database.read() as conn:
        first = await conn.scalar(select(level_grants.c.grant_id).order_by("grant_id").limit(1))
    assert await asked(database) == ([("level", first)] if state in HAS else [])


@pytest.mark.parametrize("until_at", [None, NOW - 1, NOW, NOW + 1])
@pytest.mark.parametrize("state", get_args(RedemptionState))
async def test_a_purchase_is_a_reason_until_it_is_over(
    database: Database, state: RedemptionState, until_at: float | None
) -> None:
    number = await database.write(lambda conn: buy(conn, state, until_at))
    await database.write(lambda conn: buy(conn, state, until_at, user_id=8))
    await database.write(lambda conn: buy(conn, state, until_at, role_id=66))
    lasts = state == "owed" or (state == "active" and (until_at is None or until_at > NOW))
    assert await asked(database) == ([("purchase", number)] if lasts else [])
