"""Hears when a server removes the bot."""

import discord
from discord.ext import commands

from bot.departures.service import DeparturesService


class DeparturesCog(commands.Cog):
    """Departures, at once or when the bot is back; whom it meets is `ActivityCog`'s."""

    def __init__(self, client: commands.Bot, service: DeparturesService) -> None:
        self.client = client
        self.service = service

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remember it; an outage is announced otherwise (``guild_unavailable``)."""
        await self.service.leave({guild.id})

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Find who removed the bot meanwhile; servers in an outage are listed, too."""
        await self.service.compare({guild.id for guild in self.client.guilds})
