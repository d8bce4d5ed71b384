"""To be written."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.clock import Clock
from bot.links.service import LinksService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class RecommendService:
    """To be written."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    links: LinksService

    async def refit_due(self, now: datetime, every_hours: int) -> None:
        """Refit the guilds whose snapshot is older than `every_hours`."""
