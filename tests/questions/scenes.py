"""A server with a forum in which questions are asked, and what people do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from bot.questions.rules import Actor
from storage.records import Answer, Question
from tests.discord_sim import World


@dataclass
class Forum:
    """A watched forum of a world."""

    world: World
    channel: Any

    @property
    def guild_id(self) -> int:
        return int(self.world.guild.id)

    @property
    def service(self) -> Any:
        return self.world.app.services.questions

    async def ask(
        self, asker: Any, title: str = "Why is my index not used?", tags: Sequence[int] = ()
    ) -> Any:
        """Post in the forum, and return the thread."""
        backend = self.world.env.backend
        thread = backend.create_thread(
            self.channel.id, title, asker.id, applied_tags=tags, broadcast=False
        )
        backend.announce_thread_create(thread)
        await self.world.env.settle()
        return next(each for each in self.channel.threads if each.id == thread.id)

    async def change(self, thread: Any, **fields: Any) -> None:
        """Edit a thread as Discord does: its name, tags, whether it is archived or locked."""
        meta = {name: fields.pop(name) for name in ("archived", "locked") if name in fields}
        self.world.env.backend.edit_channel(thread.id, fields, thread_metadata=meta)
        await self.world.env.settle()

    async def question(self, thread: Any) -> Question:
        known = await self.service.decisions.of_thread(self.guild_id, thread.id)
        return cast("Question", known.question)

    async def answers(self, thread: Any) -> list[Answer]:
        return list((await self.service.decisions.of_thread(self.guild_id, thread.id)).answers)

    def cards(self, thread: Any) -> list[Any]:
        """Return what the bot wrote in a thread."""
        return [m for m in thread.history() if m.author.bot]

    async def tick(self, **later: float) -> None:
        """Let time pass, and the job run."""
        if later:
            await self.world.env.advance_time(timedelta(**later).total_seconds())
        run = self.world.client.get_cog("QuestionsCog").run  # type: ignore[union-attr]
        await run.tick(self.world.app.clock())
        await self.world.env.settle()

    def moderator(self) -> Actor:
        return Actor(self.world.moderator.id, is_moderator=True)


async def open_forum(world: World, *tags: str) -> Forum:
    """Make a forum with these tags, and have a moderator set it up."""
    channel = world.guild.create_forum_channel("help")
    blank = {"moderated": False, "emoji_id": None, "emoji_name": None}
    listed = [blank | {"id": str(n), "name": name} for n, name in enumerate(tags, 50)]
    world.env.backend.edit_channel(channel.id, {"available_tags": listed})
    await world.env.settle()
    await world.moderator.slash(world.channel, "questions setup")
    return Forum(world, channel)


async def award(world: World, member: Any, points: int) -> None:
    """Give a member points to stake."""
    entries = world.app.services.points.entries
    await world.app.database.write(
        lambda conn: entries.give(
            conn, world.guild.id, member.id, kind="award", amount=points * 100, source_id=1
        )
    )
