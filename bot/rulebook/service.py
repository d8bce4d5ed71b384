"""Moderators' work on the rules, a use case a file: versions, drafts, previews, publishing."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.points.service import PointsService
from bot.rulebook.drafts import Drafts
from bot.rulebook.previews import Previews
from bot.rulebook.publishing import Publishing
from bot.rulebook.rescoring import Rescoring
from bot.rulebook.versions import Versions
from storage.database import Database
from storage.records import RuleUse


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookService:
    """The rules of every guild as its moderators read, draft, try, publish and take them back."""

    versions: Versions
    drafts: Drafts
    previews: Previews
    publishing: Publishing
    rescoring: Rescoring

    async def uses(self, guild_id: int) -> dict[str, RuleUse]:
        """Return what each rule paid and held back lately, by kind; see `PointsService.uses`."""
        return await self.previews.points.uses(guild_id)

    @classmethod
    def of(cls, database: Database, clock: Clock, points: PointsService) -> "RulebookService":
        """Return the rulebook of every guild in a database."""
        versions = Versions(database, clock)
        drafts = Drafts(database, clock, versions)
        rescoring = Rescoring(database, clock, points)
        return cls(
            versions=versions,
            drafts=drafts,
            rescoring=rescoring,
            previews=Previews(
                database=database,
                clock=clock,
                points=points,
                versions=versions,
                drafts=drafts,
                rescoring=rescoring,
            ),
            publishing=Publishing(
                database=database,
                clock=clock,
                points=points,
                versions=versions,
                drafts=drafts,
                rescoring=rescoring,
            ),
        )
