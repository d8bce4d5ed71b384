"""The Discord client: intents, cogs, and how it stops."""

import asyncio
import logging
from collections import deque
from functools import partial
from time import monotonic
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot import gateway, ownership, ui
from bot.activity.cog import ActivityCog
from bot.asking import PERMISSIONS, intents
from bot.audit.cog import AuditCog
from bot.awards.cog import AwardsCog
from bot.backups import Backups
from bot.boards.cog import BoardsCog
from bot.catalog.cog import CatalogCog
from bot.catalog.curating_cog import CuratingCog
from bot.catalog.exchange_cog import ExchangeCog
from bot.catalog.joining import Joining
from bot.checkins.cog import CheckinsCog
from bot.commands import CommandList
from bot.digest.channel_cog import ChannelDigestCog
from bot.digest.cog import DigestCog
from bot.evidence.cog import EvidenceCog
from bot.experts.cog import ExpertsCog
from bot.feedback.cog import FeedbackCog
from bot.forms import OpenForms, answer_unknown
from bot.fresh.cog import FreshCog
from bot.gaps.cog import GapsCog
from bot.i18n import CommandTranslator, Speaker
from bot.insights.cog import InsightsCog
from bot.insights.today_cog import TodayCog
from bot.levels.cog import LevelsCog
from bot.library.cog import LibraryCog
from bot.library.shelf_cog import ShelfCog
from bot.links.cog import LinksCog
from bot.paths.cog import PathsCog
from bot.points.cog import PointsCog
from bot.privacy.cog import PrivacyCog
from bot.privacy.notice import Notice
from bot.profile.cog import ProfileCog
from bot.pulse import Pulse
from bot.purchases.buying_cog import BuyingCog
from bot.purchases.cog import ProductsCog
from bot.purchases.hand_cog import PurchasesCog
from bot.purchases.receipt_cog import ReceiptCog
from bot.questions.cog import QuestionsCog
from bot.recommend.cog import RecommendCog
from bot.refusals import AGAIN_TEMPLATE
from bot.roles import Present, Sightings
from bot.rulebook.cog import RulebookCog
from bot.search.cog import SearchCog
from bot.services import Services
from bot.settings import Settings
from bot.shop.cog import ShopCog
from bot.sources.cog import SourcesCog
from bot.start.cog import StartCog
from bot.status.cog import StatusCog
from bot.submissions.cog import SubmissionsCog
from bot.submissions.review_cog import ReviewCog
from bot.tags.cog import TagsCog
from bot.tasks.cog import TasksCog
from bot.tree import CommandTree
from storage.database import Database

log = logging.getLogger(__name__)

UNREADABLE = "the gateway sent what cannot be read (%s); a new session in %d s"
GRACE_S = 5.0
"""How long a command or an event that was begun may take when the bot is told to stop."""
_BEGUN = ("discord.py: on_", "CommandTree-", "discord-ui-")
"""How discord.py names the tasks of events, of commands, of buttons and forms."""
_MEETING = f"{_BEGUN[0]}lyceum_seen"


class LyceumClient(commands.Bot):
    """The bot on Discord. It owns no data; it may be thrown away and made again."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        services: Services,
        speaker: Speaker,
        pulse: Pulse,
        backups: Backups,
        notice: Notice,
        trace: aiohttp.TraceConfig,
    ) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=intents(settings),
            tree_cls=CommandTree,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            http_trace=trace,
        )
        self.settings = settings
        self._unmet: deque[tuple[int, Present]] = deque()
        self._meeting: asyncio.Task[None] | None = None
        assert isinstance(self.tree, CommandTree)
        self.tree.keep_pace(settings.commands_a_minute)
        self.database = database
        self.services = services
        self.speaker = speaker
        self.pulse = pulse
        self.backups = backups
        self.notice = notice
        self.forms = OpenForms()
        self.sightings = Sightings()
        self.capture = ActivityCog(self, services.activity, speaker)
        self.command_list = CommandList(self, database, services.activity.clock)
        self._connection.parsers = gateway.guarded(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Load every cog, and tell Discord our commands if it lists others."""
        services, speaker = self.services, self.speaker
        assert self.user is not None
        await ownership.claim(self.database, self.user)
        await self.tree.set_translator(CommandTranslator())
        self.add_dynamic_items(ui.persistent(AGAIN_TEMPLATE, self.forms.again, needs=ui.ANYBODY))
        self.add_listener(answer_unknown, "on_interaction")
        self.add_listener(self._see_user, "on_interaction")
        await self.add_cog(self.capture)
        await self.add_cog(StartCog(self, services.start, speaker))
        await self.add_cog(CatalogCog(self, services.catalog, speaker))
        await self.add_cog(CuratingCog(self, Joining(services.catalog), speaker))
        await self.add_cog(ExchangeCog(self, services.catalog, speaker))
        await self.add_cog(FreshCog(self, services.fresh, speaker))
        await self.add_cog(TagsCog(self, services.tags, speaker))
        await self.add_cog(TasksCog(self, services.tasks, speaker))
        await self.add_cog(RecommendCog(self, services.recommend, speaker))
        await self.add_cog(LibraryCog(self, services.library, speaker))
        await self.add_cog(ShelfCog(self, services.library.keeping, speaker))
        await self.add_cog(PathsCog(self, services.paths, speaker))
        await self.add_cog(FeedbackCog(self, services.feedback, speaker))
        await self.add_cog(QuestionsCog(self, services.questions, speaker))
        await self.add_cog(ExpertsCog(self, services.experts, speaker))
        await self.add_cog(LinksCog(self, services.links, speaker))
        await self.add_cog(PointsCog(self, services.points, speaker))
        await self.add_cog(RulebookCog(self, services.rulebook, speaker))
        await self.add_cog(EvidenceCog(self, services.evidence, speaker))
        await self.add_cog(AwardsCog(self, services.awards, speaker))
        await self.add_cog(CheckinsCog(self, services.checkins, speaker))
        await self.add_cog(ShopCog(self, services.shop, speaker))
        await self.add_cog(ProductsCog(self, services.purchases, speaker))
        await self.add_cog(BuyingCog(self, services.purchases, speaker))
        await self.add_cog(PurchasesCog(self, services.purchases, speaker))
        await self.add_cog(ReceiptCog(self, services.purchases.receipts, speaker))
        await self.add_cog(SubmissionsCog(self, services.submissions, speaker))
        await self.add_cog(ReviewCog(self, services.submissions, speaker))
        await self.add_cog(SourcesCog(self, services.sources, speaker))
        await self.add_cog(GapsCog(self, services.gaps, speaker))
        await self.add_cog(BoardsCog(self, services.boards, speaker))
        await self.add_cog(LevelsCog(self, services.levels, speaker))
        await self.add_cog(DigestCog(self, services.digest, speaker))
        channel = services.digest.channel
        await self.add_cog(ChannelDigestCog(self, channel, services.digest.subscriptions, speaker))
        await self.add_cog(InsightsCog(self, services.insights, speaker))
        await self.add_cog(TodayCog(services.insights.today, speaker))
        await self.add_cog(ProfileCog(self, services.profile, speaker))
        await self.add_cog(SearchCog(self, services.lexicon, speaker))
        await self.add_cog(AuditCog(self, services.audit, speaker))
        await self.add_cog(
            StatusCog(services.status, speaker, self.pulse, self.backups, PERMISSIONS)
        )
        await self.add_cog(PrivacyCog(self, services.privacy, speaker, self.notice))
        await self.command_list.look()

    def is_connected(self) -> bool:
        """Say whether Discord's gateway is there now, and has told what there is."""
        return self.is_ready() and self.ws is not None and self.ws.open

    async def close(self) -> None:
        """Listen no more, let finish what was begun, and close."""
        if self.ws is not None and self.ws.open:
            await self.ws.close(code=1000)
        self.capture.reading.stop()
        end = monotonic() + GRACE_S
        while (begun := _begun()) and (left_s := end - monotonic()) > 0:
            await asyncio.wait(begun, timeout=left_s)
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        await super().close()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected; what Discord sends and nobody can read costs the session, no more."""
        pauses = gateway.Pauses()
        while not self.is_closed():
            try:
                return await super().connect(reconnect=reconnect)
            except (discord.DiscordException, aiohttp.ClientError, OSError):
                raise
            except Exception as error:
                told = gateway.whereabouts(error)
                if self.ws is not None:
                    await self.ws.close()
                self.dispatch("disconnect")
                await pauses.rest(partial(log.error, UNREADABLE, told))

    async def on_ready(self) -> None:
        """Say that members are served now; the operator looks for this line."""
        now = self.pulse.connected_at = self.services.activity.clock()
        self.pulse.started_at = self.pulse.started_at or now
        log.info("bot is ready in %d guilds", len(self.guilds))

    async def on_resumed(self) -> None:
        """Note since when the gateway is there again."""
        self.pulse.connected_at = self.services.activity.clock()

    async def on_message(self, message: discord.Message, /) -> None:
        """Ignore text commands, for Lyceum listens to slash commands only; but see who is here."""
        self._see(message.author)

    async def _see_user(self, interaction: discord.Interaction) -> None:
        self._see(interaction.user)

    def _see(self, person: discord.User | discord.Member) -> None:
        """Announce who is seen for the first time, or otherwise than before, as ``lyceum_seen``.

        What Discord sends with a message or a command tells their roles; no intent is needed.
        One after another: after a start everybody is new, and commands go first.
        """
        if isinstance(person, discord.Member) and not person.bot:
            present = Present.of(person)
            if self.sightings.is_new(person.guild.id, present):
                self._unmet.append((person.guild.id, present))
                if self._meeting is None or self._meeting.done():
                    self._meeting = asyncio.create_task(self._meet(), name=_MEETING)

    async def _meet(self) -> None:
        while self._unmet:
            met = self._unmet.popleft()
            for listener in self.extra_events.get("on_lyceum_seen", ()):
                await self._run_event(listener, "on_lyceum_seen", *met)


def _begun() -> set[asyncio.Task[Any]]:
    """Return the events and interactions that are being worked on."""
    me = asyncio.current_task()
    tasks = asyncio.all_tasks()
    return {task for task in tasks if task.get_name().startswith(_BEGUN) and task is not me}
