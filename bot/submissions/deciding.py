"""Deciding: moderators publish or reject what members propose, and ask experts first.

Every decision is written down with who made it, and can be undone: what was published is retired,
its points with it, and the submission waits again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.catalog.service import CatalogService, checked
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.submissions import rules
from storage import audit, members, sources, submissions
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    AuditAction,
    AuditRow,
    Event,
    EventKind,
    Review,
    Submission,
)
from storage.schema import ERASED

QUEUE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A submission as whoever decides sees it: with reviews, and how its member did so far.

    ``outcomes`` are of decisions on others of the member's, or of the source's, the latest first;
    ``source`` is what the source is called that it came from.
    """

    submission: Submission
    reviews: tuple[Review, ...]
    outcomes: tuple[bool, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Deciding:
    """What moderators and experts do with submissions."""

    database: Database
    clock: Clock
    catalog: CatalogService
    points: PointsService

    async def queue(self, guild_id: int) -> tuple[list[Submission], int]:
        """Return the oldest that wait, and how many do."""
        async with self.database.read() as conn:
            waiting = await submissions.queue(conn, guild_id, QUEUE_SHOWN)
            return waiting, await submissions.count_waiting(conn, guild_id)

    async def case(self, guild_id: int, submission_id: int) -> Case:
        """Return one submission with everything that bears on it."""
        async with self.database.read() as conn:
            return await self._case(conn, await self._existing(conn, guild_id, submission_id))

    async def publish(self, guild_id: int, actor_id: int, submission_id: int) -> Case:
        """Put a submission into the catalogue.

        Raises
        ------
        UserError
            It is decided already, its own member's, or costs money and too few reviewed it.
        """

        async def job(conn: Connection) -> Case:
            known = await self._open(conn, guild_id, actor_id, submission_id)
            found = await submissions.reviews_of(conn, submission_id)
            n_more = rules.REVIEWERS_OF_PAID - rules.n_reviewers(found, known)
            if rules.is_paid(known.fields) and n_more > 0:
                raise UserError("error-submissions-reviewers", count=n_more)
            if known.is_trusted and known.state == "published":
                return await self._decided(conn, known, actor_id, "published")
            resource_id = await self._put(conn, known, actor_id, checked(known.written))
            return await self._decided(conn, known, actor_id, "published", resource_id=resource_id)

        return await self.database.write(job)

    async def reject(self, guild_id: int, actor_id: int, submission_id: int, reason: str) -> Case:
        """Say no, and why; what was published at once is taken out again."""
        if is_blank(reason):
            raise UserError("error-submissions-reason")

        async def job(conn: Connection) -> Case:
            known = await self._open(conn, guild_id, actor_id, submission_id)
            if known.state == "published" and known.resource_id is not None:
                await self.catalog.set_state_in(
                    conn, guild_id, actor_id, known.resource_id, "retired"
                )
            return await self._decided(conn, known, actor_id, "rejected", reason=reason.strip())

        return await self.database.write(job)

    async def undo(self, guild_id: int, actor_id: int, submission_id: int) -> Case:
        """Take a decision back, with what it published and paid; the submission waits again."""

        async def job(conn: Connection) -> Case:
            known = await self._existing(conn, guild_id, submission_id)
            if known.decided_by is None or known.state not in ("published", "rejected"):
                raise StaleError("error-submissions-open")
            if known.state == "published" and known.resource_id is not None:
                await self.catalog.set_state_in(
                    conn, guild_id, actor_id, known.resource_id, "retired"
                )
            blank = {"state": "waiting", "decided_by": None, "decided_at": None, "reason": ""}
            await submissions.change(conn, submission_id, known.state, **blank, told_at=None)
            await self._audit(conn, actor_id, "submission.undo", known)
            return await self._case(conn, await self._existing(conn, guild_id, submission_id))

        return await self.database.write(job)

    async def edit(
        self, guild_id: int, actor_id: int, submission_id: int, changed: Submission
    ) -> Case:
        """Store what a moderator corrected before deciding."""

        async def job(conn: Connection) -> Case:
            known = await self._open(conn, guild_id, actor_id, submission_id)
            before, after = known.written, changed.written
            names = sorted(n for n in before | after if before.get(n) != after.get(n))
            await submissions.change(
                conn, submission_id, known.state, fields=changed.fields, creator=changed.creator
            )
            await self._audit(conn, actor_id, "submission.edit", changed, fields=names)
            return await self._case(conn, changed)

        return await self.database.write(job)

    async def ask(self, guild_id: int, actor_id: int, submission_id: int, user_id: int) -> Case:
        """Ask somebody to review a submission; nobody reviews what they propose."""

        async def job(conn: Connection) -> Case:
            known = await self._open(conn, guild_id, actor_id, submission_id)
            if user_id == known.user_id:
                raise UserError("error-submissions-own")
            asked = Review(
                guild_id=guild_id,
                submission_id=submission_id,
                user_id=user_id,
                asked_by=actor_id,
                asked_at=self.clock().timestamp(),
            )
            if await submissions.ask(conn, asked):
                await self._audit(conn, actor_id, "submission.ask", known, about=(user_id,))
            return await self._case(conn, known)

        return await self.database.write(job)

    async def asked(self, guild_id: int, user_id: int) -> list[Submission]:
        """Return what a member is asked to review."""
        async with self.database.read() as conn:
            wanted = await submissions.asked_of(conn, guild_id, user_id)
            found = [await submissions.one(conn, guild_id, r.submission_id) for r in wanted]
        return [each for each in found if each is not None]

    async def may_review(
        self, guild_id: int, user_id: int, submission_id: int
    ) -> tuple[Submission, Review]:
        """Return a submission and what a member is asked of it.

        Raises
        ------
        StaleError
            They are not asked (any more), or it is decided.
        """
        async with self.database.read() as conn:
            return await self._asked(conn, guild_id, user_id, submission_id)

    async def review(
        self,
        guild_id: int,
        user_id: int,
        submission_id: int,
        scores: Mapping[str, int],
        sentence: str,
    ) -> Review:
        """Store what an expert says; who was asked by somebody else is paid for it once."""
        if is_blank(sentence):
            raise UserError("error-submissions-sentence")

        async def job(conn: Connection) -> Review:
            _, known = await self._asked(conn, guild_id, user_id, submission_id)
            now = self.clock().timestamp()
            is_first = known.reviewed_at is None
            said: dict[str, Any] = {**scores, "sentence": sentence.strip(), "reviewed_at": now}
            await submissions.change_review(conn, known.review_id, **said)
            if is_first and known.asked_by not in (user_id, ERASED):
                await self._pay(conn, known, now)
            return replace(known, **said)

        return await self.database.write(job)

    async def sign(
        self, guild_id: int, user_id: int, submission_id: int, is_signed: bool
    ) -> Review:
        """Put a reviewer's name beside what they said, or take it away."""

        async def job(conn: Connection) -> Review:
            known = await submissions.review_by(conn, submission_id, user_id)
            if known is None or known.guild_id != guild_id or known.reviewed_at is None:
                raise StaleError("error-submissions-not-asked")
            await submissions.change_review(conn, known.review_id, is_signed=is_signed)
            return replace(known, is_signed=is_signed)

        return await self.database.write(job)

    # ---------------------------------------------------------------- what a tick does

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return the channel in which moderators are shown submissions."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id

    async def to_post(self) -> list[Submission]:
        """Return what moderators have not been shown."""
        async with self.database.read() as conn:
            return await submissions.unposted(conn)

    async def posted(self, submission: Submission) -> None:
        """Remember that they have."""
        await self._mark(submission, "posted_at")

    async def to_tell(self) -> list[Submission]:
        """Return decisions of which the member has not heard, a minute after they were made."""
        async with self.database.read() as conn:
            return await submissions.untold(conn, self.clock().timestamp() - rules.UNDO_S)

    async def told(self, submission: Submission) -> bool:
        """Remember that a member has heard; False where the decision is another by now."""
        return await self._mark(submission, "told_at")

    async def not_told(self, submission: Submission) -> None:
        """Take that back, for it was not sent."""
        await self.database.write(
            lambda conn: submissions.change(
                conn, submission.submission_id, submission.state, told_at=None
            )
        )

    async def to_ask(self) -> list[Review]:
        """Return who is asked and does not know."""
        async with self.database.read() as conn:
            return await submissions.untold_reviewers(conn)

    async def knows(self, review: Review) -> None:
        """Remember that somebody knows that they are asked."""
        now = self.clock().timestamp()
        await self.database.write(
            lambda conn: submissions.change_review(conn, review.review_id, told_at=now)
        )

    async def publish_at_once(
        self,
        conn: Connection,
        handed_in: Submission,
        values: Mapping[str, Any],
        is_sampled: bool,
    ) -> Submission:
        """Publish what a trusted member hands in, in the transaction that hands it in.

        A sample waits for moderators' eyes as others do, published as it is.
        """
        resource_id = await self._put(conn, handed_in, ERASED, values)
        now = self.clock().timestamp()
        known: dict[str, Any] = {"is_trusted": True, "resource_id": resource_id}
        known |= {"state": "published", "decided_at": now, "told_at": now}
        known["posted_at"] = None if is_sampled else now
        await submissions.change(conn, handed_in.submission_id, "waiting", **known)
        return replace(handed_in, **known)

    async def _put(
        self, conn: Connection, known: Submission, actor_id: int, values: Mapping[str, Any]
    ) -> int:
        """Put it into the catalogue, or bring back what an undone decision had put there."""
        guild_id = known.guild_id
        if known.resource_id is not None:
            number = known.resource_id
            await self.catalog.edit_in(conn, guild_id, actor_id, number, known.written)
            await self.catalog.set_state_in(conn, guild_id, actor_id, number, "live")
            return number
        owner = {"creator_id": known.user_id} if known.is_own and known.user_id != ERASED else {}
        made = await self.catalog.add_in(
            conn,
            guild_id,
            actor_id,
            {**values, **owner},
            proposed_by=None if known.user_id == ERASED else known.user_id,
        )
        return made.resource_id

    async def _pay(self, conn: Connection, done: Review, now: float) -> None:
        event = Event(
            guild_id=done.guild_id,
            source_id=done.review_id,
            kind=EventKind.REVIEWED,
            user_id=done.asked_by,
            occurred_at=now,
            target_id=done.user_id,
        )
        await self.points.record(conn, event)

    async def _decided(
        self, conn: Connection, known: Submission, actor_id: int, state: str, **more: Any
    ) -> Case:
        now = self.clock().timestamp()
        is_new = state != known.state
        changes = {"state": state, "decided_by": actor_id, "decided_at": now, "posted_at": now}
        changes |= more | ({"told_at": None} if is_new else {})
        if not await submissions.change(conn, known.submission_id, known.state, **changes):
            raise StaleError("error-submissions-decided")
        done: AuditAction = "submission.publish" if state == "published" else "submission.reject"
        about = (known.user_id,) if known.user_id != ERASED else ()
        reason = {"reason": more["reason"]} if more.get("reason") else {}
        await self._audit(conn, actor_id, done, known, about=about, **reason)
        return await self._case(
            conn, await self._existing(conn, known.guild_id, known.submission_id)
        )

    async def _case(self, conn: Connection, known: Submission) -> Case:
        guild_id, outcomes, source = known.guild_id, [], ""
        if known.source_id is not None:
            named = await sources.titles(conn, guild_id, (known.source_id,))
            source = named.get(known.source_id, "")
            outcomes = await sources.outcomes(conn, guild_id, known.source_id, rules.OUTCOMES_SEEN)
        elif known.user_id != ERASED:
            outcomes = await submissions.outcomes(
                conn, guild_id, known.user_id, rules.OUTCOMES_SEEN
            )
        found = await submissions.reviews_of(conn, known.submission_id)
        return Case(submission=known, reviews=tuple(found), outcomes=tuple(outcomes), source=source)

    async def _existing(self, conn: Connection, guild_id: int, submission_id: int) -> Submission:
        found = await submissions.one(conn, guild_id, submission_id)
        if found is None or found.state == "draft":
            raise StaleError("error-submissions-gone")
        return found

    async def _open(
        self, conn: Connection, guild_id: int, actor_id: int, submission_id: int
    ) -> Submission:
        """Return what is not decided yet; nobody decides on what they propose."""
        known = await self._existing(conn, guild_id, submission_id)
        if known.state != "waiting" and not (known.is_trusted and known.decided_by is None):
            raise StaleError("error-submissions-decided")
        if known.user_id == actor_id:
            raise UserError("error-submissions-own")
        return known

    async def _asked(
        self, conn: Connection, guild_id: int, user_id: int, submission_id: int
    ) -> tuple[Submission, Review]:
        known = await submissions.one(conn, guild_id, submission_id)
        asked = await submissions.review_by(conn, submission_id, user_id)
        if known is None or asked is None or known.state != "waiting":
            raise StaleError("error-submissions-not-asked")
        return known, asked

    async def _mark(self, submission: Submission, name: str) -> bool:
        now = self.clock().timestamp()
        return await self.database.write(
            lambda conn: submissions.change(
                conn, submission.submission_id, submission.state, **{name: now}
            )
        )

    async def _audit(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        known: Submission,
        *,
        about: Sequence[int] = (),
        **details: Any,
    ) -> None:
        row = AuditRow(
            guild_id=known.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(known.submission_id),
            details=details | {"title": known.title},
            about=tuple(about),
        )
        await audit.append(conn, row)
