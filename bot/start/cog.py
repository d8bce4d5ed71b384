"""``/start`` and ``/help``, the choice of interests, and the answer to a mention."""

import logging
import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.i18n import Speaker, label
from bot.start import views
from bot.start.service import StartService, Topics

log = logging.getLogger(__name__)


class StartCog(commands.Cog):
    """First steps on Discord."""

    def __init__(self, client: commands.Bot, service: StartService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of choices shown before this start, too."""
        self.client.add_dynamic_items(
            ui.persistent(views.TOPIC_TEMPLATE, self.on_topic, needs=ui.ANYBODY),
            ui.persistent(views.DONE_ID, self.on_done, needs=ui.ANYBODY),
            ui.persistent(views.HELP_TEMPLATE, self.on_help, needs=ui.ANYBODY),
        )

    @app_commands.command(name=label("start-cmd"), description=label("start-cmd-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def start(self, interaction: discord.Interaction) -> None:
        """Welcome a member and let them choose their interests."""
        await interaction.response.defer(ephemeral=True)
        view = views.choice(
            await self._topics(interaction), await self.speaker.to(interaction), is_welcome=True
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(
        name=label("start-help"),
        description=label("start-help-desc"),
        extras={"only_says": True},
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def help(self, interaction: discord.Interaction) -> None:
        """Say what the bot can do for whoever asks."""
        view = await self._abilities(interaction, "member")
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_help(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Show another part of what the bot can do, in its place."""
        if match["part"] == "moderator":
            ui.require(interaction, ui.MODERATORS)
        await interaction.response.edit_message(
            view=await self._abilities(interaction, match["part"])
        )

    async def on_topic(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Add the topic to the member's interests, or take it away, and show the choice again."""
        guild_id, user_id = ui.who(interaction)
        topics = await self.service.toggle(
            guild_id, user_id, match["topic"], ui.role_ids(interaction)
        )
        view = views.choice(topics, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_done(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """End the choice and say what it is good for."""
        topics = await self._topics(interaction)
        view = views.chosen(topics, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    @commands.Cog.listener()
    async def on_lyceum_newcomer(self, interaction: discord.Interaction) -> None:
        """Offer the server's topics after a member's first answer, once, unless they chose some."""
        data: Any = interaction.data or {}
        if data.get("name") == self.start.name or _is_ours(str(data.get("custom_id", ""))):
            return
        topics = await self._topics(interaction)
        if not topics.is_worth_asking:
            return
        try:
            view = views.choice(topics, await self.speaker.to(interaction))
            await interaction.followup.send(view=view, ephemeral=True)
        except (discord.HTTPException, OSError) as error:
            log.warning("could not offer topics: %s", error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Say what the bot can do to whoever mentions it or writes to it; the text is not read.

        Discord sends both also without the intent of message contents.
        """
        if message.author.bot or not self._is_to_us(message):
            return
        if not self.service.may_answer(message.author.id, message.channel.id):
            return
        if message.guild is None:
            texts = views.every_language()
        else:
            texts = [await self.speaker.to_member(message.guild.id, message.author.id)]
        try:
            await message.reply(view=views.mentioned(texts), mention_author=False)
        except (discord.HTTPException, OSError) as error:
            log.info("could not answer a mention: %s", error)

    def _is_to_us(self, message: discord.Message) -> bool:
        """Say that somebody writes to the bot; answering one of its messages is not that."""
        if message.type is not discord.MessageType.default:
            return False
        return message.guild is None or self.client.user in message.mentions

    async def _abilities(
        self, interaction: discord.Interaction, part: str
    ) -> discord.ui.LayoutView:
        return views.abilities(
            await self.speaker.to(interaction),
            part=part,
            is_moderator=ui.moderates(interaction),
            is_expert=await self.service.is_expert(*ui.who(interaction)),
        )

    async def _topics(self, interaction: discord.Interaction) -> Topics:
        return await self.service.topics(*ui.who(interaction), ui.role_ids(interaction))


def _is_ours(custom_id: str) -> bool:
    return custom_id.startswith("start:") or custom_id == views.INTERESTS_ID
