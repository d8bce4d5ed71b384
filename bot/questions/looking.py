"""Finding questions: those that wait for somebody, those with certain words, one's own."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from bot.clock import Clock
from bot.links.service import LinksService, Shown
from bot.questions import rules
from bot.search.service import SearchService
from storage import candidates, catalog, members, questions
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import Question, QuestionState, Resource
from storage.search import Source

SHOWN = 10
TAGS_SHOWN = 10
FITTING = 3
"""Resources, and solved questions, that are shown to whoever asks."""
_ASKED_MAX = 500
_NEAR = 100
"""Of how many that fit best it is asked whether they may be shown."""
SOURCES: tuple[Source, ...] = ("resources", "questions")
EVER: tuple[QuestionState, ...] = ("open", "answered", "solved", "stale", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Questions in the order in which to look at them, and how many others have each.

    ``corrected`` is what was looked for as it was understood, where a word was misspelt.
    """

    questions: tuple[Question, ...]
    n_followers: dict[int, int]
    n_all: int
    corrected: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What fits a question: resources, and questions that were solved.

    ``is_whole`` is False as long as large indexes are built, after a start: some may be missing.
    """

    resources: tuple[Resource, ...] = ()
    questions: tuple[Question, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Finds questions in the channels that whoever asks may see."""

    database: Database
    clock: Clock
    links: LinksService
    words: SearchService

    async def waiting(
        self,
        guild_id: int,
        user_id: int,
        channel_ids: Collection[int],
        *,
        topic: str = "",
        is_moderator: bool = False,
        topics: Collection[str] = (),
    ) -> Found:
        """Return questions that wait for an answer; of a member's own topics first.

        Parameters
        ----------
        channel_ids
            What they may see.
        topics
            What they know about, besides the interests of their profile.
        """
        async with self.database.read() as conn:
            found, _ = await self._with(conn, guild_id, topic, channel_ids, questions.ACTIVE)
            member = await members.member(conn, guild_id, user_id)
            n_followers = await questions.n_followers(conn, [q.question_id for q in found])
        others = [question for question in found if question.user_id != user_id]
        known = {folded(each) for each in (*topics, *member.interests)}
        ordered = rules.in_order(others, known, n_followers if is_moderator else None)
        return Found(questions=tuple(ordered[:SHOWN]), n_followers=n_followers, n_all=len(ordered))

    async def search(self, guild_id: int, words: str, channel_ids: Collection[int]) -> Found:
        """Return questions that fit some words, solved ones first, then the best; or all."""
        async with self.database.read() as conn:
            found, corrected = await self._with(conn, guild_id, words, channel_ids, EVER)
            n_followers = await questions.n_followers(conn, [q.question_id for q in found])
        if not words.strip():
            found.sort(key=lambda question: -question.asked_at)
        found.sort(key=lambda question: question.state != "solved")
        return Found(
            questions=tuple(found[:SHOWN]),
            n_followers=n_followers,
            n_all=len(found),
            corrected=corrected if found else None,
        )

    async def _with(
        self,
        conn: Connection,
        guild_id: int,
        text: str,
        channel_ids: Collection[int],
        states: Collection[QuestionState],
    ) -> tuple[list[Question], str | None]:
        """Return questions that fit a text, the best first, and how it was understood; or all."""
        if not text.strip():
            found = await questions.listed(
                conn, guild_id, channel_ids, states=states, limit=_ASKED_MAX
            )
            return found, None
        matches = await self.words.find(conn, guild_id, text, of="questions")
        near = await questions.by_ids(conn, guild_id, matches.ids[:_ASKED_MAX].tolist())
        shown = [q for q in near.values() if q.channel_id in channel_ids and q.state in states]
        return shown, matches.corrected

    async def fitting(
        self,
        guild_id: int,
        title: str,
        tags: Collection[str] = (),
        *,
        channel_ids: Collection[int],
        role_ids: Collection[int] | None,
        but: int = 0,
    ) -> Fitting:
        """Return resources and solved questions that are about what a title asks, at once.

        Nobody waits for a large index to be built: what can be asked by then is (`is_whole`).

        Parameters
        ----------
        channel_ids, role_ids
            What whoever sees them may see.
        but
            A question that is left out: the one that is asked.
        """
        about = " ".join((title, *tags))
        async with self.database.read() as conn:
            is_ready = [await self.words.is_ready(conn, guild_id, of) for of in SOURCES]
            near = await self.words.about(conn, guild_id, about) if is_ready[0] else []
            resources = await catalog.narrowed(
                conn, guild_id, near[:_NEAR], role_ids=role_ids, limit=_NEAR
            )
            asked = (
                await self.words.about(conn, guild_id, about, of="questions") if is_ready[1] else []
            )
            alike = await questions.by_ids(conn, guild_id, asked[:_NEAR])
        solved = (
            q
            for number, q in alike.items()
            if number != but and q.state == "solved" and q.channel_id in channel_ids
        )
        return Fitting(
            resources=tuple(one for one in resources if one.kind != "thread")[:FITTING],
            questions=tuple(islice(solved, FITTING)),
            is_whole=all(is_ready),
        )

    async def is_searchable(self, guild_id: int) -> bool:
        """Say whether questions can be searched by words at once."""
        async with self.database.read() as conn:
            return await self.words.is_ready(conn, guild_id, "questions")

    async def show(self, guild_id: int, user_id: int, fitting: Fitting) -> list[Shown]:
        """Log the resources that fit as shown to a member, and return them as they are shown."""
        return await self.database.write(
            lambda conn: self.links.show(
                conn, guild_id, user_id, fitting.resources, "question", arm="title"
            )
        )

    async def tags(self, guild_id: int) -> list[str]:
        """Return what resources are tagged with, the most used first."""
        async with self.database.read() as conn:
            return (await candidates.tags(conn, guild_id, role_ids=()))[:TAGS_SHOWN]

    async def public(
        self, conn: Connection, guild_id: int, *, is_solved: bool, since: float = 0.0
    ) -> list[Question]:
        """Return questions that everybody in the server may read.

        Those that wait for an answer, the oldest first, or those solved since a moment.
        """
        return await questions.public(conn, guild_id, is_solved=is_solved, since=since)

    async def still_public(
        self, conn: Connection, guild_id: int, numbers: Collection[int]
    ) -> dict[int, Question]:
        """Return those of these questions that everybody in the server may read, by id."""
        found = await questions.by_ids(conn, guild_id, numbers)
        return {number: each for number, each in found.items() if each.is_open_to_all}

    async def n_answered(self, conn: Connection, guild_id: int, user_id: int) -> int:
        """Return how many answers of a member there are."""
        return await questions.n_answered(conn, guild_id, user_id)

    async def mine(self, guild_id: int, user_id: int) -> Found:
        """Return what a member asked, answered or has, too."""
        async with self.database.read() as conn:
            found = await questions.involving(conn, guild_id, user_id, SHOWN)
            n_followers = await questions.n_followers(conn, [q.question_id for q in found])
        return Found(questions=tuple(found), n_followers=n_followers, n_all=len(found))
