"""What a member's receipt adds up, and who wants one every month."""

from typing import Any

from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.schema import ledger, purchase_notices, question_answers, questions, receipt_settings


async def points(conn: Connection, guild_id: int, user_id: int, since: float, until: float) -> int:
    """Return what a member earned between two moments, in hundredths, and was not taken back.

    What they spent is no loss, and what was brought from another program was not earned here.
    """
    found = await conn.scalar(
        select(func.sum(ledger.c.amount)).where(
            ledger.c.guild_id == guild_id,
            ledger.c.user_id == user_id,
            ledger.c.is_spending.is_(False),
            ledger.c.kind != "opening",
            ledger.c.earned_at >= since,
            ledger.c.earned_at < until,
        )
    )
    return int(found or 0)


async def answers_got(
    conn: Connection, guild_id: int, user_id: int, since: float, until: float
) -> int:
    """Return how many answers of others a member's questions got between two moments."""
    found = await conn.scalar(
        _answers(guild_id, since, until).where(
            questions.c.user_id == user_id, question_answers.c.user_id != user_id
        )
    )
    return int(found or 0)


async def answers_given(
    conn: Connection, guild_id: int, user_id: int, since: float, until: float
) -> tuple[int, int]:
    """Return how often a member answered others between two moments, and was accepted."""
    given = _answers(guild_id, since, until).where(
        question_answers.c.user_id == user_id, questions.c.user_id != user_id
    )
    accepted = given.where(question_answers.c.accepted_at.is_not(None))
    n_given, n_accepted = await conn.scalar(given), await conn.scalar(accepted)
    return int(n_given or 0), int(n_accepted or 0)


def _answers(guild_id: int, since: float, until: float) -> Select[Any]:
    return (
        select(func.count())
        .select_from(question_answers)
        .join(questions, questions.c.question_id == question_answers.c.question_id)
        .where(
            question_answers.c.guild_id == guild_id,
            question_answers.c.written_at >= since,
            question_answers.c.written_at < until,
        )
    )


async def is_monthly(conn: Connection, guild_id: int, user_id: int) -> bool:
    """Say whether a member wants a receipt every month."""
    found = await conn.execute(
        select(receipt_settings.c.since_at).where(
            receipt_settings.c.guild_id == guild_id, receipt_settings.c.user_id == user_id
        )
    )
    return found.first() is not None


async def set_monthly(
    conn: Connection, guild_id: int, user_id: int, is_on: bool, now: float
) -> None:
    """Turn a member's monthly receipt on or off; what is so already stays as it is."""
    if is_on:
        values = {"guild_id": guild_id, "user_id": user_id, "since_at": now}
        await conn.execute(upsert(receipt_settings).values(values).on_conflict_do_nothing())
        return
    await conn.execute(
        delete(receipt_settings).where(
            receipt_settings.c.guild_id == guild_id, receipt_settings.c.user_id == user_id
        )
    )


async def wanting(
    conn: Connection, after: tuple[int, int], last_before: float, limit: int
) -> list[tuple[int, int, float]]:
    """Return (guild, member, since when) of who wants a receipt, in order, a part of them.

    Parameters
    ----------
    after
        The last guild and member of the part before.
    last_before
        Who got one about a month that began later is left out.
    """
    got = (
        select(purchase_notices.c.notice_id)
        .where(
            purchase_notices.c.guild_id == receipt_settings.c.guild_id,
            purchase_notices.c.user_id == receipt_settings.c.user_id,
            purchase_notices.c.kind == "receipt",
            purchase_notices.c.product_id == 0,
            purchase_notices.c.about_at >= last_before,
        )
        .correlate(receipt_settings)
        .exists()
    )
    own = receipt_settings.c
    is_after = (own.guild_id > after[0]) | and_(own.guild_id == after[0], own.user_id > after[1])
    rows = await conn.execute(
        select(own.guild_id, own.user_id, own.since_at)
        .where(is_after, ~got)
        .order_by(own.guild_id, own.user_id)
        .limit(limit)
    )
    return [(row.guild_id, row.user_id, row.since_at) for row in rows]


async def last_state(conn: Connection, guild_id: int, user_id: int) -> str | None:
    """Return what became of a member's last monthly receipt, None where there was none."""
    state: str | None = await conn.scalar(
        select(purchase_notices.c.state)
        .where(
            purchase_notices.c.guild_id == guild_id,
            purchase_notices.c.user_id == user_id,
            purchase_notices.c.kind == "receipt",
        )
        .order_by(purchase_notices.c.about_at.desc())
        .limit(1)
    )
    return state
