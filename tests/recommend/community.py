"""A community planted with two tastes, stored as the events it would have left behind."""

from dataclasses import dataclass

import numpy as np

from storage import catalog, events, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Resource
from tests.beginnings import START

DAY_S = 86_400.0
N_MEMBERS, N_RESOURCES, N_DAYS = 40, 60, 40
FIRST_MEMBER = 5_000
TASTES = ("gardens", "rockets")


@dataclass(frozen=True)
class Community:
    """Resource ids by taste, in the order of publication."""

    gardens: list[int]
    rockets: list[int]

    @property
    def everything(self) -> list[int]:
        return sorted(self.gardens + self.rockets)


def resource(guild_id: int, taste: str, number: int, now: float) -> Resource:
    return Resource(
        guild_id=guild_id,
        kind="article" if number % 3 else "course",
        title=f"{taste.title()} {number}",
        url=f"https://example.org/{taste}/{number}",
        summary=f"All about {taste}, part {number}.",
        tags=(taste, "花园" if taste == "gardens" else "火箭"),
        creator=f"Author {number % 7}",
        published_at=now - (N_DAYS + 5) * DAY_S,
    )


async def settle(database: Database, guild_id: int, *, consent: str = "granted") -> Community:
    """Store resources, members and their deeds up to an hour before `START`."""
    now, rng = START.timestamp(), np.random.default_rng(7)
    ids: dict[str, list[int]] = {taste: [] for taste in TASTES}

    async def job(conn: Connection) -> None:
        for number in range(N_RESOURCES):
            taste = TASTES[number % 2]
            ids[taste].append(await catalog.add(conn, resource(guild_id, taste, number, now)))
        for number in range(N_MEMBERS):
            user_id = FIRST_MEMBER + number
            await members.change_member(conn, guild_id, user_id, now, consent=consent)
        await events.insert_many(conn, _deeds(guild_id, ids, rng, now), now - 3_600)

    await database.write(job)
    return Community(**ids)


async def act(
    database: Database,
    guild_id: int,
    user_id: int,
    kind: EventKind,
    resource_ids: list[int],
    at: float,
    *,
    first_source: int = 10**15,
) -> None:
    """Store deeds of one member, a second apart."""
    done = [
        Event(
            guild_id=guild_id,
            source_id=first_source + i,
            kind=kind,
            user_id=user_id,
            occurred_at=at + i,
            resource_id=resource_id,
        )
        for i, resource_id in enumerate(resource_ids)
    ]
    await database.write(lambda conn: events.insert_many(conn, done, at))


async def break_refits(database: Database) -> None:
    """Make every snapshot that would serve impossible to store."""
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON snapshots WHEN new.state = 'live' "
    refuse += "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    await database.write(lambda conn: conn.exec_driver_sql(refuse))


def _deeds(
    guild_id: int, ids: dict[str, list[int]], rng: np.random.Generator, now: float
) -> list[Event]:
    deeds: list[Event] = []
    for number in range(N_MEMBERS):
        own, other = ids[TASTES[number % 2]], ids[TASTES[1 - number % 2]]
        wanted = [*rng.choice(own, 16, replace=False), *rng.choice(other, 1)]
        times = now - 3_600 - rng.uniform(0, N_DAYS * DAY_S, len(wanted))
        for resource_id, at in zip(wanted, times, strict=True):
            kind = EventKind.SAVE if rng.random() < 0.4 else EventKind.OPEN
            deeds.append(
                Event(
                    guild_id=guild_id,
                    source_id=len(deeds) + 1,
                    kind=kind,
                    user_id=FIRST_MEMBER + number,
                    occurred_at=float(at),
                    resource_id=int(resource_id),
                )
            )
    return sorted(deeds, key=lambda deed: deed.occurred_at)
