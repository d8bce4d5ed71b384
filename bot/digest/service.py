"""To be written."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.links.service import LinksService
from bot.recommend.service import RecommendService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class DigestService:
    """To be written."""

    database: Database
    clock: Clock
    recommend: RecommendService
    links: LinksService
