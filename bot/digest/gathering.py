"""What a digest could show a member: ranked cards, what waits for them, questions, their week.

Reads and decides; nothing is written here. `bot.digest.composition` says what of it is shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot import arms
from bot.boards.service import BoardsService
from bot.checkins.service import CheckinsService
from bot.clock import Clock
from bot.dates import DAY_S
from bot.digest import composition
from bot.digest.composition import Candidate, Composition, Line
from bot.experts.service import ExpertsService
from bot.questions.service import QuestionsService
from bot.recommend.service import Ranked, RecommendService, Request
from storage import catalog, deeds, members, policies
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import Question, Resource, Why

REGULAR_ANSWERS = 3
"""Whoever has answered so often is asked to look at what waits, besides experts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card to be shown, its reason, and how likely it was."""

    resource: Resource
    why: Why | None
    score: float | None = None
    propensity: float = 1.0
    arm: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest before it is claimed."""

    composition: Composition
    cards: dict[int, Shown]
    questions: dict[int, Question]
    arm: str
    snapshot_id: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """A member's own week: points in hundredths, their place, and check-ins in a row."""

    amount: int
    place: int | None
    streak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Gathers what a digest is composed of, from whoever knows it."""

    database: Database
    clock: Clock
    recommend: RecommendService
    questions: QuestionsService
    experts: ExpertsService
    boards: BoardsService
    checkins: CheckinsService

    async def draft(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        role_ids: Collection[int],
        known: Collection[int] = (),
        *,
        is_asked: bool = False,
    ) -> Draft:
        """Compose a member's digest of now.

        Parameters
        ----------
        known
            What earlier digests showed.
        is_asked
            They asked for it at once: nothing is left out as too unlikely.
        """
        now = self.clock().timestamp()
        past = await deeds.of(conn, guild_id, user_id)
        waiting = [i for i in composition.to_continue(past, now) if i not in known]
        ranked = await self.recommend.rank(
            conn,
            Request(
                guild_id=guild_id,
                user_id=user_id,
                role_ids=role_ids,
                limit=composition.DEEP,
                without=known,
                judges=True,
                also=waiting,
            ),
        )
        kept = await catalog.by_ids(conn, guild_id, waiting)
        policy = await policies.of(conn, guild_id)
        least = arms.value_of(policy, "digest", user_id, composition.CHANCE_MIN)
        cards = _cards(ranked, kept, waiting)
        answerable, solved = await self._questions(conn, guild_id, user_id, ranked.topics, now)
        chances = dict(zip((r.resource_id for r, _ in ranked.picks), ranked.chances, strict=True))
        chances |= {number: chance for number, _, chance in ranked.others}
        composed = composition.compose(
            _candidates(ranked.picks, chances, now),
            waiting=_candidates(
                [(kept[i], None) for i in waiting if i in cards and i in kept], chances, now
            ),
            topics=ranked.topics,
            answerable=[each.question_id for each in answerable],
            solved=[each.question_id for each in solved],
            least=0.0 if is_asked else least,
        )
        about = {each.question_id: each for each in (*answerable, *solved)}
        return Draft(
            composition=composed,
            cards=cards,
            questions=about,
            arm=ranked.arm,
            snapshot_id=ranked.snapshot_id,
        )

    async def _questions(
        self, conn: Connection, guild_id: int, user_id: int, topics: Collection[str], now: float
    ) -> tuple[list[Question], list[Question]]:
        """Return what a member could answer, and what was solved this week in their topics."""
        known = {folded(each) for each in await self.experts.topics_of(conn, guild_id, user_id)}
        answers = known or await self.questions.looking.n_answered(conn, guild_id, user_id)
        waiting: Sequence[Question] = ()
        if known or (isinstance(answers, int) and answers >= REGULAR_ANSWERS):
            waiting = await self.questions.looking.public(conn, guild_id, is_solved=False)
        solved = await self.questions.looking.public(
            conn, guild_id, is_solved=True, since=now - 7 * DAY_S
        )
        wide = known | set(topics)
        return (
            [q for q in waiting if q.user_id != user_id and _fits(q, wide)],
            [q for q in solved if _fits(q, wide)],
        )

    async def week(self, guild_id: int, user_id: int) -> Week | None:
        """Return a member's own week, None for who is not on boards or did nothing."""
        async with self.database.read() as conn:
            if await members.private(conn, guild_id, {user_id}):
                return None
        own = (await self.boards.board(guild_id, user_id, "week")).own
        streak = await self.checkins.streak(guild_id, user_id)
        if own is None and not streak:
            return None
        return Week(own.amount if own else 0, own.rank if own else None, streak)

    async def questions_in(
        self, conn: Connection, guild_id: int, lines: Sequence[Line]
    ) -> dict[int, Question]:
        """Return the questions of a digest that everybody may still read, by id."""
        numbers = [line.question_id for line in lines if line.question_id]
        return await self.questions.looking.still_public(conn, guild_id, numbers)


def _fits(question: Question, topics: Collection[str]) -> bool:
    return composition.in_topics(question.tags, topics, folded)


def _cards(ranked: Ranked, kept: dict[int, Resource], waiting: Sequence[int]) -> dict[int, Shown]:
    """Return the cards that may be shown, by resource."""
    scores = {number: score for number, score, _ in ranked.others}
    cards = {
        i: Shown(resource=kept[i], why=Why("waiting"), score=scores[i])
        for i in waiting
        if i in scores
    }
    chances = ranked.propensities or (1.0,) * len(ranked.picks)
    teams = ranked.arms or (None,) * len(ranked.picks)
    for (resource, why), score, propensity, arm in zip(
        ranked.picks, ranked.scores, chances, teams, strict=True
    ):
        cards[resource.resource_id] = Shown(
            resource=resource, why=why, score=score, propensity=propensity, arm=arm
        )
    return cards


def _candidates(
    found: Sequence[tuple[Resource, Why | None]], chances: dict[int, float], now: float
) -> list[Candidate]:
    return [
        Candidate(
            resource_id=one.resource_id,
            kind=one.kind,
            topics=frozenset(folded(tag) for tag in one.tags),
            age_s=now - one.since(now),
            chance=chances[one.resource_id],
        )
        for one, _ in found
    ]
