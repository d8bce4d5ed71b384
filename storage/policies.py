"""How each guild is served: the share held out, and the experiment that runs."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Experiment, Policy, TrialState
from storage.schema import experiments, insight_settings, snapshots

_COLUMNS = [experiments.c[each.name] for each in fields(Experiment)]


async def of(conn: Connection, guild_id: int) -> Policy:
    """Return what decides how a guild is served."""
    chosen = insight_settings.c.holdout, insight_settings.c.is_holdout_set
    row = (
        await conn.execute(select(*chosen).where(insight_settings.c.guild_id == guild_id))
    ).one_or_none()
    holdout, is_set = row if row else (0.0, False)
    trial = await running(conn, guild_id)
    return Policy(guild_id=guild_id, holdout=holdout, is_holdout_set=is_set, experiment=trial)


async def hold_out(conn: Connection, guild_id: int, share: float, *, is_set: bool) -> None:
    """Store the share of members that is held out."""
    values = {"holdout": share, "is_holdout_set": is_set}
    await conn.execute(
        upsert(insight_settings)
        .values(guild_id=guild_id, **values)
        .on_conflict_do_update(index_elements=["guild_id"], set_=values)
    )


async def running(conn: Connection, guild_id: int) -> Experiment | None:
    """Return the experiment that runs in a guild."""
    found = await conn.execute(
        select(*_COLUMNS).where(
            experiments.c.guild_id == guild_id, experiments.c.state == "running"
        )
    )
    row = found.one_or_none()
    return Experiment(**row._mapping) if row else None


async def all_running(conn: Connection) -> list[Experiment]:
    """Return every experiment that runs."""
    rows = await conn.execute(select(*_COLUMNS).where(experiments.c.state == "running"))
    return [Experiment(**row._mapping) for row in rows]


async def latest(conn: Connection, guild_id: int, limit: int) -> list[Experiment]:
    """Return a guild's experiments, the newest first."""
    rows = await conn.execute(
        select(*_COLUMNS)
        .where(experiments.c.guild_id == guild_id)
        .order_by(experiments.c.experiment_id.desc())
        .limit(limit)
    )
    return [Experiment(**row._mapping) for row in rows]


async def start(conn: Connection, wanted: Experiment) -> int:
    """Store a new experiment and return its id."""
    values: dict[str, Any] = asdict(wanted)
    del values["experiment_id"]
    added = insert(experiments).values(values).returning(experiments.c.experiment_id)
    return int((await conn.execute(added)).scalar_one())


async def end(
    conn: Connection, experiment_id: int, state: TrialState, now: float, result: dict[str, Any]
) -> bool:
    """End an experiment that runs; False if it had ended."""
    done = await conn.execute(
        update(experiments)
        .where(experiments.c.experiment_id == experiment_id, experiments.c.state == "running")
        .values(state=state, ended_at=now, result=result)
    )
    return done.rowcount == 1


async def with_models(conn: Connection) -> list[int]:
    """Return the guilds that a model was ever tried for: there is something to be held out from."""
    rows = await conn.execute(select(snapshots.c.guild_id).distinct())
    return list(rows.scalars())
