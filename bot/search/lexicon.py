"""What a server adds to the field's synonyms: moderators read and replace its lines as a whole."""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import UserError
from bot.search import synonyms
from storage import audit, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Guild

TEXT_MAX = 4_000
"""Characters of all lines, the most that a form's field holds."""
SHOWN_MAX = 100
"""Characters of a refused line that its refusal quotes."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that mean the same on a server."""

    database: Database
    clock: Clock

    async def lines(self, guild_id: int) -> list[str]:
        """Return a server's own lines, in the form in which they are kept."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).synonyms.splitlines()

    async def replace(self, guild_id: int, actor_id: int, text: str) -> list[str]:
        """Put `text` in the place of a server's lines, and return them as they are kept.

        Raises
        ------
        UserError
            A line names fewer than two things or too many, or there are too many lines.
        """
        kept = _accepted(text)
        now = self.clock().timestamp()

        async def job(conn: Connection) -> None:
            before = await members.guild(conn, guild_id)
            if before.synonyms == kept:
                return
            after = replace(before, synonyms=kept, created_at=before.created_at or now)
            await members.save_guild(conn, after)
            await audit.append(conn, _row(before, after, actor_id, now))

        await self.database.write(job)
        return kept.splitlines()


def _accepted(text: str) -> str:
    kept, refused = synonyms.checked(text)
    if refused:
        line, key = refused[0]
        raise UserError(
            key,
            line=line[:SHOWN_MAX],
            lines=synonyms.LINES_MAX,
            names=synonyms.NAMES_MAX,
            characters=synonyms.NAME_MAX,
        )
    if len(kept) > TEXT_MAX:
        raise UserError("error-search-synonyms-text", characters=TEXT_MAX)
    return kept


def _row(before: Guild, after: Guild, actor_id: int, now: float) -> AuditRow:
    """Return the entry: how many lines came or went, and how many there are."""
    old, new = set(before.synonyms.splitlines()), set(after.synonyms.splitlines())
    return AuditRow(
        guild_id=after.guild_id,
        actor_id=actor_id,
        action="server-synonyms",
        occurred_at=now,
        details={"n": len(new), "changed": len(new ^ old)},
    )
