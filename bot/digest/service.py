"""The use cases of digests, one a file: who wants them, what they show, that each is sent once."""

from dataclasses import dataclass

from bot.boards.service import BoardsService
from bot.checkins.service import CheckinsService
from bot.clock import Clock
from bot.digest.answers import Answers
from bot.digest.channel import ChannelDigests
from bot.digest.claims import Claims
from bot.digest.gathering import Gathering
from bot.digest.showing import Showing
from bot.digest.subscriptions import Subscriptions
from bot.experts.service import ExpertsService
from bot.library.service import LibraryService
from bot.links.service import LinksService
from bot.questions.service import QuestionsService
from bot.recommend.service import RecommendService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class DigestService:
    """Keeps who wants digests and when, claims the due ones, and hears what members say of them."""

    subscriptions: Subscriptions
    claims: Claims
    answers: Answers
    channel: ChannelDigests

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        recommend: RecommendService,
        links: LinksService,
        questions: QuestionsService,
        experts: ExpertsService,
        boards: BoardsService,
        checkins: CheckinsService,
        library: LibraryService,
    ) -> "DigestService":
        """Return the digests of every guild in a database."""
        subscriptions = Subscriptions(database, clock)
        gathering = Gathering(
            database=database,
            clock=clock,
            recommend=recommend,
            questions=questions,
            experts=experts,
            boards=boards,
            checkins=checkins,
        )
        claims = Claims(
            database=database,
            clock=clock,
            gathering=gathering,
            showing=Showing(database, links, gathering),
            subscriptions=subscriptions,
        )
        return cls(
            subscriptions,
            claims,
            Answers(database, clock, library),
            ChannelDigests(database, clock, questions),
        )
