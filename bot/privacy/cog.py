"""To be written."""

from discord.ext import commands

from bot.i18n import Speaker
from bot.privacy.service import PrivacyService


class PrivacyCog(commands.Cog):
    """To be written."""

    def __init__(self, client: commands.Bot, service: PrivacyService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
