"""Events as capture delivers them, for tests of what they earn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from bot.boards.rules import Period
from bot.boards.service import Board, BoardsService
from bot.emoji import emoji_hash
from bot.points.service import PointsService
from bot.rewards import formats
from bot.rewards.decisions import DISCORD_EPOCH_S
from bot.rewards.ruleset import RuleSet
from bot.rulebook.service import RulebookService
from bot.rulebook.values import field_of
from storage import consistency, events, ledger, members, rulebook
from storage.database import Database
from storage.records import Event, EventKind, Guild, LedgerEntry, StoredRuleSet
from storage.schema import resources

GUILD = 1
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
"""A Monday morning."""
HOUR = 3600.0
PLAIN = formats.from_dict(
    {
        "message": {"per_day": 20, "taper": 3},
        "helpful": {"points": 200, "taper": 10, "min_length": 1, "needs_new": True},
    }
)
"""Rules under which a click is worth the same whosever it is: for tests of something else."""
THUMB, PARTY = "👍", "🎉"


def message(message_id: int, author: int = 10, at: float = START, **more: Any) -> Event:
    more.setdefault("length_class", 2)
    return Event(
        guild_id=GUILD,
        source_id=message_id,
        kind=EventKind.MESSAGE,
        user_id=author,
        occurred_at=at,
        channel_id=5,
        **more,
    )


def reply(message_id: int, author: int = 10, at: float = START, to: int = 11) -> Event:
    return message(message_id, author, at, in_thread=True, target_id=to)


def deleted(message_id: int, author: int = 10, at: float = START) -> Event:
    return Event(
        guild_id=GUILD,
        source_id=message_id,
        kind=EventKind.MESSAGE_DELETED,
        user_id=author,
        occurred_at=at,
        channel_id=5,
    )


def reaction(
    message_id: int,
    giver: int,
    receiver: int | None = 10,
    at: float = START,
    emoji: str = THUMB,
    kind: EventKind = EventKind.REACTION,
) -> Event:
    return Event(
        guild_id=GUILD,
        source_id=message_id,
        kind=kind,
        user_id=giver,
        occurred_at=at,
        qualifier=emoji_hash(emoji),
        channel_id=5,
        target_id=receiver,
    )


def unreaction(
    message_id: int, giver: int, receiver: int | None = 10, at: float = START, emoji: str = THUMB
) -> Event:
    return reaction(message_id, giver, receiver, at, emoji, EventKind.REACTION_REMOVED)


def snowflake(made_at: float) -> int:
    """Return the id of an account made at a moment."""
    return int((made_at - DISCORD_EPOCH_S) * 1_000) << 22


async def go_by(database: Database, rules: RuleSet, guild_id: int = GUILD) -> None:
    """Let a guild go by rules as if they were the defaults, for it published none."""
    stored = StoredRuleSet(
        guild_id=guild_id,
        version=0,
        rules=formats.to_dict(rules),
        created_by=0,
        created_at=0.0,
        effective_at=0.0,
    )
    await database.write(lambda conn: rulebook.append_rule_set(conn, stored))


@dataclass
class Desk:
    """A points service whose clock stands where the test puts it."""

    database: Database
    now: float = START
    points: PointsService = field(init=False)
    boards: BoardsService = field(init=False)
    book: RulebookService = field(init=False)

    def __post_init__(self) -> None:
        clock = lambda: datetime.fromtimestamp(self.now, UTC)  # noqa: E731
        self.points = PointsService(self.database, clock)
        self.boards = BoardsService(self.database, clock, self.points)
        self.book = RulebookService.of(self.database, clock, self.points)

    async def deliver(self, *happened: Event) -> None:
        """Store and pay for each event in turn, in one transaction, as capture does."""

        async def job(conn: Any) -> None:
            for event in happened:
                event_id = await events.append(conn, event, self.now)
                if event_id is not None:
                    await self.points.award(conn, event, event_id)

        await self.database.write(job)

    async def deliver_in(self, happened: Sequence[Event], sizes: Sequence[int]) -> None:
        """Store and pay for events in batches of these sizes, the last one over and over."""
        left, turns = list(happened), list(sizes)
        while left:
            size = turns.pop(0) if len(turns) > 1 else turns[0]
            batch, left = left[:size], left[size:]

            async def job(conn: Any, batch: list[Event] = batch) -> None:
                found = await events.append_many(conn, batch, self.now)
                new = [(e, event_id) for e, event_id in zip(batch, found, strict=True) if event_id]
                await self.points.award_many(conn, new)

            await self.database.write(job)

    async def know(self, *users: int, since: float = START - 60 * 24 * HOUR) -> None:
        """Let members have been here for long: one wordless message each."""
        await self.deliver(*(message(10**15 + user, user, since, length_class=0) for user in users))

    async def shelve(self, resource_ids: Iterable[int]) -> None:
        """Let there be resources of these ids."""
        rows = [
            {
                "resource_id": number,
                "guild_id": GUILD,
                "kind": "article",
                "title": str(number),
                "url": f"https://example.org/{number}",
                "url_key": str(number),
                "published_at": START,
                "created_at": START,
                "updated_at": START,
            }
            for number in resource_ids
        ]
        await self.database.write(lambda conn: conn.execute(insert(resources), rows))

    async def balance(self, user_id: int = 10, guild_id: int = GUILD) -> int:
        async with self.database.read() as conn:
            return await ledger.balance(conn, guild_id, user_id)

    async def board(self, user_id: int = 10, period: Period | None = None) -> Board:
        return await self.boards.board(GUILD, user_id, period)

    async def differences(self) -> list[consistency.Difference]:
        async with self.database.read() as conn:
            return await consistency.differences(conn)

    async def live_in(self, time_zone: str) -> None:
        guild = Guild(GUILD, time_zone=time_zone)
        await self.database.write(lambda conn: members.save_guild(conn, guild))

    async def set(self, rule: str, name: str, written: str) -> int:
        made = await self.book.publishing.set_value(
            GUILD, 99, field_of(rule, name), written, "a test"
        )
        return made.version

    async def history(self, user_id: int = 10, limit: int = 20) -> list[LedgerEntry]:
        """Return a member's last entries, newest first."""
        async with self.database.read() as conn:
            return await ledger.history(conn, GUILD, user_id, limit)
