"""Invitations: whom to ask for an answer or a review, claimed, sent, answered, passed on, over.

An expert is asked for one question or one submission; both count for their week, wait as long, and
are passed on in the same way. What was asked for says itself whether it is still wanted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from bot import outbox
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.experts import rules
from bot.experts.rules import About, Candidate
from bot.questions.service import QuestionsService
from bot.search.service import SearchService
from bot.submissions.service import SubmissionsService
from storage import direct, experts, members
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import Expert, Invitation, InvitationState, Question, Submission

CLAIM_FOR_S = 60.0
"""A claim that nobody marked for so long is looked up before it is sent again."""
_ANSWERABLE: tuple[InvitationState, ...] = ("claimed", "sent", "expired")

Subject = Question | Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Inviting:
    """Asks experts; of what is claimed twice, one is sent."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    questions: QuestionsService
    submissions: SubmissionsService
    words: SearchService

    # ------------------------------------------------------------------------ routing

    async def route(self, now: datetime) -> None:
        """Claim invitations for what waits for somebody, within every bound."""
        subjects: list[Subject] = [
            *await self.questions.upkeep.unanswered(now),
            *await self.submissions.seeking.sought(),
        ]
        for subject in subjects:
            await self.database.write(
                lambda conn, s=subject: self._invite(conn, s, now)  # type: ignore[misc]
            )

    async def seek(
        self, guild_id: int, actor_id: int, submission_id: int, now: datetime
    ) -> Submission:
        """Have experts asked to review a submission, the first of them now.

        Raises
        ------
        UserError
            Nobody fits who may be asked.
        """

        async def job(conn: Connection) -> Submission:
            known = await self.submissions.seeking.seek(conn, guild_id, actor_id, submission_id)
            if not await self._invite(conn, known, now):
                raise UserError("error-experts-none-fit", title=known.title)
            return known

        return await self.database.write(job)

    async def _invite(self, conn: Connection, seen: Subject, now: datetime) -> bool:
        """Claim invitations for who fits; say whether somebody does, or is asked already."""
        subject = await self._wanted(conn, seen)
        if subject is None:
            return False
        asked = await self._asked(conn, subject)
        n_wanted = rules.n_wanted(asked, await self._at_once(conn, subject, asked))
        if not n_wanted:
            return bool(asked)
        cards = await experts.cards(conn, subject.guild_id)
        hidden = await members.untracked(conn, subject.guild_id, {c.user_id for c in cards})
        by_letter = {card.user_id for card in cards if _reach(subject, card) == "dm"}
        hidden |= await outbox.waiting(
            conn, "invitation", subject.guild_id, by_letter, now.timestamp()
        )
        known: set[int] = set()
        if isinstance(subject, Submission):
            known = await self.submissions.seeking.reviewers(conn, subject.submission_id)
        found = rules.ranked(
            [card for card in cards if not (_reach(subject, card) == "dm" and card.closed_at)],
            await experts.records(conn, subject.guild_id, rules.asked_for_since(now)),
            await self.about(conn, subject.guild_id, subject.title, _tags(subject), cards),
            now.timestamp(),
            folded=folded_topics(cards),
            but={subject.user_id, *hidden, *known, *(each.user_id for each in asked)},
        )
        for each in rules.chosen(found, n_wanted, float(self.rng.random())):
            await self._claim(conn, subject, each, now)
        await self._note(conn, subject)
        return bool(found)

    async def about(
        self,
        conn: Connection,
        guild_id: int,
        title: str,
        tags: Collection[str],
        cards: Sequence[Expert],
    ) -> About:
        """Return what is asked, with the topics of cards that it names in whatever words."""
        topics = {topic for card in cards for topic in card.topics}
        tagged = [await self.words.named(conn, guild_id, tag, topics) for tag in tags]
        titled = await self.words.named(conn, guild_id, title, topics)
        said = [folded(topic) for topic in (*tags, *(each for one in tagged for each in one))]
        return rules.about(folded(title), said, named=map(folded, titled))

    async def _claim(
        self, conn: Connection, subject: Subject, candidate: Candidate, now: datetime
    ) -> None:
        expert = candidate.expert
        reach = _reach(subject, expert)
        is_first = reach == "dm" and not await direct.was_written_to(
            conn, expert.guild_id, expert.user_id
        )
        if is_first and await outbox.allowance(conn, now.timestamp()) < 1:
            return  # the next tick may
        wanted = Invitation(
            guild_id=subject.guild_id,
            question_id=subject.question_id if isinstance(subject, Question) else None,
            submission_id=subject.submission_id if isinstance(subject, Submission) else None,
            user_id=expert.user_id,
            state="claimed",
            reach=reach,
            claimed_at=now.timestamp(),
            propensity=candidate.chance,
            is_first=is_first,
        )
        await experts.claim(conn, wanted)

    async def _asked(self, conn: Connection, subject: Subject) -> list[Invitation]:
        if isinstance(subject, Question):
            return await experts.of_question(conn, subject.question_id)
        return await experts.of_submission(conn, subject.submission_id)

    async def _at_once(
        self, conn: Connection, subject: Subject, asked: Sequence[Invitation]
    ) -> int:
        """Return how many are to be asked at the same time, those who accepted among them."""
        if isinstance(subject, Question):
            return rules.AT_ONCE
        others = await self.submissions.seeking.reviewers(conn, subject.submission_id)
        others -= {each.user_id for each in asked if each.state == "accepted"}
        return max(subject.n_sought - len(others), 0)

    async def _note(self, conn: Connection, subject: Subject) -> None:
        """Have the question's card say how many were asked, and how many are coming."""
        if not isinstance(subject, Question):
            return
        asked = await experts.of_question(conn, subject.question_id)
        reached = [each for each in asked if each.state not in ("failed", "withdrawn", "claimed")]
        n_coming = sum(each.state == "accepted" for each in asked)
        await self.questions.upkeep.asked(conn, subject, len(reached), n_coming)

    # -------------------------------------------------------------------- what is asked for

    async def _of(self, conn: Connection, invitation: Invitation) -> Subject | None:
        """Return what an invitation is about, None where it is gone."""
        guild_id = invitation.guild_id
        if invitation.question_id is not None:
            return await self.questions.upkeep.of(conn, guild_id, invitation.question_id)
        number = invitation.submission_id or 0
        return await self.submissions.seeking.waiting(conn, guild_id, number)

    async def _wanted(self, conn: Connection, seen: Subject) -> Subject | None:
        """Return it as it is now, None where nobody is to be asked any more."""
        if isinstance(seen, Submission):
            return await self.submissions.seeking.waiting(conn, seen.guild_id, seen.submission_id)
        found = await self.questions.upkeep.of(conn, seen.guild_id, seen.question_id)
        return found if found is not None and found.state == "open" else None

    # ------------------------------------------------------------------------- sending

    async def claimed(self) -> list[Invitation]:
        """Return invitations that are to be sent, the oldest first."""
        async with self.database.read() as conn:
            return await experts.in_state(conn, "claimed")

    async def wanted(self, invitation: Invitation) -> tuple[Subject, Expert] | None:
        """Return what a claimed invitation is about; None where it is not wanted any more."""
        async with self.database.read() as conn:
            about = await self._of(conn, invitation)
            subject = await self._wanted(conn, about) if about is not None else None
            card = await experts.card(conn, invitation.guild_id, invitation.user_id)
        if subject is None or card is None or card.state != "live":
            return None
        return subject, card

    async def waits_again(self, invitation: Invitation, now: datetime) -> bool:
        """Say whether one that was claimed earlier is too near to what another server sent."""
        if invitation.reach != "dm":
            return False
        key = invitation.guild_id, invitation.user_id, now.timestamp()
        async with self.database.read() as conn:
            return await outbox.waits_again(conn, "invitation", *key)

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
            if (subject := await self._of(conn, invitation)) is not None:
                await self._note(conn, subject)

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
        about = await self._of(conn, invitation)
        is_open = about is not None and await self._wanted(conn, about) is not None
        state: InvitationState = "expired" if is_open else "withdrawn"
        await experts.mark(conn, invitation.invitation_id, state, was=experts.SENT)

    # ----------------------------------------------------------------------- answering

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
    ) -> tuple[Subject, bool]:
        """Accept or pass an invitation; late is better than never. Return whether it counted.

        Raises
        ------
        UserError
            It is somebody else's, or what it is about is gone.
        """
        invitation = await self.of(invitation_id, user_id)
        state: InvitationState = "accepted" if is_yes else "passed"

        async def job(conn: Connection) -> tuple[Subject, bool]:
            subject = await self._of(conn, invitation)
            if subject is None:
                raise StaleError("error-experts-invitation-gone")
            is_new = await experts.mark(
                conn, invitation_id, state, was=_ANSWERABLE, answered_at=self._now
            )
            if is_new and is_yes and isinstance(subject, Submission):
                await self.submissions.seeking.accepted(conn, subject, user_id)
            await self._note(conn, subject)
            return subject, is_new

        return await self.database.write(job)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()


def _reach(subject: Subject, card: Expert) -> Any:
    """Return how an expert is asked: a review has no thread to mention them in."""
    return card.reach if isinstance(subject, Question) else "dm"


def _tags(subject: Subject) -> Sequence[str]:
    if isinstance(subject, Question):
        return subject.tags
    said = subject.fields.get("tags", "").replace("，", ",").split(",")
    return [tag for tag in map(str.strip, said) if tag]


def folded_topics(cards: Sequence[Expert]) -> Mapping[int, Collection[str]]:
    """Return the folded topics of each card, by member."""
    return {card.user_id: [folded(topic) for topic in card.topics] for card in cards}
