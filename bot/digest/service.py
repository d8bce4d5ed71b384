"""The use cases of digests, one a file: who wants them, and that each is sent once."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.digest.claims import Claims
from bot.digest.subscriptions import Subscriptions
from bot.links.service import LinksService
from bot.recommend.service import RecommendService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class DigestService:
    """Keeps who wants digests and when, and claims the due ones."""

    subscriptions: Subscriptions
    claims: Claims

    @classmethod
    def of(
        cls, database: Database, clock: Clock, recommend: RecommendService, links: LinksService
    ) -> "DigestService":
        """Return the digests of every guild in a database."""
        subscriptions = Subscriptions(database, clock)
        claims = Claims(
            database=database,
            clock=clock,
            recommend=recommend,
            links=links,
            subscriptions=subscriptions,
        )
        return cls(subscriptions, claims)
