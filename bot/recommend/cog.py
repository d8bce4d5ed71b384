"""To be written."""

from discord.ext import commands

from bot.i18n import Speaker
from bot.recommend.service import RecommendService


class RecommendCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: RecommendService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
