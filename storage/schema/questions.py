"""Where questions are asked, the questions themselves, their answers, and what we said in them.

A question goes with its asker and with its thread, and everything about it goes with the question.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata


def _of_question(*, primary_key: bool = False) -> Column[int]:
    of = ForeignKey("questions.question_id", ondelete="CASCADE")
    return Column("question_id", BigId, of, nullable=False, primary_key=primary_key)


def _flag(name: str, *, is_on: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("1" if is_on else "0"))


question_settings = Table(
    "question_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("helper_role_id", BigId),
    _flag("takes_several"),
    _flag("suggests", is_on=True),
    _flag("invites", is_on=True),
    _flag("reminds", is_on=True),
    _flag("closes", is_on=True),
    _flag("makes_resources"),
    _flag("approves_experts"),
    Column("nudge_h", Integer, nullable=False, server_default="24"),
    Column("still_d", Integer, nullable=False, server_default="5"),
    Column("stale_d", Integer, nullable=False, server_default="7"),
    Column("invite_min", Integer, nullable=False, server_default="30"),
    CheckConstraint("nudge_h > 0 AND still_d > 0 AND stale_d > 0 AND invite_min > 0", name="times"),
)

# The forums and text channels that are watched, and since when: older posts are left alone.
question_places = Table(
    "question_places",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("channel_id", BigId, primary_key=True),
    at("since_at"),
    Column("solved_tag_id", BigId),
    Column("stale_tag_id", BigId),
    sqlite_with_rowid=False,
)

questions = Table(
    "questions",
    metadata,
    Column("question_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("channel_id", BigId, nullable=False),
    Column("thread_id", BigId, nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("folded", Text, nullable=False, server_default=""),  # `folding.words_of`
    Column("state", Text, nullable=False, server_default="open"),
    at("asked_at"),
    at("last_word_at"),
    Column("last_word_id", BigId, nullable=False),
    _flag("is_last_askers", is_on=True),
    at("first_answer_at", nullable=True),
    at("solved_at", nullable=True),
    Column("solved_by", Text),
    Column("solved_resource_id", BigId, ForeignKey("resources.resource_id")),
    at("closed_at", nullable=True),
    at("stale_at", nullable=True),
    Column("duplicate_of", BigId, ForeignKey("questions.question_id", ondelete="SET NULL")),
    Column("offered_id", BigId),
    Column("made_resource_id", BigId, ForeignKey("resources.resource_id")),
    Column("bounty", Integer, nullable=False, server_default="0"),
    Column("bounty_state", Text, nullable=False, server_default="none"),
    Column("bounty_entry", BigId, nullable=False, server_default="0"),
    Column("bounty_answer", BigId, nullable=False, server_default="0"),
    Column("n_asked", Integer, nullable=False, server_default="0"),
    Column("n_coming", Integer, nullable=False, server_default="0"),
    _flag("is_open_to_all"),
    _flag("is_locked"),
    _flag("is_asleep"),
    _flag("is_plain"),
    _flag("is_shown"),
    # When it was last seen in Discord that it is still there: asked again after an absence.
    Column("checked_at", Float, nullable=False, server_default="0"),
    UniqueConstraint("guild_id", "thread_id"),
    CheckConstraint("state IN ('open','answered','solved','stale','closed')", name="state"),
    CheckConstraint("solved_by IN ('self','resource')", name="solved_by"),
    CheckConstraint("bounty_state IN ('none','staked','paid','returned')", name="bounty_state"),
    CheckConstraint("bounty >= 0", name="bounty"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index("ix_questions_state", questions.c.guild_id, questions.c.state, questions.c.asked_at)
Index("ix_questions_member", questions.c.guild_id, questions.c.user_id)
Index("ix_questions_duplicates", questions.c.duplicate_of)
# What a tick has to look at: what may fall quiet, and what is not shown in Discord as it is.
Index(
    "ix_questions_quiet",
    questions.c.last_word_at,
    sqlite_where=text("state IN ('open', 'answered')"),
)
Index("ix_questions_unshown", questions.c.guild_id, sqlite_where=text("is_shown = 0"))
Index("ix_questions_staked", questions.c.asked_at, sqlite_where=text("bounty_state = 'staked'"))

question_answers = Table(
    "question_answers",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("message_id", BigId, primary_key=True, autoincrement=False),
    _of_question(),
    member_id(),
    at("written_at"),
    at("accepted_at", nullable=True),
    member_id("accepted_by", server_default="0"),
    Column("turn", Integer, nullable=False, server_default="0"),
    info={"erase": {"user_id": "delete", "accepted_by": "anonymise"}},
    sqlite_with_rowid=False,
)
Index("ix_question_answers_question", question_answers.c.question_id, question_answers.c.written_at)

question_followers = Table(
    "question_followers",
    metadata,
    guild_id(),
    _of_question(primary_key=True),
    member_id(primary_key=True),
    at("followed_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

# What the bot itself wrote in a thread, claimed before it is sent: each kind once a question.
question_posts = Table(
    "question_posts",
    metadata,
    Column("post_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    _of_question(),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="claimed"),
    at("claimed_at"),
    Column("message_id", BigId),
    UniqueConstraint("question_id", "kind"),
    CheckConstraint("kind IN ('card','nudge','still','same')", name="kind"),
    CheckConstraint("state IN ('claimed','sent','failed')", name="state"),
    sqlite_autoincrement=True,
)
Index(
    "ix_question_posts_claimed",
    question_posts.c.claimed_at,
    sqlite_where=text("state = 'claimed'"),
)
