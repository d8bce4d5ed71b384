"""Reviews that experts are asked for: how many of what, and who said yes.

Whom to ask, when, and how often, `bot.experts` decides; a review is asked for here once somebody
accepted, and is written, signed and paid like any other.
"""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.submissions import rules
from storage import audit, submissions
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Review, Submission
from storage.schema import ERASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeking:
    """Submissions whose reviewers are looked for among experts."""

    database: Database
    clock: Clock

    async def seek(
        self, conn: Connection, guild_id: int, actor_id: int, submission_id: int
    ) -> Submission:
        """Have experts asked for as many reviews as it needs, in the caller's transaction.

        Raises
        ------
        UserError
            It is decided, or is the moderator's own.
        """
        known = await self.waiting(conn, guild_id, submission_id)
        if known is None:
            raise StaleError("error-submissions-decided")
        if known.user_id == actor_id:
            raise UserError("error-submissions-own")
        n_wanted = rules.REVIEWERS_OF_PAID if rules.is_paid(known.fields) else 1
        changes = {"sought_by": actor_id, "n_sought": n_wanted}
        await submissions.change(conn, submission_id, "waiting", **changes)
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action="submission.seek",
            occurred_at=self.clock().timestamp(),
            subject=str(submission_id),
            details={"title": known.title},
        )
        await audit.append(conn, row)
        return replace(known, sought_by=actor_id, n_sought=n_wanted)

    async def waiting(
        self, conn: Connection, guild_id: int, submission_id: int
    ) -> Submission | None:
        """Return a submission that waits for a decision, None for any other."""
        known = await submissions.one(conn, guild_id, submission_id)
        return known if known is not None and known.state == "waiting" else None

    async def sought(self) -> list[Submission]:
        """Return what experts are to be asked to review, the oldest first."""
        async with self.database.read() as conn:
            return await submissions.sought(conn)

    async def reviewers(self, conn: Connection, submission_id: int) -> set[int]:
        """Return who reviewed it or is asked to."""
        return {each.user_id for each in await submissions.reviews_of(conn, submission_id)}

    async def accepted(self, conn: Connection, known: Submission, user_id: int) -> None:
        """Ask an expert who said yes, for the moderator who had experts asked."""
        now = self.clock().timestamp()
        asked = Review(
            guild_id=known.guild_id,
            submission_id=known.submission_id,
            user_id=user_id,
            asked_by=known.sought_by or ERASED,
            asked_at=now,
            told_at=now,
        )
        await submissions.ask(conn, asked)
