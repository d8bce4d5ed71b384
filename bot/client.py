"""The Discord client: intents, cogs, and the command sync that happens only on change."""

import logging
from typing import Any

import discord
from discord.ext import commands

from bot.activity.cog import ActivityCog
from bot.awards.cog import AwardsCog
from bot.boards.cog import BoardsCog
from bot.catalog.cog import CatalogCog
from bot.checkins.cog import CheckinsCog
from bot.digest.cog import DigestCog
from bot.forms import OpenForms, answer_unknown
from bot.i18n import CommandTranslator, Speaker
from bot.levels.cog import LevelsCog
from bot.library.cog import LibraryCog
from bot.links.cog import LinksCog
from bot.points.cog import PointsCog
from bot.privacy.cog import PrivacyCog
from bot.profile.cog import ProfileCog
from bot.recommend.cog import RecommendCog
from bot.rulebook.cog import RulebookCog
from bot.services import Services
from bot.settings import Settings
from bot.shop.cog import ShopCog
from bot.tree import CommandTree
from storage import settings as stored
from storage.database import Database

log = logging.getLogger(__name__)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=True,
    manage_roles=True,
)
"""What the bot needs in a guild, and all its invitation asks for."""


def intents(settings: Settings) -> discord.Intents:
    """Return the intents to ask for: none privileged unless the operator says so."""
    wanted = discord.Intents.default()
    wanted.message_content = settings.message_content_intent
    return wanted


class LyceumClient(commands.Bot):
    """The bot on Discord. It owns no data; it may be thrown away and made again."""

    def __init__(
        self, settings: Settings, database: Database, services: Services, speaker: Speaker
    ) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=intents(settings),
            tree_cls=CommandTree,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
        )
        self.settings = settings
        self.database = database
        self.services = services
        self.speaker = speaker
        self.forms = OpenForms()

    async def setup_hook(self) -> None:
        """Load every cog and sync the commands if they changed."""
        services, speaker = self.services, self.speaker
        await self.tree.set_translator(CommandTranslator())
        self.add_listener(answer_unknown, "on_interaction")
        await self.add_cog(ActivityCog(self, services.activity, speaker))
        await self.add_cog(CatalogCog(self, services.catalog, speaker))
        await self.add_cog(RecommendCog(self, services.recommend, speaker))
        await self.add_cog(LibraryCog(self, services.library, speaker))
        await self.add_cog(LinksCog(self, services.links, speaker))
        await self.add_cog(PointsCog(self, services.points, speaker))
        await self.add_cog(RulebookCog(self, services.rulebook, speaker))
        await self.add_cog(AwardsCog(self, services.awards, speaker))
        await self.add_cog(CheckinsCog(self, services.checkins, speaker))
        await self.add_cog(ShopCog(self, services.shop, speaker))
        await self.add_cog(BoardsCog(self, services.boards, speaker))
        await self.add_cog(LevelsCog(self, services.levels, speaker))
        await self.add_cog(DigestCog(self, services.digest, speaker))
        await self.add_cog(ProfileCog(self, services.profile, speaker))
        await self.add_cog(PrivacyCog(self, services.privacy, speaker))
        await self._sync()

    async def _sync(self) -> None:
        """Tell Discord our commands unless it was told the same last time."""
        tree: Any = self.tree
        key = f"commands:{self.application_id}"
        fingerprint = await tree.fingerprint()
        async with self.database.read() as conn:
            known = await stored.value(conn, key)
        if known == fingerprint:
            return
        await tree.sync()
        await self.database.write(lambda conn: stored.set_value(conn, key, fingerprint))
        log.info("told Discord our %d commands", len(tree.get_commands()))

    async def on_ready(self) -> None:
        """Say that members are served now; the operator looks for this line."""
        log.info("bot is ready in %d guilds", len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Ignore text commands: Lyceum listens to slash commands only."""
