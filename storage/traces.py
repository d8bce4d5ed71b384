"""What rows about something else still say of a member who is erased: taken out of them.

`storage.privacy` deletes a member's own rows and empties their id elsewhere. Left are ids of their
messages in what others did to them, places in walks that happen to be them, moderators' words about
them or with their name in it, and samples in SQLite's statistics. Others' points stay as they are;
what is given up is that a reaction to an erased member's message can be taken back, which by the
rules pays only its author.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)

from storage import catalog
from storage.connection import Connection
from storage.folding import folded
from storage.records import EventKind
from storage.schema import (
    audit,
    audit_about,
    cursors,
    events,
    ledger,
    metadata,
    purchase_facts,
    purchases,
    question_answers,
    questions,
    resources,
    reviews,
    submissions,
)

_OTHERS_TO_A_MESSAGE = (
    EventKind.REACTION,
    EventKind.REACTION_REMOVED,
    EventKind.ACCEPTED,
    EventKind.UNACCEPTED,
)
"""What others do to a message: its id is the source, and its author the target."""
_PAID_FOR_A_MESSAGE = ("message", "reply", "helpful", "answer", "bounty", "change")
"""Kinds of ledger entries whose source is a message."""
_DECIDED = text("(kind = 'hold' OR reverses IS NOT NULL)")
_NAME_MIN = 2
"""A name of one character is a word like any other."""

# Letters and digits of scripts that put spaces between words.
_SPACED = "[^\\W\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"


async def forget(conn: Connection, guild_id: int, user_id: int, names: Collection[str] = ()) -> int:
    """Take out what leads to a member; to be done before their own rows are deleted.

    Parameters
    ----------
    names
        What the member is called, for words that name them.

    Returns
    -------
    int
        How many proposals that were not published are withdrawn.
    """
    await _forget_messages(conn, guild_id, user_id)
    await _forget_places(conn, guild_id, user_id)
    await _forget_decisions(conn, guild_id, user_id)
    await _forget_creators(conn, guild_id, user_id, names)
    n_withdrawn = await _forget_proposals(conn, guild_id, user_id)
    await _forget_names(conn, guild_id, naming(user_id, names))
    await forget_samples(conn)
    return n_withdrawn


async def _forget_messages(conn: Connection, guild_id: int, user_id: int) -> None:
    """Replace the ids of the member's messages by numbers below zero that lead nowhere."""
    hers = _written(guild_id, user_id)
    await conn.execute(
        update(events)
        .where(
            events.c.guild_id == guild_id,
            events.c.user_id != user_id,
            events.c.kind.in_(_OTHERS_TO_A_MESSAGE),
            or_(events.c.target_id == user_id, events.c.source_id.in_(hers)),
        )
        .values(source_id=-events.c.event_id)
    )
    await conn.execute(
        update(ledger)
        .where(
            ledger.c.guild_id == guild_id,
            ledger.c.user_id != user_id,
            ledger.c.kind.in_(_PAID_FOR_A_MESSAGE),
            ledger.c.source_id.in_(hers),
        )
        .values(source_id=_FIRST_OF_CHAIN)
    )
    await _forget_answers(conn, guild_id, user_id)
    # Just behind their message, so that it is not read again.
    await conn.execute(
        update(cursors)
        .where(cursors.c.guild_id == guild_id, cursors.c.message_id.in_(hers))
        .values(message_id=cursors.c.message_id + 1)
    )


async def _forget_answers(conn: Connection, guild_id: int, user_id: int) -> None:
    """Take the member's messages out of others' questions, and what their own made a resource."""
    hers = select(question_answers.c.message_id).where(
        question_answers.c.guild_id == guild_id, question_answers.c.user_id == user_id
    )
    others = and_(questions.c.guild_id == guild_id, questions.c.user_id != user_id)
    for column, left in (
        (questions.c.offered_id, null()),
        (questions.c.bounty_answer, -questions.c.question_id),
        (questions.c.last_word_id, questions.c.last_word_id + 1),
    ):
        await conn.execute(
            update(questions).where(others, column.in_(hers)).values({column.name: left})
        )
    made = await conn.execute(
        select(questions.c.made_resource_id).where(
            questions.c.guild_id == guild_id,
            questions.c.user_id == user_id,
            questions.c.made_resource_id.is_not(None),
        )
    )
    for resource_id in made.scalars().all():
        await catalog.forget_words(conn, guild_id, resource_id)


# A payment and what took it back, or restored it, stay of one source: what stands is counted by it.
_FIRST_OF_CHAIN = text("""-(
    WITH RECURSIVE before(entry_id, reverses) AS (
        SELECT ledger.entry_id, ledger.reverses UNION ALL
        SELECT l.entry_id, l.reverses FROM before CROSS JOIN ledger l
        ON l.entry_id = before.reverses
    ) SELECT min(entry_id) FROM before
)""")


def _written(guild_id: int, user_id: int) -> Select[tuple[int]]:
    return select(events.c.source_id).where(
        events.c.guild_id == guild_id,
        events.c.user_id == user_id,
        events.c.kind.in_((EventKind.MESSAGE, EventKind.THREAD)),
    )


async def _forget_places(conn: Connection, guild_id: int, user_id: int) -> None:
    """Step back from the member where a walk past all of them has come to just this one."""
    for table in metadata.tables.values():
        for column in table.columns:
            if column.info.get("passes"):
                here = and_(table.c.guild_id == guild_id, column == user_id)
                await conn.execute(update(table).where(here).values({column.name: column - 1}))


async def _forget_decisions(conn: Connection, guild_id: int, user_id: int) -> None:
    """Empty the reasons of decisions about the member, also where a group shares them."""
    about = exists().where(
        audit_about.c.audit_id == audit.c.audit_id, audit_about.c.user_id == user_id
    )
    await conn.execute(
        update(audit)
        .where(audit.c.guild_id == guild_id, about)
        .values(details=func.json_remove(audit.c.details, "$.reason"))
    )
    bought = select(purchases.c.purchase_id).where(
        purchases.c.guild_id == guild_id, purchases.c.user_id == user_id
    )
    await conn.execute(
        update(purchase_facts).where(purchase_facts.c.purchase_id.in_(bought)).values(reason="")
    )
    of_guild = and_(ledger.c.guild_id == guild_id, text("reason <> ''"))
    shared = select(ledger.c.reason).where(of_guild, ledger.c.user_id == user_id, _DECIDED)
    await conn.execute(
        update(ledger)
        .where(
            of_guild,
            or_(
                and_(ledger.c.giver_id == user_id, ledger.c.actor_id != 0),
                and_(_DECIDED, ledger.c.reason.in_(shared)),
            ),
        )
        .values(reason="")
    )


async def _forget_creators(
    conn: Connection, guild_id: int, user_id: int, names: Collection[str]
) -> None:
    """Empty the creator's name where the member put up the page and wrote their own there."""
    found = select(submissions.c.resource_id).where(
        submissions.c.guild_id == guild_id, submissions.c.user_id == user_id
    )
    put_up = or_(
        resources.c.added_by == user_id, resources.c.resource_id.in_(found.scalar_subquery())
    )
    rows = await conn.execute(
        select(resources.c.resource_id, resources.c.creator).where(
            resources.c.guild_id == guild_id, resources.c.creator != "", put_up
        )
    )
    theirs = {folded(name).strip() for name in names}
    named = [row.resource_id for row in rows if folded(row.creator).strip() in theirs]
    await conn.execute(
        update(resources).where(resources.c.resource_id.in_(named)).values(creator="")
    )


async def _forget_proposals(conn: Connection, guild_id: int, user_id: int) -> int:
    """Withdraw what the member proposed and was not published, also from the trail."""
    hers = select(submissions.c.submission_id).where(
        submissions.c.guild_id == guild_id, submissions.c.user_id == user_id
    )
    await conn.execute(
        update(audit)
        .where(
            audit.c.guild_id == guild_id,
            audit.c.action.like("submission.%"),
            cast(audit.c.subject, Integer).in_(hers),
        )
        .values(details=func.json_remove(audit.c.details, "$.title"))
    )
    unpublished = hers.where(submissions.c.state != "published")
    await conn.execute(delete(reviews).where(reviews.c.submission_id.in_(unpublished)))
    gone = await conn.execute(
        delete(submissions).where(submissions.c.submission_id.in_(unpublished))
    )
    return gone.rowcount


async def _forget_names(conn: Connection, guild_id: int, named: "re.Pattern[str]") -> None:
    """Empty every text of a guild's moderators that names the member."""
    for table, column, path in _worded():
        keys = list(table.primary_key)
        said: ColumnElement[Any] = func.json_extract(column, path) if path else column
        filled = text(f"{column.name} <> ''") if path is None else said.is_not(None)
        rows = await conn.execute(
            select(*keys, said.label("said")).where(table.c.guild_id == guild_id, filled)
        )
        found = [row for row in rows if named.search(folded(str(row.said)))]
        if not found:
            continue
        empty = literal_column("''") if path is None else func.json_remove(column, path)
        await conn.execute(
            update(table)
            .where(*(key == bindparam(f"key_{key.name}") for key in keys))
            .values({column.name: empty}),
            [{f"key_{key.name}": row._mapping[key.name] for key in keys} for row in found],
        )


def _worded() -> Iterator[tuple[Table, Any, str | None]]:
    """Yield the columns that hold words, with the path to them where they are inside JSON."""
    for table in metadata.tables.values():
        for column in table.columns:
            kind = column.info.get("words")
            if kind:
                yield table, column, None if kind is True else f"$.{kind}"


def naming(user_id: int, names: Collection[str]) -> "re.Pattern[str]":
    """Return what finds a member in words: their id, or a name that stands there for itself.

    A name inside a longer word is not theirs, except in scripts that do not part words.
    """
    told = {name for each in names if len(name := folded(each).strip()) >= _NAME_MIN}
    return re.compile("|".join([rf"(?<!\d){user_id}(?!\d)", *map(_whole, sorted(told))]))


def _whole(name: str) -> str:
    before = f"(?<!{_SPACED})" if re.match(_SPACED, name) else ""
    after = f"(?!{_SPACED})" if re.match(_SPACED, name[-1]) else ""
    return before + re.escape(name) + after


async def forget_samples(conn: Connection) -> None:
    """Drop the samples of values that some builds of SQLite keep; they are taken again."""
    there = await conn.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat3', 'sqlite_stat4')"
    )
    for (name,) in there.all():
        await conn.exec_driver_sql(f"DELETE FROM {name}")
