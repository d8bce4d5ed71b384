"""To be written."""

from dataclasses import dataclass

from bot.clock import Clock
from storage.database import Database


@dataclass(frozen=True, slots=True)
class LinksService:
    """To be written."""

    database: Database
    clock: Clock
    public_root: str | None
