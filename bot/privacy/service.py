"""To be written."""

from dataclasses import dataclass

from bot.clock import Clock
from storage.database import Database


@dataclass(frozen=True, slots=True)
class PrivacyService:
    """To be written."""

    database: Database
    clock: Clock
