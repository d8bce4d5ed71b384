"""To be written."""

from discord.ext import commands

from bot.i18n import Speaker
from bot.profile.service import ProfileService


class ProfileCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: ProfileService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
