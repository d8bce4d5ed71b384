"""The use cases of levels, one a file: following them, what is to be done, what is decided."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.levels.decisions import Decisions
from bot.levels.duties import Duties
from bot.levels.following import Following
from bot.points.service import PointsService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class LevelsService:
    """Levels, their notices and their roles."""

    following: Following
    duties: Duties
    decisions: Decisions

    @classmethod
    def of(cls, database: Database, clock: Clock, points: PointsService) -> "LevelsService":
        """Return the levels of every guild in a database."""
        following = Following(database, clock, points)
        return cls(following, Duties(database, clock), Decisions(database, clock))
