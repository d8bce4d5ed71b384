"""To be written."""

from discord.ext import commands

from bot.activity.service import ActivityService
from bot.i18n import Speaker


class ActivityCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: ActivityService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
