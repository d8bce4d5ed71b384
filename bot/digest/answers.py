"""What members say of a letter's cards, from its menu: distinct events, or less of the like."""

from dataclasses import dataclass
from typing import Any, Literal

from bot.clock import Clock
from bot.errors import UserError
from bot.library.service import LibraryService
from bot.links.service import RolesIn
from storage import catalog, events, feedback, impressions, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Mark, Resource

Word = Literal["useful", "known", "too_hard", "too_easy", "less"]
KINDS = {
    "useful": EventKind.USEFUL,
    "known": EventKind.KNOWN,
    "too_hard": EventKind.TOO_HARD,
    "too_easy": EventKind.TOO_EASY,
}
_INSTEAD: dict[str, tuple[Mark, ...]] = {"too_hard": ("too_easy",), "too_easy": ("too_hard",)}
WORDS = (*KINDS, "less")
"""In the order of the menu."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Hears what members say of what a letter showed them."""

    database: Database
    clock: Clock
    library: LibraryService

    async def say(
        self, user_id: int, impression_id: int, word: str, source_id: int, *, roles_in: RolesIn
    ) -> tuple[int, Resource]:
        """Log what a member says of a card; return its guild and resource.

        Raises
        ------
        UserError
            There is no such word, it was shown to somebody else, the member is not tracked, or
            may not use the resource any more.
        """
        if word not in WORDS:
            raise UserError("error-component-unknown")
        if word == "less":
            choice = await self.library.dismiss(
                user_id, impression_id, source_id, None, roles_in=roles_in
            )
            return choice.guild_id, choice.resource

        async def job(conn: Connection) -> tuple[int, Resource]:
            shown = await impressions.impression(conn, impression_id)
            if shown is None or shown.user_id != user_id:
                raise UserError("error-library-not-yours")
            if await members.untracked(conn, shown.guild_id, {user_id}):
                raise UserError("error-library-untracked")
            resource = await catalog.standing(conn, shown.guild_id, shown.resource_id)
            if resource is None:
                raise UserError("error-library-gone")
            event = Event(
                guild_id=shown.guild_id,
                source_id=source_id,
                kind=KINDS[word],
                user_id=user_id,
                occurred_at=self.clock().timestamp(),
                resource_id=resource.resource_id,
            )
            await events.append(conn, event, event.occurred_at)
            await _count(conn, event, word)
            return shown.guild_id, resource

        return await self.database.write(job)


async def _count(conn: Connection, event: Event, word: Any) -> None:
    """Count what was said among what others are shown, of what the member has seen."""
    assert event.resource_id is not None
    key = (event.guild_id, event.user_id, event.resource_id)
    if word == "known" or await feedback.has_met(conn, *key):
        await feedback.unmark(conn, *key, _INSTEAD.get(word, ()))
        await feedback.mark(conn, *key, word, event.occurred_at)
