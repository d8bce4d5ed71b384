"""`/channel-digest`, for moderators, and the button by which a reader turns on their own."""

import re

import discord
from discord import app_commands
from discord.ext import commands

from bot import channels, ui
from bot.digest import channel_views, views
from bot.digest.channel import ChannelDigests
from bot.digest.subscriptions import Subscriptions
from bot.errors import UserError
from bot.i18n import Speaker, label

_WEEKDAYS = [
    app_commands.Choice(name=label(f"digest-weekday-{number}"), value=number) for number in range(7)
]


class ChannelDigestCog(commands.Cog):
    """The digest of a channel."""

    channel_digest = ui.group("digest-cmd-channel", "digest-cmd-channel-desc", needs=ui.MODERATORS)

    def __init__(
        self,
        client: commands.Bot,
        service: ChannelDigests,
        subscriptions: Subscriptions,
        speaker: Speaker,
    ) -> None:
        self.client = client
        self.service = service
        self.subscriptions = subscriptions
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the button below every digest, however old."""
        self.client.add_dynamic_items(
            ui.persistent(channel_views.OWN_TEMPLATE, self.on_own, needs=ui.ANYBODY)
        )

    @channel_digest.command(
        name=label("digest-cmd-channel-setup"), description=label("digest-cmd-channel-setup-desc")
    )
    @app_commands.rename(
        channel=label("digest-opt-channel"),
        weekday=label("digest-opt-weekday"),
        hour=label("digest-opt-hour"),
    )
    @app_commands.describe(
        channel=label("digest-opt-channel-desc"),
        weekday=label("digest-opt-weekday-desc"),
        hour=label("digest-opt-channel-hour-desc"),
    )
    @app_commands.choices(weekday=_WEEKDAYS)
    @ui.may_manage
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel,
        weekday: int,
        hour: app_commands.Range[int, 0, 23],
    ) -> None:
        """Have the server's best posted once a week."""
        missing = channels.missing_for_digest(channel)
        if missing:
            names = ", ".join(name.replace("_", " ").title() for name in missing)
            raise UserError("error-digest-channel", channel=channel.mention, names=names)
        setting = await self.service.turn_on(*ui.who(interaction), channel.id, weekday, hour)
        texts = await self.speaker.to(interaction)
        view = channel_views.turned_on(setting, texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    @channel_digest.command(
        name=label("digest-cmd-channel-preview"),
        description=label("digest-cmd-channel-preview-desc"),
    )
    @ui.may_manage
    async def preview(self, interaction: discord.Interaction) -> None:
        """Show what would be posted now, and where and when it will be."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        shown = await self.service.preview(guild_id)
        setting = await self.service.setting(guild_id)
        texts = await self.speaker.to(interaction)
        name = interaction.guild.name if interaction.guild else ""
        view = channel_views.preview(name, shown, setting, texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @channel_digest.command(
        name=label("digest-cmd-channel-stop"), description=label("digest-cmd-channel-stop-desc")
    )
    @ui.may_manage
    async def stop(self, interaction: discord.Interaction) -> None:
        """Post none any more."""
        was_on = await self.service.turn_off(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        answer = ui.panel(texts("digest-channel-off" if was_on else "digest-channel-is-off"))
        await interaction.response.send_message(view=answer, ephemeral=True)

    async def on_own(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn on the presser's own digest."""
        status = await self.subscriptions.turn_on(*ui.who(interaction), interaction.locale.value)
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(view=views.turned_on(status, texts), ephemeral=True)
