"""A messenger that keeps what it is given, and a clock that is set by hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.messenger import GuildAwayError, Letter, Recipient


@dataclass
class FakeClock:
    now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # a Sunday

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now


@dataclass
class FakeMessenger:
    """Delivers to a list. A fault is raised instead, or after delivery if `arrives`."""

    sent: list[Letter] = field(default_factory=list)
    faults: dict[int, BaseException] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    away: set[int] = field(default_factory=set)
    roles: frozenset[int] = frozenset()
    arrives: bool = False
    attempts: list[int] = field(default_factory=list)
    before_send: Callable[[Letter], Awaitable[None]] | None = None
    unreachable: BaseException | None = None

    async def recipient(self, guild_id: int, user_id: int) -> Recipient | None:
        if self.unreachable is not None:
            raise self.unreachable
        if guild_id in self.away:
            raise GuildAwayError(str(guild_id))
        return None if user_id in self.gone else Recipient("Lyceum", self.roles)

    async def send(self, letter: Letter) -> int:
        self.attempts.append(letter.user_id)
        if self.before_send is not None:
            await self.before_send(letter)
        fault = self.faults.get(letter.user_id)
        if fault is None or self.arrives:
            self.sent.append(letter)
        if fault is not None:
            raise fault
        return 9_000 + len(self.sent)

    async def was_sent(self, user_id: int, marker: str, since: datetime) -> int | None:
        if self.unreachable is not None:
            raise self.unreachable
        for number, letter in enumerate(self.sent, 9_001):
            if (letter.user_id, letter.marker) == (user_id, marker):
                return number
        return None

    def got(self, user_id: int) -> int:
        return sum(letter.user_id == user_id for letter in self.sent)
