"""All services of a running Lyceum, frozen; made by `bot.app`, used by the client."""

from dataclasses import dataclass

from bot.activity.service import ActivityService
from bot.audit.service import AuditService
from bot.awards.service import AwardsService
from bot.boards.service import BoardsService
from bot.catalog.service import CatalogService
from bot.checkins.service import CheckinsService
from bot.departures.service import DeparturesService
from bot.digest.service import DigestService
from bot.evidence.service import EvidenceService
from bot.experts.service import ExpertsService
from bot.feedback.service import FeedbackService
from bot.fresh.service import FreshService
from bot.gaps.service import GapsService
from bot.insights.service import InsightsService
from bot.levels.service import LevelsService
from bot.library.service import LibraryService
from bot.links.service import LinksService
from bot.pages.service import PagesService
from bot.paths.service import PathsService
from bot.points.service import PointsService
from bot.privacy.service import PrivacyService
from bot.profile.service import ProfileService
from bot.purchases.service import PurchasesService
from bot.questions.service import QuestionsService
from bot.recommend.service import RecommendService
from bot.rulebook.service import RulebookService
from bot.search.lexicon import Lexicon
from bot.search.service import SearchService
from bot.shop.service import ShopService
from bot.sources.service import SourcesService
from bot.start.service import StartService
from bot.status.service import StatusService
from bot.submissions.service import SubmissionsService
from bot.tags.service import TagsService
from bot.tasks.service import TasksService


@dataclass(frozen=True, slots=True)
class Services:
    """One of each. The graph between them has no cycle (docs/architecture.md)."""

    activity: ActivityService
    audit: AuditService
    awards: AwardsService
    boards: BoardsService
    catalog: CatalogService
    checkins: CheckinsService
    departures: DeparturesService
    digest: DigestService
    evidence: EvidenceService
    experts: ExpertsService
    fresh: FreshService
    gaps: GapsService
    feedback: FeedbackService
    insights: InsightsService
    levels: LevelsService
    lexicon: Lexicon
    library: LibraryService
    links: LinksService
    pages: PagesService
    paths: PathsService
    points: PointsService
    privacy: PrivacyService
    profile: ProfileService
    purchases: PurchasesService
    questions: QuestionsService
    recommend: RecommendService
    rulebook: RulebookService
    search: SearchService
    shop: ShopService
    sources: SourcesService
    start: StartService
    status: StatusService
    submissions: SubmissionsService
    tags: TagsService
    tasks: TasksService
