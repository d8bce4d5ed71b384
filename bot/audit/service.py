"""Reading the audit trail: a page at a time, or all of it for a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot import dates
from bot.audit import rules
from bot.audit.rules import kind_of as kind_of
from bot.clock import Clock
from bot.errors import UserError
from storage import audit, members
from storage.database import Database
from storage.records import AuditFilter, AuditRow

PAGE_SIZE = 8
EXPORT_MAX = 10_000
"""Entries in one file, the newest; narrower filters bring the rest."""
_PORTION = 500
DAYS_BACK = (0, 7, 30, 90)

Way = Literal["newest", "older", "newer"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a moderator looks for; empty and 0 stand for anything.

    ``since`` is a moment in whole seconds.
    """

    kind: str = ""
    member_id: int = 0
    moderator_id: int = 0
    since: int = 0

    @property
    def filter(self) -> AuditFilter:
        """The rows that fit."""
        return AuditFilter(
            actions=rules.actions(self.kind),
            actor_id=self.moderator_id or None,
            about_id=self.member_id or None,
            since=self.since or None,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the newest first, and whether there are others on either side."""

    asked: Asked
    rows: tuple[AuditRow, ...]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True)
class AuditService:
    """What moderators of a guild changed."""

    database: Database
    clock: Clock

    async def asked(
        self, guild_id: int, *, kind: str, member_id: int, moderator_id: int, since: str
    ) -> Asked:
        """Return what is looked for, of what a moderator filled in.

        Raises
        ------
        UserError
            ``since`` is no day (YYYY-MM-DD).
        """
        moment = 0.0
        if since.strip():
            async with self.database.read() as conn:
                zone = (await members.guild(conn, guild_id)).time_zone
            found = dates.day_start(since, zone)
            if found is None:
                today = dates.day_written(self.clock().timestamp(), zone)
                raise UserError("error-audit-since", value=since[:100], today=today)
            moment = max(found, 0.0)
        return Asked(
            kind=kind if kind in rules.KINDS else "",
            member_id=member_id,
            moderator_id=moderator_id,
            since=int(moment),
        )

    async def days_back(self, guild_id: int) -> list[tuple[str, int]]:
        """Return days that may be asked for, each with how many days ago it was."""
        async with self.database.read() as conn:
            zone = (await members.guild(conn, guild_id)).time_zone
        now = self.clock().timestamp()
        return [(dates.day_written(now - n * dates.DAY_S, zone), n) for n in DAYS_BACK]

    async def page(self, guild_id: int, asked: Asked, way: Way = "newest", pivot: int = 0) -> Page:
        """Return a page of entries.

        Parameters
        ----------
        pivot
            The id of the entry that the page lies before (``older``) or after (``newer``).
        """
        before = pivot if way == "older" else None
        after = pivot if way == "newer" else None
        async with self.database.read() as conn:
            rows = await audit.rows(
                conn, guild_id, asked.filter, limit=PAGE_SIZE + 1, before=before, after=after
            )
        has_more = len(rows) > PAGE_SIZE
        if way == "newer":
            return Page(asked, tuple(rows[-PAGE_SIZE:]), has_newer=has_more, has_older=True)
        return Page(asked, tuple(rows[:PAGE_SIZE]), has_newer=way == "older", has_older=has_more)

    async def export(self, guild_id: int, asked: Asked) -> Sequence[AuditRow]:
        """Return the newest `EXPORT_MAX` entries."""
        found: list[AuditRow] = []
        async with self.database.read() as conn:
            while len(found) < EXPORT_MAX:
                portion = await audit.rows(
                    conn,
                    guild_id,
                    asked.filter,
                    limit=_PORTION,
                    before=found[-1].audit_id if found else None,
                )
                found += portion
                if len(portion) < _PORTION:
                    break
        return found
