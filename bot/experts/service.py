"""Experts: their cards, and who fits a topic; `inviting` asks them."""

from dataclasses import dataclass, replace

import numpy as np

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.experts import rules
from bot.experts.inviting import Inviting, folded_topics
from bot.experts.rules import FEW as FEW
from bot.experts.rules import OFFER_MAX as OFFER_MAX
from bot.experts.rules import Candidate as Candidate
from bot.experts.rules import url_in as url_in
from bot.questions.service import QuestionsService
from bot.search.service import SearchService
from bot.shop.service import Goods, ShopService
from bot.submissions.service import SubmissionsService
from storage import audit, experts, members
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import AuditRow, Expert, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A member's own card, and what became of their invitations."""

    card: Expert | None
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsService:
    """A server's experts."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    questions: QuestionsService
    inviting: Inviting
    goods: Goods

    @classmethod
    def of(
        cls,
        questions: QuestionsService,
        submissions: SubmissionsService,
        words: SearchService,
        shop: ShopService,
        rng: np.random.Generator,
    ) -> "ExpertsService":
        """Put the parts together."""
        database, clock = questions.database, questions.clock
        inviting = Inviting(
            database=database,
            clock=clock,
            rng=rng,
            questions=questions,
            submissions=submissions,
            words=words,
        )
        return cls(
            database=database,
            clock=clock,
            rng=rng,
            questions=questions,
            inviting=inviting,
            goods=shop.goods,
        )

    # -------------------------------------------------------------------------- cards

    async def mine(self, guild_id: int, user_id: int) -> Mine:
        """Return a member's card, if they have one."""
        async with self.database.read() as conn:
            since = rules.asked_for_since(self.clock())
            found = await experts.records(conn, guild_id, since)
            card = await experts.card(conn, guild_id, user_id)
        return Mine(card=card, record=found.get(user_id, Record()))

    async def topics_of(self, conn: Connection, guild_id: int, user_id: int) -> tuple[str, ...]:
        """Return what a member is an expert of, nothing for who is none or paused."""
        card = await experts.card(conn, guild_id, user_id)
        return card.topics if card is not None and card.state == "live" else ()

    async def zone_of(self, guild_id: int, user_id: int) -> str:
        """Return the time zone a member goes by."""
        async with self.database.read() as conn:
            own = (await members.member(conn, guild_id, user_id)).time_zone
            return own or (await members.guild(conn, guild_id)).time_zone

    async def save(self, card: Expert) -> Expert:
        """Store a card; where the server wants that, it waits for a moderator."""

        async def job(conn: Connection) -> Expert:
            before = await experts.card(conn, card.guild_id, card.user_id)
            settings, _ = await self.questions.setup_in(conn, card.guild_id)
            is_known = before is not None and before.state in ("live", "paused")
            is_same = is_known and before is not None and before.topics == card.topics
            state = "waiting" if settings.approves_experts and not is_same else "live"
            kept = replace(
                card,
                state=state,  # type: ignore[arg-type]
                created_at=before.created_at if before else card.created_at,
            )
            await experts.save(conn, kept)
            return kept

        return await self.database.write(job)

    async def pause(self, guild_id: int, user_id: int) -> Expert:
        """Ask an expert nothing for now, or ask them again; what waits for them is withdrawn."""

        async def job(conn: Connection) -> Expert:
            card = await self._must_have(conn, guild_id, user_id)
            if card.state not in ("live", "paused"):
                raise UserError(f"error-experts-{card.state}")
            state = "paused" if card.state == "live" else "live"
            changed = replace(card, state=state, updated_at=self._now, closed_at=None)  # type: ignore[arg-type]
            await experts.save(conn, changed)
            if state == "paused":
                await self._withdraw(conn, guild_id, user_id)
            return changed

        return await self.database.write(job)

    async def leave(self, guild_id: int, user_id: int) -> None:
        """Delete a member's card and withdraw what waits for them."""

        async def job(conn: Connection) -> None:
            await self._must_have(conn, guild_id, user_id)
            await experts.drop(conn, guild_id, user_id)
            await self._withdraw(conn, guild_id, user_id)

        await self.database.write(job)

    async def _withdraw(self, conn: Connection, guild_id: int, user_id: int) -> None:
        for state in experts.OPEN:
            for each in await experts.in_state(conn, state):
                if (each.guild_id, each.user_id) == (guild_id, user_id):
                    await experts.mark(conn, each.invitation_id, "withdrawn", was=experts.OPEN)

    async def _must_have(self, conn: Connection, guild_id: int, user_id: int) -> Expert:
        card = await experts.card(conn, guild_id, user_id)
        if card is None:
            raise StaleError("error-experts-no-card")
        return card

    async def waiting(self, guild_id: int) -> list[Expert]:
        """Return cards that wait for a moderator, the oldest first."""
        async with self.database.read() as conn:
            return await experts.cards(conn, guild_id, experts.WAITING)

    async def decide(self, guild_id: int, actor_id: int, user_id: int, *, is_yes: bool) -> Expert:
        """Approve a card that waits, or decline it."""

        async def job(conn: Connection) -> Expert:
            card = await self._must_have(conn, guild_id, user_id)
            if card.state != "waiting":
                raise StaleError("error-experts-decided")
            changed = replace(
                card,
                state="live" if is_yes else "declined",
                decided_by=actor_id,
                updated_at=self._now,
            )
            await experts.save(conn, changed)
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="experts.approve" if is_yes else "experts.decline",
                occurred_at=self._now,
                about=(user_id,),
            )
            await audit.append(conn, row)
            return changed

        return await self.database.write(job)

    # ------------------------------------------------------------------------ finding

    async def find(self, guild_id: int, topic: str, user_id: int) -> list[Candidate]:
        """Return experts for a topic as members see them, the best first."""
        async with self.database.read() as conn:
            since = rules.asked_for_since(self.clock())
            records = await experts.records(conn, guild_id, since)
            cards = await experts.cards(conn, guild_id)
            asked = await self.inviting.about(conn, guild_id, topic, (topic,), cards)
        found = rules.ranked(
            cards, records, asked, self._now, folded=folded_topics(cards), but={user_id}
        )
        titles = {item.item_id: folded(item.title) for item in await self.goods.find(guild_id, "")}
        return [
            replace(each, item_id=rules.item_in(folded(each.expert.offer), titles))
            for each in rules.chosen(found, len(found), float(self.rng.random()))
        ]

    async def topics(self, guild_id: int, typed: str) -> list[str]:
        """Return topics of experts that contain what was typed, the most frequent first."""
        async with self.database.read() as conn:
            cards = await experts.cards(conn, guild_id)
        counted: dict[str, list[str]] = {}
        for topic in (topic for card in cards for topic in card.topics):
            counted.setdefault(folded(topic), []).append(topic)
        wanted = folded(typed)
        found = [(len(names), names[0]) for key, names in counted.items() if wanted in key]
        return [name for _, name in sorted(found, key=lambda each: (-each[0], each[1]))]

    @property
    def _now(self) -> float:
        return self.clock().timestamp()
