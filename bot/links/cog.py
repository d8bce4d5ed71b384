"""To be written."""

from discord.ext import commands

from bot.i18n import Speaker
from bot.links.service import LinksService


class LinksCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: LinksService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
