"""What somebody new may choose between, and when the bot was last asked what it can do."""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.experts.service import ExpertsService
from bot.profile.service import Profile, ProfileService
from bot.start import rules
from bot.topics import Tree
from storage import candidates, tags
from storage.connection import Connection
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Topics:
    """The server's topics and the member's interests, of which some may be no topic."""

    offered: tuple[str, ...]
    chosen: frozenset[str]
    interests: tuple[str, ...]

    @property
    def is_worth_asking(self) -> bool:
        """Whether there is something to choose between, and nothing was chosen yet."""
        return len(self.offered) >= rules.TOPICS_MIN and not self.interests


@dataclass(frozen=True, slots=True)
class StartService:
    """First steps. ``_answered`` holds when whom and where was answered, by id, in memory only."""

    database: Database
    clock: Clock
    profile: ProfileService
    experts: ExpertsService
    _answered: dict[int, float] = field(default_factory=dict, init=False, repr=False)

    async def topics(self, guild_id: int, user_id: int, role_ids: Collection[int] | None) -> Topics:
        """Return what a member may choose between; ``role_ids`` are theirs, None for all."""
        async with self.database.read() as conn:
            known = await self.profile.profile_in(conn, guild_id, user_id)
            return await self._topics(conn, known, role_ids)

    async def toggle(
        self, guild_id: int, user_id: int, topic: str, role_ids: Collection[int] | None
    ) -> Topics:
        """Add a topic to a member's interests, or take it away.

        Raises
        ------
        UserError
            They have as many interests as there may be.
        """
        async with self.database.read() as conn:
            tree = Tree.of(await tags.every(conn, guild_id))
            before = await self.profile.profile_in(conn, guild_id, user_id)
        # What they named may be another word for it.
        words = zip(rules.as_tags(before.member.interests), before.member.interests, strict=True)
        own = next((said for word, said in words if tree.name_of(word) == topic), topic)
        known = await self.profile.toggle_interest(guild_id, user_id, own)
        async with self.database.read() as conn:
            return await self._topics(conn, known, role_ids)

    async def is_expert(self, guild_id: int, user_id: int) -> bool:
        """Say whether a member has an expert card."""
        return (await self.experts.mine(guild_id, user_id)).card is not None

    def may_answer(self, user_id: int, channel_id: int) -> bool:
        """Say whether a mention is to be answered now, and count it as answered if so."""
        now = self.clock().timestamp()
        if not rules.may_answer(self._answered, user_id, channel_id, now):
            return False
        if len(self._answered) >= rules.REMEMBERED_MAX:
            kept = rules.still_counting(self._answered, now)
            self._answered.clear()
            self._answered.update(kept)
        self._answered.update({user_id: now, channel_id: now})
        return True

    async def _topics(
        self,
        conn: Connection,
        known: Profile,
        role_ids: Collection[int] | None,
    ) -> Topics:
        guild_id = known.guild.guild_id
        used = await candidates.tags_used(conn, guild_id, role_ids=role_ids)
        tree = Tree.of(await tags.every(conn, guild_id))
        by_use = rules.by_use(used, {tag: tree.above(tag) for tag in used})
        interests = set(tree.names_of(rules.as_tags(known.member.interests)))
        chosen = known.named(by_use) | {tag for tag in by_use if tag in interests}
        return Topics(rules.offered(by_use, chosen), chosen, known.member.interests)
