"""Composition root: settings, then database, then services; the client, web and jobs on top.

`open_app` builds what needs no Discord and closes it in reverse; `make_client`, `make_jobs` and
`make_web` add what does. Nothing else constructs a service.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
from aiohttp import web

from bot import alarm, answering, commands, gathering, guard, probes, selling
from bot import backups as copies
from bot.activity import reading
from bot.activity.service import ActivityService
from bot.alarm import Alarm
from bot.audit.service import AuditService
from bot.awards.service import AwardsService
from bot.backups import Backups, before_upgrade
from bot.boards.service import BoardsService
from bot.catalog import keys
from bot.catalog.service import CatalogService
from bot.checkins.service import CheckinsService
from bot.client import LyceumClient
from bot.clock import Clock, system_clock
from bot.departures.purge import DeparturesRun
from bot.departures.service import KEPT_DAYS, DeparturesService
from bot.digest.channel_delivery import posting
from bot.digest.delivery import DigestRun
from bot.digest.service import DigestService
from bot.errors import StartError
from bot.evidence.service import EvidenceService
from bot.experts.service import ExpertsService
from bot.feedback.service import FeedbackService
from bot.fresh.service import FreshService
from bot.gaps.service import GapsService
from bot.i18n import Speaker
from bot.insights.briefing import BriefingRun
from bot.insights.service import InsightsService
from bot.jobs import Job
from bot.levels.delivery import LevelsRun
from bot.levels.service import LevelsService
from bot.library.service import LibraryService
from bot.links import routes
from bot.links.service import LinksService
from bot.membership import Present
from bot.messenger import DiscordMessenger
from bot.metrics import Meters
from bot.pages.fetch import Fetcher
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from bot.paths.service import PathsService
from bot.points.service import PointsService
from bot.privacy.notice import Notice
from bot.privacy.retention import TICK_S as RETENTION_TICK_S
from bot.privacy.retention import RetentionRun
from bot.privacy.service import Facts, PrivacyService
from bot.profile.service import ProfileService
from bot.pulse import Pulse
from bot.purchases.hooks import Hooks
from bot.purchases.service import PurchasesService
from bot.questions.service import QuestionsService
from bot.recommend.service import RecommendService
from bot.roles import DiscordRoles
from bot.rulebook.service import RulebookService
from bot.search.lexicon import Lexicon
from bot.search.service import SearchService
from bot.services import Services
from bot.settings import Settings
from bot.shop.grants import Grants, ShopRun
from bot.shop.service import ShopService
from bot.sources.service import SourcesService
from bot.start.service import StartService
from bot.status.service import StatusService
from bot.status.welcome import WelcomeRun
from bot.submissions.service import SubmissionsService
from bot.tags.service import TagsService
from bot.tasks.service import TasksService
from storage import inventory, rotation
from storage.database import Database, open_database
from storage.migrate import SchemaError
from storage.promises import Again

DIGEST_TICK_S = 300
REFIT_TICK_S = 900
LINKS_TICK_S = 3_600
ERASURES_TICK_S = 60
LEVELS_TICK_S = 10
SHOP_TICK_S = 60
RESCORES_TICK_S = 30
INDEXES_TICK_S = 30
SEASONS_TICK_S = 10
DEPARTURES_TICK_S = 60


@dataclass(frozen=True, slots=True)
class App:
    """Everything that lives as long as the process does, Discord left out."""

    settings: Settings
    clock: Clock
    database: Database
    services: Services
    speaker: Speaker
    backups: Backups
    pulse: Pulse
    meters: Meters


@asynccontextmanager
async def open_app(
    settings: Settings, *, clock: Clock = system_clock, seed: int | None = None
) -> AsyncIterator[App]:
    """Open the database and build the services; close in reverse.

    Parameters
    ----------
    seed
        Of the one random generator; None takes fresh entropy.

    Raises
    ------
    StartError
        The database cannot be used.
    """
    rng = np.random.default_rng(seed)
    await before_upgrade(settings, clock)
    try:
        async with open_database(settings.database_path) as database:
            services = make_services(settings, database, clock, rng)
            await keys.renew(database)
            await services.privacy.keep_promises()
            try:
                yield _assembled(settings, clock, database, services)
            finally:
                await services.pages.close()
    except SchemaError as error:
        raise StartError(str(error), is_for_good=error.is_for_good) from error


def _assembled(settings: Settings, clock: Clock, database: Database, services: Services) -> App:
    backups = Backups(
        path=settings.database_path,
        folder=settings.backups_folder,
        every_hours=settings.backup_every_hours,
    )
    pulse = Pulse()
    meters = Meters(
        database=database,
        backups=backups,
        pulse=pulse,
        clock=clock,
        events=services.activity.counted,
    )
    return App(
        settings=settings,
        clock=clock,
        database=database,
        services=services,
        speaker=Speaker(database),
        backups=backups,
        pulse=pulse,
        meters=meters,
    )


def make_services(
    settings: Settings, database: Database, clock: Clock, rng: np.random.Generator
) -> Services:
    """Build every service, each from what it may use."""
    points, again = PointsService(database, clock), Again()
    words = SearchService(database=database)
    links = LinksService(database, clock, settings.public_root)
    recommend = _recommend(settings, database, clock, rng, links, words)
    profile = ProfileService(database, clock)
    questions = QuestionsService.of(database, clock, points, links, words, again)
    boards = BoardsService(database, clock, points)
    checkins = CheckinsService(database, clock, points)
    library = LibraryService(database=database, clock=clock, links=links, points=points)
    departures = DeparturesService(database, clock)
    catalog = _catalog(database, clock, links, points, words)
    fetcher = Fetcher(about=settings.public_root or "")
    pages = PagesService(fetcher, Reader(), is_on=settings.read_pages)
    submissions = _submissions(catalog, points, pages, rng)
    shop = ShopService.of(database, clock, points, words)
    experts = ExpertsService.of(questions, submissions, words, shop, rng)
    gaps = GapsService(database=database, clock=clock, catalog=catalog, words=words)
    return Services(
        activity=_activity(settings, points, departures, again),
        audit=AuditService(database, clock),
        awards=AwardsService(database, clock, points),
        boards=boards,
        catalog=catalog,
        checkins=checkins,
        departures=departures,
        digest=DigestService.of(
            database, clock, recommend, links, questions, experts, boards, checkins, library
        ),
        fresh=FreshService.of(submissions),
        gaps=gaps,
        feedback=FeedbackService(database, clock, links),
        insights=InsightsService(database, clock, gaps),
        levels=LevelsService.of(database, clock, points),
        lexicon=Lexicon(database, clock),
        library=library,
        links=links,
        pages=pages,
        paths=PathsService(database=database, clock=clock, links=links, catalog=catalog),
        points=points,
        privacy=PrivacyService.of(database, clock, profile, settings.backups_folder, again),
        profile=profile,
        purchases=PurchasesService.of(database, clock, catalog, points, selling.keys(settings)),
        questions=questions,
        experts=experts,
        recommend=recommend,
        evidence=EvidenceService(database, clock, points),
        rulebook=RulebookService.of(database, clock, points),
        search=words,
        shop=shop,
        start=StartService(database=database, clock=clock, profile=profile, experts=experts),
        sources=SourcesService.of(submissions),
        status=StatusService(database, clock),
        submissions=submissions,
        tags=TagsService(database, clock),
        tasks=TasksService.of(catalog, links, points),
    )


def _catalog(
    database: Database,
    clock: Clock,
    links: LinksService,
    points: PointsService,
    words: SearchService,
) -> CatalogService:
    return CatalogService(database=database, clock=clock, links=links, points=points, words=words)


def _submissions(
    catalog: CatalogService, points: PointsService, pages: PagesService, rng: np.random.Generator
) -> SubmissionsService:
    return SubmissionsService.of(
        database=catalog.database,
        clock=catalog.clock,
        pages=pages,
        catalog=catalog,
        points=points,
        rng=rng,
    )


def _recommend(
    settings: Settings,
    database: Database,
    clock: Clock,
    rng: np.random.Generator,
    links: LinksService,
    words: SearchService,
) -> RecommendService:
    return RecommendService(
        database=database,
        clock=clock,
        rng=rng,
        links=links,
        rewarded_weight=settings.rewarded_event_weight,
        words=words,
    )


def _activity(
    settings: Settings, points: PointsService, departures: DeparturesService, again: Again
) -> ActivityService:
    return ActivityService(
        database=points.database,
        clock=points.clock,
        points=points,
        departures=departures,
        language=settings.default_language,
        time_zone=settings.default_time_zone,
        again=again,
    )


def make_notice(settings: Settings) -> Notice:
    """Build the privacy notice of this installation."""
    return Notice(
        Facts(
            groups=inventory.personal_groups(),
            reads_content=settings.message_content_intent,
            left_days=KEPT_DAYS,
            backup_days=rotation.KEPT_DAYS if settings.backup_every_hours else 0,
        )
    )


def make_client(app: App) -> LyceumClient:
    """Build the Discord client; whoever starts it closes it."""
    client = LyceumClient(
        settings=app.settings,
        database=app.database,
        services=app.services,
        speaker=app.speaker,
        pulse=app.pulse,
        backups=app.backups,
        notice=make_notice(app.settings),
        trace=app.meters.trace(),
    )
    app.pulse.is_connected = client.is_connected
    return client


def _alarm(app: App, client: LyceumClient) -> Alarm:
    return Alarm(
        database=app.database,
        backups=app.backups,
        client=client,
        is_on=app.settings.owner_alarm,
    )


def _mornings(app: App, client: LyceumClient) -> BriefingRun:
    insights = app.services.insights
    return BriefingRun(today=insights.today, insights=insights, client=client, speaker=app.speaker)


def make_jobs(
    app: App, client: LyceumClient, digest_tick_s: int = DIGEST_TICK_S
) -> tuple[Job, ...]:
    """Build the scheduled jobs, each of which looks whether anything is due."""
    run = DigestRun(app.services.digest, DiscordMessenger(client), app.speaker)
    welcome = WelcomeRun(app.services.status, client, app.speaker)
    weekly = posting(app.services.digest.channel, client, app.speaker)
    shop = ShopRun(Grants(app.services.shop.delivery, DiscordRoles(client)), client, app.speaker)
    rises = LevelsRun(
        service=app.services.levels, roles=DiscordRoles(client), client=client, speaker=app.speaker
    )
    departures = DeparturesRun(app.services.departures, client, app.speaker)
    hours = app.settings.refit_every_hours
    return (
        Job("digest", digest_tick_s, run.tick),
        Job("channel digests", DIGEST_TICK_S, weekly.tick),
        Job("refit", REFIT_TICK_S, lambda now: app.services.recommend.models.refit_due(now, hours)),
        Job("newcomers", REFIT_TICK_S, app.services.recommend.models.extend_due),
        Job("backups", copies.TICK_S, app.backups.tick),
        Job("welcome", DEPARTURES_TICK_S, welcome.tick),
        Job("retention", RETENTION_TICK_S, RetentionRun(app.database).tick),
        Job("alarm", alarm.TICK_S, _alarm(app, client).tick),
        Job("erasures", ERASURES_TICK_S, app.services.privacy.tick),
        Job("insights", LINKS_TICK_S, app.services.insights.tick),
        Job("mornings", DIGEST_TICK_S, _mornings(app, client).tick),
        Job("links", LINKS_TICK_S, app.services.links.drop_expired),
        Job("shop", SHOP_TICK_S, shop.tick),
        *selling.jobs(app.services, app.settings, client, app.speaker),
        *gathering.jobs(app.services, client, app.speaker),
        Job("levels", LEVELS_TICK_S, rises.tick),
        Job("reading back", reading.TICK_S, client.capture.reading.tick),
        Job("commands", commands.TICK_S, client.command_list.tick),
        *answering.jobs(app.services, client, app.speaker),
        Job("departures", DEPARTURES_TICK_S, departures.tick),
        Job("seasons", SEASONS_TICK_S, app.services.boards.tick),
        Job("rescores", RESCORES_TICK_S, lambda now: app.services.points.go_on()),
        Job("tags", RESCORES_TICK_S, lambda now: app.services.tags.go_on()),
        Job("indexes", INDEXES_TICK_S, app.services.search.prepare),
    )


def make_web(app: App, present: Present) -> web.Application:
    """Build the web application: tracked links, what monitors ask, and what shops send."""
    made = routes.make(app.services.links, present.roles_in)
    guard.add(made, is_secure=(app.settings.public_root or "").startswith("https://"))
    token = app.settings.metrics_token
    probes.add_page(made, "/privacy", make_notice(app.settings).page())
    probes.add(
        made, app.database, app.pulse, app.meters, token.get_secret_value() if token else None
    )
    Hooks(app.services.purchases.hearing).add_to(made)
    return made
