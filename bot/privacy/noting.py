"""What members are promised is noted beside the backups, and kept after one of them is restored."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import Clock
from bot.dates import DAY_S
from storage import privacy, promised, promises
from storage import settings as stored
from storage.database import Database
from storage.promises import Again, NotesError, Promise
from storage.rotation import KEPT_DAYS

log = logging.getLogger(__name__)

Who = tuple[int, int]
"""Server and member."""


@dataclass(frozen=True, slots=True)
class Due:
    """Promises that this database does not know: by member, and those to members it never met."""

    to: dict[Who, list[Promise]]
    unmet: list[Promise]
    has_over: bool


@dataclass(slots=True)
class Noting:
    """Knows the folder of backups, and what could not be done there.

    Parameters
    ----------
    folder
        None where there is none: nothing is noted then.
    """

    database: Database
    clock: Clock
    folder: Path | None = None
    again: Again = field(default_factory=Again)
    problem: str = field(default="", init=False)
    """Why the notes cannot be read or written; empty while they can."""
    is_read: bool = field(default=False, init=False)
    """Whether what was noted before this process began has been looked at."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def note(self, *, has_over: bool = False) -> bool:
        """Note what is to be noted; False where that is tried again at the next tick.

        Parameters
        ----------
        has_over
            Something is noted that no backup holds any more, and is to be taken away.
        """
        if self.folder is None:
            return True
        async with self._turn:
            async with self.database.read() as conn:
                made = await promised.to_note(conn)
            if not made and not has_over:
                return True
            now, path = self.clock().timestamp(), self.database.path
            try:
                kept = await asyncio.to_thread(promises.note, self.folder, made, now, path)
            except NotesError as error:
                self._tell(error)
                return False
            salts = [each.salt for each in made]
            await self.database.write(lambda conn: promised.set_noted(conn, salts))
            await self._forget(kept)
            self._recovered()
            return True

    async def _forget(self, noted: Sequence[Promise]) -> None:
        """Forget what was carried out here and is noted no more, for no backup is from before it.

        Not of what is young: somebody may have taken the file away, and put it back.
        """
        async with self.database.read() as conn:
            known = await stored.known_promises(conn)
        before = self.clock().timestamp() - KEPT_DAYS * DAY_S
        there = {each.salt for each in noted}
        gone = [s for s, (_, made_at) in known.items() if made_at < before and s not in there]
        if gone:
            await self.database.write(lambda conn: stored.forget_promises(conn, gone))

    async def due(self) -> Due:
        """Return what is noted and not known here: somebody put a backup in its place.

        Raises
        ------
        NotesError
            The notes cannot be read.
        """
        found = Due({}, [], has_over=False)
        if self.folder is None:
            self.is_read = True
            return found
        try:
            noted = await asyncio.to_thread(promises.read, self.folder)
        except NotesError as error:
            self._tell(error)
            raise
        if noted:
            found = await self._unknown(noted)
        self.is_read = True
        return found

    async def _unknown(self, noted: Sequence[Promise]) -> Due:
        assert self.folder is not None
        async with self.database.read() as conn:
            known = await stored.known_promises(conn)
            new = [each for each in noted if each.salt not in known]
            guilds = {each.guild_id for each in new}
            members = {of: await privacy.known_members(conn, of) for of in guilds}
        # Whoever resumed tracking ended what a backup brought along.
        self.again.promises = [
            each for each in noted if known.get(each.salt, (True, 0.0))[0] or each.kind == "tracked"
        ]
        now, path = self.clock().timestamp(), self.database.path
        oldest_at = await asyncio.to_thread(promises.oldest_backup_at, self.folder, path)
        has_over = any(each.is_over(now, oldest_at) for each in noted)
        return await asyncio.to_thread(_by_member, new, members, has_over)

    def _tell(self, error: NotesError) -> None:
        if str(error) != self.problem:
            log.error("%s; it is tried again every minute", error)
        self.problem = str(error)

    def _recovered(self) -> None:
        if self.problem:
            log.info("what members were promised is noted beside the backups again")
        self.problem = ""


def _by_member(new: Sequence[Promise], members: dict[int, set[int]], has_over: bool) -> Due:
    """Find the member of each promise; in a thread, for it takes a hash for each of both."""
    found: defaultdict[Who, list[Promise]] = defaultdict(list)
    unmet: list[Promise] = []
    for each in new:
        theirs = next((m for m in members[each.guild_id] if each.is_to(each.guild_id, m)), None)
        if theirs is None:
            unmet.append(each)
        else:
            found[each.guild_id, theirs].append(each)
    return Due(dict(found), unmet, has_over)
