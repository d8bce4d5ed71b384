"""To be written."""

from dataclasses import dataclass
from datetime import datetime

from bot.digest.service import DigestService
from bot.i18n import Speaker
from bot.messenger import Messenger


@dataclass(frozen=True, slots=True)
class DigestRun:
    """To be written."""

    service: DigestService
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Deliver what is due."""
