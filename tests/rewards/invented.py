"""Two kinds of reward that nobody has, from their events to the ledger, a preview and a re-score.

Run by `test_kinds` as a process of its own, in a copy of the bot whose table of kinds has two more
rows: ``opener``, paid for opening a thread, and ``follower``, paid to whom somebody follows.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.i18n import LANGUAGES, Texts
from bot.points import views as points_views
from bot.points.service import PointsService, replay
from bot.rewards import calendar, fields
from bot.rewards.kinds import KINDS
from bot.rewards.ruleset import DAY_S
from bot.rulebook import draft_screen
from bot.rulebook.rescoring import Progress
from bot.rulebook.service import RulebookService
from storage import ledger
from storage.database import Database, open_database
from storage.records import Event, EventKind, LedgerEntry

ROWS = """
    Kind(
        name="opener",
        event=EventKind.THREAD,
        needs="nobody",
        by="own",
        giver="nobody",
        ends=EventKind.MESSAGE_DELETED,
        fields=("points", "per_day", "is_capped"),
        default=Rule(points=3 * POINT, per_day=2),
    ),
    Kind(
        name="follower",
        event=EventKind.FOLLOW,
        by="click",
        rests_on="giver",
        opposite=EventKind.UNDISMISS,
        windows=frozenset({"voice"}),
        fields=("points", "per_day", "pair_days", "giver_taper", "is_capped"),
        default=Rule(points=4 * POINT, per_day=5, pair_days=3, giver_taper=1),
    ),
"""
"""What the copy's table of kinds has besides."""
ANN, BEN, NEW = 10, 11, 12
PEOPLE = (ANN, BEN, NEW)
GUILD, MODERATOR = 1, 99
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()


@dataclass
class Scene:
    """Services whose clock stands where the scene puts it."""

    database: Database
    now: float = START
    points: PointsService = field(init=False)
    book: RulebookService = field(init=False)

    def __post_init__(self) -> None:
        self.points = PointsService(self.database, self.clock)
        self.book = RulebookService.of(self.database, self.clock, self.points)

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    async def happen(
        self, source_id: int, kind: EventKind, user_id: int, target_id: int | None = None
    ) -> None:
        event = Event(
            guild_id=GUILD,
            source_id=source_id,
            kind=kind,
            user_id=user_id,
            occurred_at=self.now,
            target_id=target_id,
        )
        await self.database.write(lambda conn: self.points.record(conn, event))
        self.now += 60.0

    async def entries(self, user_id: int) -> list[LedgerEntry]:
        async with self.database.read() as conn:
            return (await ledger.history(conn, GUILD, user_id, 100))[::-1]

    async def sum(self) -> int:
        return sum([entry.amount for user_id in PEOPLE for entry in await self.entries(user_id)])

    async def amounts(self, user_id: int) -> list[tuple[str, int]]:
        return [(entry.kind, entry.amount) for entry in await self.entries(user_id)]


async def play(scene: Scene) -> None:
    """Let everything happen that a kind of each sort can meet with."""
    long_ago, scene.now = scene.now, scene.now - 60 * DAY_S
    for source_id, user_id in ((1, ANN), (2, BEN)):
        await scene.happen(source_id, EventKind.REACTION, user_id)
    scene.now = long_ago
    for source_id in (3, 4, 5):  # who is answered by three members has a full say
        await scene.happen(source_id, EventKind.REACTION, 20 + source_id, BEN)
    for source_id in (100, 101, 102):
        await scene.happen(source_id, EventKind.THREAD, ANN)
    assert await scene.amounts(ANN) == [("opener", 300)] * 2, "twice a day"
    await scene.happen(101, EventKind.MESSAGE_DELETED, ANN)
    assert await scene.amounts(ANN) == [("opener", 300)] * 2 + [("opener", -300)]
    await scene.happen(103, EventKind.THREAD, ANN)
    assert (await scene.amounts(ANN))[3:] == [("opener", 300)], "there is room again"

    await scene.happen(200, EventKind.FOLLOW, BEN, ANN)
    await scene.happen(201, EventKind.FOLLOW, BEN, ANN)
    await scene.happen(202, EventKind.FOLLOW, NEW, ANN)
    await scene.happen(203, EventKind.FOLLOW, ANN, ANN)
    await scene.happen(204, EventKind.FOLLOW, ANN, BEN)
    paid = [("follower", 400), ("follower", 100), ("follower", 40)]
    assert (await scene.amounts(ANN))[4:] == paid, "shared by pair and voice; damped for who is new"
    assert await scene.amounts(BEN) == [], "locked the other way round"
    await scene.happen(200, EventKind.UNDISMISS, BEN, ANN)
    assert (await scene.amounts(ANN))[7:] == [("follower", -400)]


async def agree(scene: Scene) -> None:
    """See that a replay of the log gives the ledger, entry by entry."""
    found: list[tuple[int, int, int]] = []
    async with scene.database.read() as conn:
        rules = (await scene.points.rules_in_force(conn, GUILD))[1]
        async for stretch in replay(conn, GUILD, [rules]):
            for paid, event_id, is_back in stretch.moves[0]:
                found.append((event_id, paid.user_id, -paid.amount if is_back else paid.amount))
    held = [entry for user_id in PEOPLE for entry in await scene.entries(user_id)]
    assert sorted(found) == sorted((e.event_id or 0, e.user_id, e.amount) for e in held)


async def read(scene: Scene) -> None:
    """Look at it as members and moderators do, in every language."""
    statement = await scene.points.why(GUILD, ANN)
    draft = await scene.book.drafts.draft(GUILD)
    for language in LANGUAGES:
        texts = Texts(language)
        assert points_views.statement(statement, texts).children
        for kind in ("opener", "follower"):
            assert draft_screen.section(draft, kind, texts).children


async def change(scene: Scene) -> None:
    """Draft, preview, publish and count again, as moderators do."""
    for name in ("opener", "follower"):
        points = fields.field_of(name, "points")
        await scene.book.drafts.edit(GUILD, MODERATOR, points, "5")
    shown = await scene.book.previews.of_days(GUILD, 7, Progress())
    assert shown.minted == (("opener", 600, 1_000), ("follower", 140, 175))
    draft = await scene.book.drafts.draft(GUILD)
    since = calendar.day_start("2026-03-02", "UTC")
    made = await scene.book.publishing.publish(GUILD, MODERATOR, draft.stamp, "a test", since=since)
    assert made.rescore is not None
    done = await scene.book.rescoring.carry_out(made.rescore, Progress())
    assert (await scene.sum(), done.amount) == (1_175, 435)
    undo = await scene.book.rescoring.undo(GUILD, MODERATOR, done.rescore_id, "a test")
    await scene.book.rescoring.carry_out(undo, Progress())
    assert await scene.sum() == 740


async def main(folder: Path) -> None:
    assert KINDS[-2:] == ("opener", "follower")
    async with open_database(folder / "invented.sqlite3") as database:
        scene = Scene(database)
        for act in (play, agree, read, change):
            await act(scene)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
