"""Members hear once how what they handed in was marked, a minute after it was.

Each mark is noted before its letter is sent, so that nobody is notified of one twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import Speaker
from bot.messenger import ClosedError, Letter, Messenger, TooManyError, UnreachableError
from bot.tasks import views
from bot.tasks.marking import Marking
from storage.records import Task, Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TasksRun:
    """Sends what is due."""

    marking: Marking
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Send what is due; one's trouble keeps no other waiting, Discord's all."""
        try:
            for task, work in await self.marking.to_tell():
                await self._tell(task, work)
        except (TooManyError, UnreachableError) as error:
            log.warning("letters about tasks wait for the next tick: %s", error)

    async def _tell(self, task: Task, work: Work) -> None:
        recipient = await self.messenger.recipient(work.guild_id, work.user_id)
        if not await self.marking.told(work) or recipient is None:
            return
        texts = await self.speaker.to_member(work.guild_id, work.user_id)
        letter = Letter(
            user_id=work.user_id,
            view=views.letter(task, work, recipient.guild_name, texts),
            nonce=f"work{work.work_id}-{int(work.marked_at or 0)}"[:25],
            marker="",
            purpose="answer",
        )
        try:
            await self.messenger.send(letter)
        except ClosedError:
            log.info("a member takes no letters; /task show says how it was marked")
        except TooManyError:
            await self.marking.not_told(work)
            raise
