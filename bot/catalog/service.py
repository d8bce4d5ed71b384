"""To be written."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.links.service import LinksService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class CatalogService:
    """To be written."""

    database: Database
    clock: Clock
    links: LinksService
