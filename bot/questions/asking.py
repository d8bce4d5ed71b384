"""``/ask``: a form, what answers it already, and the post. Nothing is posted before a press.

What somebody typed waits in memory for their press, for an hour; after a restart they are asked to
begin again, and nothing was posted.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord.ext import commands

from bot import channels, forms, ui
from bot.cards import Card
from bot.errors import StaleError, UserError
from bot.i18n import Speaker, Texts
from bot.questions import ask_screen, rules
from bot.questions.delivery import QuestionsRun
from bot.questions.looking import Fitting
from bot.questions.rules import ForumTag
from bot.questions.service import QuestionsService
from bot.questions.threads import Thread
from bot.rewards.kinds import POINT
from storage.records import Question

log = logging.getLogger(__name__)

LIFE_S = 3_600.0
DRAFTS_MAX = 1_000

Parent = discord.ForumChannel | discord.TextChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to ask; ``bounty`` in points."""

    guild_id: int
    user_id: int
    title: str
    tags: tuple[str, ...]
    bounty: int
    channel_id: int
    made_at: float


@dataclass(slots=True)
class Asking:
    """Asks questions for members."""

    client: commands.Bot
    service: QuestionsService
    speaker: Speaker
    run: QuestionsRun
    drafts: dict[int, Draft] = field(default_factory=dict)

    async def open(
        self, interaction: discord.Interaction, filled: tuple[str, str, str] = ("", "", "")
    ) -> None:
        """Show the form, with what was typed before."""
        guild_id, user_id = ui.who(interaction)
        places = await self.places(interaction)
        if not places:
            raise UserError("error-questions-nowhere")
        texts = await self.speaker.to(interaction)
        tags = await self.service.looking.tags(guild_id)
        spendable = await self.service.spendable(guild_id, user_id)
        where = [(each.id, each.name) for each in places]
        form = ask_screen.form(where, tags, spendable // POINT, texts, filled=filled)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await self._submit(submitted, filled)

        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def places(self, interaction: discord.Interaction) -> list[Parent]:
        """Return the watched channels that whoever acts may see, and the bot may post in."""
        found: list[Parent] = []
        for place in await self.service.threads.watched(ui.who(interaction)[0]):
            channel = visible(interaction, place.channel_id)
            if channel is not None and channels.is_open(channel):
                found.append(channel)
        return found

    async def _submit(self, submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
        guild_id, user_id = ui.who(submitted)
        places = await self.places(submitted)
        title = rules.title_of(str(filled["title"]))
        if title is None:
            raise UserError("error-questions-title", count=rules.TITLE_MAX)
        tags = rules.tags_of(str(filled.get("tags", "")))
        if tags is None:
            raise UserError(
                "error-questions-tags", count=rules.TAGS_MAX, length=rules.TAG_LENGTH_MAX
            )
        tags = (await self.speaker.to(submitted)).topics.names_of(tags)
        bounty = rules.bounty_of(str(filled.get("bounty", "")))
        if bounty is None:
            raise UserError("error-questions-bounty", count=rules.BOUNTY_MAX)
        have = await self.service.spendable(guild_id, user_id)
        if bounty * POINT > have:
            raise UserError("error-points-short", have=have / POINT, need=bounty)
        chosen = filled.get("channel") or [str(places[0].id) if places else ""]
        channel = next((each for each in places if str(each.id) == chosen[0]), None)
        if channel is None:
            raise UserError("error-questions-nowhere")
        draft = Draft(
            guild_id=guild_id,
            user_id=user_id,
            title=title,
            tags=tags,
            bounty=bounty,
            channel_id=channel.id,
            made_at=self.service.clock().timestamp(),
        )
        await forms.wait(submitted)  # a large catalogue on a busy machine takes its time
        fitting = await self._fitting(submitted, draft)
        self._keep(submitted.id, draft)
        texts = await self.speaker.to(submitted)
        shown = await self.service.looking.show(guild_id, user_id, fitting)
        found = [Card(one.resource, one.impression_id, one.url) for one in shown]
        view = ask_screen.preview(
            submitted.id,
            draft.title,
            bounty,
            found,
            fitting.questions,
            texts,
            is_whole=fitting.is_whole,
        )
        await forms.answer(submitted, view)

    async def _fitting(self, interaction: discord.Interaction, draft: Draft) -> Fitting:
        watched = await self.service.threads.watched(draft.guild_id)
        seen = [p.channel_id for p in watched if visible(interaction, p.channel_id) is not None]
        return await self.service.looking.fitting(
            draft.guild_id,
            draft.title,
            draft.tags,
            channel_ids=seen,
            role_ids=ui.role_ids(interaction),
        )

    def _keep(self, number: int, draft: Draft) -> None:
        for old, each in list(self.drafts.items()):
            if draft.made_at - each.made_at > LIFE_S or len(self.drafts) >= DRAFTS_MAX:
                del self.drafts[old]
        self.drafts[number] = draft

    def take(self, interaction: discord.Interaction, number: int) -> Draft:
        """Return what a button of a preview is about, once.

        Raises
        ------
        StaleError
            It was pressed before, or too long ago.
        """
        draft = self.drafts.get(number)
        if draft is None or (draft.guild_id, draft.user_id) != ui.who(interaction):
            raise StaleError("error-questions-draft")
        return self.drafts.pop(number)

    async def change(self, interaction: discord.Interaction, number: int) -> None:
        """Show the form again, filled in."""
        draft = self.take(interaction, number)
        self.drafts[number] = draft
        bounty = str(draft.bounty) if draft.bounty else ""
        await self.open(interaction, (draft.title, ", ".join(draft.tags), bounty))

    async def post(self, interaction: discord.Interaction, number: int) -> Question:
        """Post what somebody asks, and take note of it; a bounty is staked with it."""
        draft = self.take(interaction, number)
        channel = visible(interaction, draft.channel_id)
        if channel is None or not channels.is_open(channel):
            self.drafts[number] = draft
            raise UserError("error-questions-cannot-post", channel=f"<#{draft.channel_id}>")
        texts = await self.speaker.to_guild(draft.guild_id)
        try:
            thread = await self._create(interaction, channel, draft, texts)
        except UserError:
            self.drafts[number] = draft
            raise
        except discord.HTTPException as error:
            self.drafts[number] = draft
            log.warning("a question cannot be posted in %s: %s", channel.id, error)
            raise UserError("error-questions-cannot-post", channel=channel.mention) from error
        question = await self.service.threads.begin(
            Thread(
                guild_id=draft.guild_id,
                channel_id=channel.id,
                thread_id=thread.id,
                asker_id=draft.user_id,
                title=draft.title,
                tags=draft.tags,
                asked_at=self.service.clock().timestamp(),
                is_open_to_all=channels.is_public(channel),
            ),
            bounty=draft.bounty * POINT,
            is_asked_here=True,
        )
        if question is None:
            raise StaleError("error-questions-gone")
        await self.run.show_one(question.guild_id, question.question_id)
        return question

    async def _create(
        self, interaction: discord.Interaction, channel: Parent, draft: Draft, texts: Texts
    ) -> discord.Thread:
        """Make the thread, its first message of which mentions the asker."""
        told = texts("questions-first-message", member=ui.mention(draft.user_id, texts))
        pings = discord.AllowedMentions(users=True, everyone=False, roles=False)
        if isinstance(channel, discord.TextChannel):
            message = await channel.send(told, allowed_mentions=pings)
            return await message.create_thread(name=draft.title)
        tags = rules.forum_tags(
            draft.tags,
            [ForumTag(tag.id, tag.name, tag.moderated) for tag in channel.available_tags],
            is_one_needed=channel.flags.require_tag,
        )
        if tags is None:
            raise UserError("error-questions-needs-tag", channel=channel.mention)
        applied = [tag for tag in map(channel.get_tag, tags) if tag is not None]
        made = await channel.create_thread(
            name=draft.title, content=told, applied_tags=applied, allowed_mentions=pings
        )
        return made.thread


def visible(interaction: discord.Interaction, channel_id: int) -> Parent | None:
    """Return a channel that whoever acts may see now."""
    guild = interaction.guild
    channel = guild.get_channel(channel_id) if guild is not None else None
    member = interaction.user
    if not isinstance(channel, Parent) or not isinstance(member, discord.Member):
        return None
    return channel if channel.permissions_for(member).view_channel else None


def visible_ids(interaction: discord.Interaction, channel_ids: Sequence[int]) -> list[int]:
    """Return which of the channels whoever acts may see now."""
    return [each for each in channel_ids if visible(interaction, each) is not None]
