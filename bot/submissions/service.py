"""Proposing: a page is looked at, what it says is corrected, and it is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bot import dates
from bot.catalog.service import (
    ANY_STATE,
    CatalogService,
    accepted,
    checked,
    require_tags,
    tags_of,
)
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.pages.service import Page, PagesService
from bot.points.service import PointsService
from bot.submissions import rules
from bot.submissions.deciding import Deciding as Deciding
from bot.submissions.rules import REASON_MAX as REASON_MAX
from bot.submissions.rules import REVIEWERS_OF_PAID as REVIEWERS_OF_PAID
from bot.submissions.rules import SCORE_MAX as SCORE_MAX
from bot.submissions.rules import SCORES as SCORES
from bot.submissions.rules import SENTENCE_MAX as SENTENCE_MAX
from bot.submissions.rules import is_paid as is_paid
from bot.submissions.rules import is_trusted_source as is_trusted_source
from bot.submissions.rules import lacking as lacking
from bot.submissions.rules import mean_score as mean_score
from bot.submissions.rules import n_reviewers as n_reviewers
from bot.submissions.rules import price_text as price_text
from bot.submissions.rules import without_blank as without_blank
from bot.submissions.seeking import Seeking
from storage import submissions
from storage.connection import Connection
from storage.database import Database
from storage.records import Resource, Submission


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of a first look.

    Attributes
    ----------
    submission
        The draft; None where the page is known already.
    known
        What the guild has at that address.
    is_waiting
        Somebody proposed it, and it waits for a decision.
    problem
        Why nothing was filled in.
    alike
        Resources with nearly the same title.
    """

    submission: Submission | None
    known: Resource | None = None
    is_waiting: bool = False
    problem: UserError | None = None
    alike: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionsService:
    """A member's way from an address to a submission; ``deciding`` is the moderators'."""

    database: Database
    clock: Clock
    pages: PagesService
    catalog: CatalogService
    deciding: Deciding
    seeking: Seeking
    rng: np.random.Generator

    @classmethod
    def of(
        cls,
        *,
        database: Database,
        clock: Clock,
        pages: PagesService,
        catalog: CatalogService,
        points: PointsService,
        rng: np.random.Generator,
    ) -> "SubmissionsService":
        """Put the parts together."""
        return cls(
            database=database,
            clock=clock,
            pages=pages,
            catalog=catalog,
            deciding=Deciding(database=database, clock=clock, catalog=catalog, points=points),
            seeking=Seeking(database=database, clock=clock),
            rng=rng,
        )

    async def begin(self, guild_id: int, user_id: int, url: str) -> Begun:
        """Look at a page, and keep what it says as a draft.

        Raises
        ------
        UserError
            It is no web address.
        """
        kept, key, known = await self.catalog.at(guild_id, url)
        if known is not None:
            return Begun(None, known)
        page, problem = Page(url=kept), None
        try:
            page = await self.pages.look(kept)
        except UserError as error:
            problem = error
        kept, key, known = await self.catalog.at(guild_id, page.url)
        if known is not None:
            return Begun(None, known)
        fields = _filled_in(page, kept)
        tags = await self.catalog.tags_in(guild_id, f"{page.title}\n{page.summary}")
        draft = self._draft(guild_id, user_id, key, fields | ({"tags": tags} if tags else {}))

        async def job(conn: Connection) -> Begun:
            if await submissions.waiting_at(conn, guild_id, key) is not None:
                return Begun(None, is_waiting=True)
            number = await submissions.add(conn, draft)
            return Begun(replace(draft, submission_id=number), problem=problem)

        begun = await self.database.write(job)
        return replace(begun, alike=await self.alike(begun.submission))

    async def alike(self, submission: Submission | None) -> tuple[Resource, ...]:
        """Return what the guild has under nearly the same title."""
        title = submission.fields.get("title") if submission is not None else None
        if submission is None or title is None:
            return ()
        found = await self.catalog.find(submission.guild_id, title, states=ANY_STATE, limit=10)
        return tuple(
            each
            for each in found
            if each.resource_id != submission.resource_id and rules.is_alike(each.title, title)
        )[:3]

    async def draft(self, guild_id: int, user_id: int, submission_id: int) -> Submission:
        """Return a member's own draft.

        Raises
        ------
        StaleError
            It was handed in, or is gone.
        """
        async with self.database.read() as conn:
            return await self._own(conn, guild_id, user_id, submission_id)

    async def edit(
        self, guild_id: int, user_id: int, submission_id: int, written: Mapping[str, str]
    ) -> Submission:
        """Change fields of a draft; an empty one is unknown from then on.

        Raises
        ------
        UserError
            A field is refused.
        """

        async def job(conn: Connection) -> Submission:
            known = await self._own(conn, guild_id, user_id, submission_id)
            await require_tags(conn, guild_id, tags_of(written))
            changed = edited(known, written)
            await submissions.change(
                conn, submission_id, "draft", fields=changed.fields, creator=changed.creator
            )
            return changed

        return await self.database.write(job)

    async def own(self, guild_id: int, user_id: int, submission_id: int) -> Submission:
        """Say that the member made it, or take that back."""

        async def job(conn: Connection) -> Submission:
            known = await self._own(conn, guild_id, user_id, submission_id)
            await submissions.change(conn, submission_id, "draft", is_own=not known.is_own)
            return replace(known, is_own=not known.is_own)

        return await self.database.write(job)

    async def discard(self, guild_id: int, user_id: int, submission_id: int) -> None:
        """Delete a draft."""

        async def job(conn: Connection) -> None:
            await self._own(conn, guild_id, user_id, submission_id)
            await submissions.drop_draft(conn, submission_id)

        await self.database.write(job)

    async def submit(self, guild_id: int, user_id: int, submission_id: int) -> Submission:
        """Hand in a draft; of a member who is trusted it is published at once.

        Raises
        ------
        UserError
            Something is missing, too many wait, or somebody was faster.
        """
        is_sampled = self.rng.random() < rules.SAMPLED_SHARE

        async def job(conn: Connection) -> Submission:
            known = await self._own(conn, guild_id, user_id, submission_id)
            values = checked(known.written)
            if rules.lacking(known.fields):
                raise UserError("error-submissions-lacking")
            if await submissions.waiting_at(conn, guild_id, known.url_key) is not None:
                raise UserError("error-submissions-waiting")
            if await submissions.count_waiting(conn, guild_id, user_id) >= rules.WAITING_MAX:
                raise UserError("error-submissions-many", limit=rules.WAITING_MAX)
            now = self.clock().timestamp()
            handed_in = replace(known, state="waiting", submitted_at=now)
            await submissions.change(
                conn, submission_id, "draft", state="waiting", submitted_at=now
            )
            if await self._is_trusted(conn, handed_in, now):
                return await self.deciding.publish_at_once(conn, handed_in, values, is_sampled)
            return handed_in

        return await self.database.write(job)

    async def mine(self, guild_id: int, user_id: int) -> list[Submission]:
        """Return what a member submitted, the latest first."""
        async with self.database.read() as conn:
            return await submissions.of_member(conn, guild_id, user_id)

    async def tidy(self, now: float) -> None:
        """Drop drafts that nobody came back to."""
        await self.database.write(
            lambda conn: submissions.drop_drafts(conn, now - rules.DRAFT_LIFE_S)
        )

    async def _is_trusted(self, conn: Connection, one: Submission, now: float) -> bool:
        """Say whether nobody has to decide; what costs money is always looked at."""
        if rules.is_paid(one.fields):
            return False
        known = await submissions.outcomes(conn, one.guild_id, one.user_id, rules.OUTCOMES_SEEN)
        since = now - dates.DAY_S
        n_today = await submissions.count_trusted(conn, one.guild_id, one.user_id, since)
        return rules.is_trusted(known) and n_today < rules.TRUSTED_PER_DAY

    async def _own(
        self, conn: Connection, guild_id: int, user_id: int, submission_id: int
    ) -> Submission:
        found = await submissions.one(conn, guild_id, submission_id)
        if found is None or found.user_id != user_id or found.state != "draft":
            raise StaleError("error-submissions-gone")
        return found

    def _draft(self, guild_id: int, user_id: int, key: str, fields: dict[str, str]) -> Submission:
        return Submission(
            guild_id=guild_id,
            user_id=user_id,
            url_key=key,
            creator=fields.pop("creator", ""),
            fields=fields,
            created_at=self.clock().timestamp(),
        )


def edited(known: Submission, written: Mapping[str, str]) -> Submission:
    """Return a submission with fields changed; raises UserError for what is refused."""
    fields = rules.without_blank({**known.written, **written})
    checked(fields)
    creator = fields.pop("creator", "")
    return replace(known, fields=fields, creator=creator)


def _filled_in(page: Page, url: str) -> dict[str, str]:
    """Return what a page says as the catalogue's texts, without what it would refuse."""
    said = {
        "title": page.title,
        "kind": page.kind,
        "url": url,
        "summary": page.summary,
        "language": page.language,
        "level": page.level,
        "minutes": str(page.minutes or ""),
        "price": page.price,
        "currency": page.currency,
        "creator": page.author,
        "published": page.published,
    }
    return accepted(rules.without_blank(said))
