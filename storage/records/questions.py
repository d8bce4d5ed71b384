"""Questions, their answers, and what the bot itself said about them."""

from dataclasses import dataclass
from typing import Literal

QuestionState = Literal["open", "answered", "solved", "stale", "closed"]
SolvedBy = Literal["self", "resource"]
BountyState = Literal["none", "staked", "paid", "returned"]
PostKind = Literal["card", "nudge", "still", "same"]


@dataclass(frozen=True, slots=True)
class QuestionSettings:
    """How a guild wants its questions looked after; the defaults serve without any setup."""

    guild_id: int
    helper_role_id: int | None = None
    takes_several: bool = False
    suggests: bool = True
    invites: bool = True
    reminds: bool = True
    closes: bool = True
    makes_resources: bool = False
    approves_experts: bool = False
    nudge_h: int = 24
    still_d: int = 5
    stale_d: int = 7
    invite_min: int = 30


@dataclass(frozen=True, slots=True)
class QuestionPlace:
    """A watched forum or text channel, and the forum's tags that say how a question stands."""

    guild_id: int
    channel_id: int
    since_at: float
    solved_tag_id: int | None = None
    stale_tag_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A thread that asks something; ``title`` is the thread's name, the only text that is kept.

    ``last_word_id`` is the newest message that was looked at, ``offered_id`` the answer that the
    asker thanked for. ``solved_by`` says how it was solved without an answer. Of the bounty,
    ``bounty_entry`` is the ledger's entry that took it and ``bounty_answer`` the message that it
    went to, below 0 where it is not taken back any more. ``n_asked`` experts were asked,
    ``n_coming`` of them accepted. ``is_open_to_all``: everybody in the server may read it;
    ``is_locked`` and ``is_asleep`` (archived) are its thread; ``is_plain``: its card shows no
    suggestions; ``is_shown``: the thread shows it as it is.
    ``question_id`` is 0 before it is stored.
    """

    guild_id: int
    user_id: int
    channel_id: int
    thread_id: int
    title: str
    asked_at: float
    last_word_at: float
    last_word_id: int
    tags: tuple[str, ...] = ()
    state: QuestionState = "open"
    is_last_askers: bool = True
    first_answer_at: float | None = None
    solved_at: float | None = None
    solved_by: SolvedBy | None = None
    solved_resource_id: int | None = None
    closed_at: float | None = None
    stale_at: float | None = None
    duplicate_of: int | None = None
    offered_id: int | None = None
    made_resource_id: int | None = None
    bounty: int = 0
    bounty_state: BountyState = "none"
    bounty_entry: int = 0
    bounty_answer: int = 0
    n_asked: int = 0
    n_coming: int = 0
    is_open_to_all: bool = False
    is_locked: bool = False
    is_asleep: bool = False
    is_plain: bool = False
    is_shown: bool = False
    question_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A message in a question's thread; it is accepted while it has a moment of that.

    ``user_id`` is 0 for an accepted answer of somebody who is not tracked. ``turn`` counts how
    often it has been accepted, which tells one acceptance from the next.
    """

    guild_id: int
    message_id: int
    question_id: int
    user_id: int
    written_at: float
    accepted_at: float | None = None
    accepted_by: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPost:
    """Something the bot wrote, or is about to write, in a question's thread."""

    guild_id: int
    question_id: int
    kind: PostKind
    state: Literal["claimed", "sent", "failed"]
    claimed_at: float
    message_id: int | None = None
    post_id: int = 0
