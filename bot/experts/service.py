"""Experts: their cards, who fits what, and invitations claimed, answered and over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot import opening
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.experts import rules
from bot.experts.rules import FEW as FEW
from bot.experts.rules import OFFER_MAX as OFFER_MAX
from bot.experts.rules import Candidate as Candidate
from bot.experts.rules import url_in as url_in
from bot.questions.service import QuestionsService
from storage import audit, direct, experts, members
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import AuditRow, Expert, Invitation, InvitationState, Question, Record

CLAIM_FOR_S = 60.0
"""A claim that nobody marked for so long is looked up before it is sent again."""
_ANSWERABLE: tuple[InvitationState, ...] = ("claimed", "sent", "expired")


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
        asked = rules.about(folded(topic), (folded(topic),))
        found = rules.ranked(cards, records, asked, self._now, folded=_folded(cards), but={user_id})
        return rules.chosen(found, len(found), float(self.rng.random()))

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

    # ------------------------------------------------------------------------ routing

    async def route(self, now: datetime) -> None:
        """Claim invitations for questions that nobody answered, within every bound."""
        for question in await self.questions.upkeep.unanswered(now):
            await self.database.write(
                lambda conn, q=question: self._invite(conn, q, now)  # type: ignore[misc]
            )

    async def _invite(self, conn: Connection, seen: Question, now: datetime) -> None:
        question = await self.questions.upkeep.of(conn, seen.guild_id, seen.question_id)
        if question is None or question.state != "open":
            return
        asked = await experts.of_question(conn, question.question_id)
        n_wanted = rules.n_wanted(asked)
        if not n_wanted:
            return
        cards = await experts.cards(conn, question.guild_id)
        hidden = await members.untracked(conn, question.guild_id, {c.user_id for c in cards})
        found = rules.ranked(
            [card for card in cards if not (card.reach == "dm" and card.closed_at)],
            await experts.records(conn, question.guild_id, rules.asked_for_since(now)),
            rules.about(folded(question.title), [folded(tag) for tag in question.tags]),
            now.timestamp(),
            folded=_folded(cards),
            but={question.user_id, *hidden, *(each.user_id for each in asked)},
        )
        for each in rules.chosen(found, n_wanted, float(self.rng.random())):
            await self._claim(conn, question, each, now)
        await self._note(conn, question)

    async def _claim(
        self, conn: Connection, question: Question, candidate: Candidate, now: datetime
    ) -> None:
        expert = candidate.expert
        is_first = expert.reach == "dm" and not await direct.was_written_to(
            conn, expert.guild_id, expert.user_id
        )
        if is_first and await self._allowance(conn, now) < 1:
            return  # the next tick may
        wanted = Invitation(
            guild_id=question.guild_id,
            question_id=question.question_id,
            user_id=expert.user_id,
            state="claimed",
            reach=expert.reach,
            claimed_at=now.timestamp(),
            propensity=candidate.chance,
            is_first=is_first,
        )
        await experts.claim(conn, wanted)

    async def _allowance(self, conn: Connection, now: datetime) -> int:
        at = now.timestamp()
        counts = [
            await direct.count_first(conn, at - within_s, until=at + within_s)
            for within_s, _ in opening.FIRST_LIMITS
        ]
        return opening.first_allowance(counts)

    async def _note(self, conn: Connection, question: Question) -> None:
        """Have the question's card say how many were asked, and how many are coming."""
        asked = await experts.of_question(conn, question.question_id)
        reached = [each for each in asked if each.state not in ("failed", "withdrawn", "claimed")]
        n_coming = sum(each.state == "accepted" for each in asked)
        await self.questions.upkeep.asked(conn, question, len(reached), n_coming)

    async def claimed(self) -> list[Invitation]:
        """Return invitations that are to be sent, the oldest first."""
        async with self.database.read() as conn:
            return await experts.in_state(conn, "claimed")

    async def wanted(self, invitation: Invitation) -> tuple[Question, Expert] | None:
        """Return what a claimed invitation is about; None where it is not wanted any more."""
        async with self.database.read() as conn:
            question = await self.questions.upkeep.of(
                conn, invitation.guild_id, invitation.question_id
            )
            card = await experts.card(conn, invitation.guild_id, invitation.user_id)
        is_wanted = card is not None and card.state == "live"
        if question is None or question.state != "open" or not is_wanted or card is None:
            return None
        return question, card

    async def sent(self, invitation: Invitation, card: Expert, message_id: int) -> None:
        """Say that an invitation arrived: from now on it waits for an answer."""
        now = self._now

        async def job(conn: Connection) -> None:
            await experts.mark(
                conn,
                invitation.invitation_id,
                "sent",
                was=experts.CLAIMED,
                sent_at=now,
                expires_at=rules.expires_at(card, now),
                message_id=message_id,
            )
            await self._note_of(conn, invitation)

        await self.database.write(job)

    async def not_sent(
        self, invitation: Invitation, state: InvitationState, *, is_closed: bool = False
    ) -> None:
        """Say that an invitation never arrived; of closed messages, until their card changes."""

        async def job(conn: Connection) -> None:
            await experts.mark(conn, invitation.invitation_id, state, was=experts.CLAIMED)
            card = await experts.card(conn, invitation.guild_id, invitation.user_id)
            if is_closed and card is not None:
                await experts.save(conn, replace(card, closed_at=self._now))

        await self.database.write(job)

    async def expire(self, now: datetime) -> None:
        """Pass on what nobody answered in time, and withdraw what needs no answer any more."""
        async with self.database.read() as conn:
            late = await experts.in_state(conn, "sent", due_by=now.timestamp())
        for invitation in late:
            await self.database.write(
                lambda conn, i=invitation: self._expire(conn, i)  # type: ignore[misc]
            )

    async def _expire(self, conn: Connection, invitation: Invitation) -> None:
        question = await self.questions.upkeep.of(conn, invitation.guild_id, invitation.question_id)
        is_open = question is not None and question.state == "open"
        state: InvitationState = "expired" if is_open else "withdrawn"
        await experts.mark(conn, invitation.invitation_id, state, was=experts.SENT)

    async def of(self, invitation_id: int, user_id: int) -> Invitation:
        """Return an invitation that its expert presses a button of.

        Raises
        ------
        UserError
            It is somebody else's, or is gone.
        """
        async with self.database.read() as conn:
            found = await experts.invitation(conn, invitation_id)
        if found is None:
            raise StaleError("error-experts-invitation-gone")
        if found.user_id != user_id:
            raise UserError("error-experts-not-yours")
        return found

    async def answer(
        self, invitation_id: int, user_id: int, *, is_yes: bool
    ) -> tuple[Question, bool]:
        """Accept or pass an invitation; late is better than never. Return whether it counted.

        Raises
        ------
        UserError
            It is somebody else's, or its question is gone.
        """
        invitation = await self.of(invitation_id, user_id)
        state: InvitationState = "accepted" if is_yes else "passed"

        async def job(conn: Connection) -> tuple[Question, bool]:
            question = await self.questions.upkeep.of(
                conn, invitation.guild_id, invitation.question_id
            )
            if question is None:
                raise StaleError("error-experts-invitation-gone")
            is_new = await experts.mark(
                conn, invitation_id, state, was=_ANSWERABLE, answered_at=self._now
            )
            await self._note(conn, question)
            return question, is_new

        return await self.database.write(job)

    async def _note_of(self, conn: Connection, invitation: Invitation) -> None:
        question = await self.questions.upkeep.of(conn, invitation.guild_id, invitation.question_id)
        if question is not None:
            await self._note(conn, question)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()


def _folded(cards: Sequence[Expert]) -> dict[int, Collection[str]]:
    return {card.user_id: [folded(topic) for topic in card.topics] for card in cards}
