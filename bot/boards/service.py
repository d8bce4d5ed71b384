"""Boards for whoever asks: which span counts, the first places, and the asker's own."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.boards import rules
from bot.boards.rules import Period
from bot.clock import Clock
from bot.errors import UserError
from bot.points.service import PointsService
from storage import boards, members, seasons
from storage.connection import Connection
from storage.database import Database
from storage.records import BoardSpan, Standing

SUMMED_AT_ONCE = 250
"""Members whose season one transaction sums: others write in between."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board as one member sees it; ``days`` are its first and last day, None for all time.

    ``around`` are the places next to the asker's own where that is not among the ``top``.
    """

    period: Period
    days: tuple[int, int] | None
    top: tuple[Standing, ...]
    own: Standing | None
    around: tuple[Standing, ...]
    is_hidden: bool

    @property
    def user_ids(self) -> tuple[int, ...]:
        """Return whose names are needed, each once."""
        return tuple(dict.fromkeys(s.user_id for s in (*self.top, *self.around)))

    @property
    def for_everybody(self) -> "Board":
        """Return what of it may be posted: the first places, and nothing about the asker."""
        return replace(self, own=None, around=(), is_hidden=False)


@dataclass(frozen=True, slots=True)
class BoardsService:
    """Answers `/leaderboard`."""

    database: Database
    clock: Clock
    points: PointsService

    async def board(self, guild_id: int, user_id: int, period: Period | None = None) -> Board:
        """Return a board, hidden members left out.

        Parameters
        ----------
        period
            None takes the first of `rules.BY_ITSELF` that has anybody on it.

        Raises
        ------
        UserError
            The season is asked for where the guild has none now.
        """
        async with self.database.read() as conn:
            is_hidden = not (await members.member(conn, guild_id, user_id)).is_on_boards
            for window in await self._windows(conn, guild_id, period):
                span, unknown = await self._kept(conn, guild_id, window)
                found = await boards.places(
                    conn, guild_id, span, user_id, n_top=rules.N_TOP, n_around=rules.N_AROUND
                )
                if found.top:
                    break
        if unknown is not None:
            await self.database.write(lambda conn: seasons.note(conn, guild_id, *unknown))
        return Board(
            period=window.period,
            days=window.days,
            top=found.top,
            own=found.own,
            around=found.around,
            is_hidden=is_hidden,
        )

    async def _windows(
        self, conn: Connection, guild_id: int, period: Period | None
    ) -> list[rules.Window]:
        zone, season = await self.points.calendar(conn, guild_id)
        if period == "season" and season is None:
            raise UserError("error-boards-season")
        now = self.clock().timestamp()
        wanted = (period,) if period else rules.BY_ITSELF
        return [
            rules.window(each, now, zone, season)
            for each in wanted
            if each != "season" or season is not None
        ]

    async def _kept(
        self, conn: Connection, guild_id: int, window: rules.Window
    ) -> tuple[BoardSpan, rules.Season | None]:
        """Return the span to read a window from, and its season where no sums are kept yet."""
        season = window.season
        if season is None or window.span.is_kept:
            return window.span, None
        period = await seasons.kept(conn, guild_id, *season)
        if period:
            return BoardSpan(periods=(period,)), None
        return window.span, season if period is None else None

    async def tick(self, now: datetime) -> None:
        """Sum what the seasons that were asked for come to, some members at a time."""
        async with self.database.read() as conn:
            is_due = await seasons.is_due(conn)
        while is_due:
            is_due = await self.database.write(partial(seasons.fill, at_once=SUMMED_AT_ONCE))

    async def show(self, guild_id: int, user_id: int, is_shown: bool) -> None:
        """Put a member on the boards, or take them off; their points stay what they are."""
        await self.points.show_on_boards(guild_id, user_id, is_shown)
