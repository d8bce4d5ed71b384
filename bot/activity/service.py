"""To be written."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.points.service import PointsService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class ActivityService:
    """To be written."""

    database: Database
    clock: Clock
    points: PointsService
