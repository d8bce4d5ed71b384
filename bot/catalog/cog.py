"""To be written."""

from discord.ext import commands

from bot.catalog.service import CatalogService
from bot.i18n import Speaker


class CatalogCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: CatalogService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
