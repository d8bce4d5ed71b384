"""What a screen shows of a question: with its answers, what solved it, and what it is like."""

from dataclasses import dataclass

from bot.questions import rules
from storage import catalog, questions
from storage.connection import Connection
from storage.records import Answer, Question, QuestionSettings, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that somebody wants to accept; ``is_bots`` a webhook's, too."""

    thread_id: int
    message_id: int
    author_id: int
    written_at: float
    is_bots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A question with its answers, as one screen shows it."""

    question: Question
    answers: tuple[Answer, ...]
    settings: QuestionSettings
    n_followers: int = 0
    original: Question | None = None
    resource: Resource | None = None

    @property
    def accepted(self) -> list[Answer]:
        """The answers that were accepted."""
        return rules.accepted(self.answers)


async def known_of(conn: Connection, question: Question) -> Known:
    """Return a question with what its card shows."""
    number = question.question_id
    original = (
        await questions.question(conn, question.guild_id, question.duplicate_of)
        if question.duplicate_of is not None
        else None
    )
    resource = (
        await catalog.standing(conn, question.guild_id, question.solved_resource_id)
        if question.solved_resource_id is not None
        else None
    )
    return Known(
        question=question,
        answers=tuple(await questions.answers(conn, number)),
        settings=await questions.settings(conn, question.guild_id),
        n_followers=(await questions.n_followers(conn, (number,))).get(number, 0),
        original=original,
        resource=resource,
    )
