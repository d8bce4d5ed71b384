"""To be written."""

from discord.ext import commands

from bot.i18n import Speaker
from bot.points.service import PointsService


class PointsCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: PointsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
