"""To be written."""

from discord.ext import commands

from bot.digest.service import DigestService
from bot.i18n import Speaker


class DigestCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: DigestService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
