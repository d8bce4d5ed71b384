"""Experts' cards, the invitations they get, and what became of those."""

from collections.abc import Collection
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.records import Expert, ExpertState, Invitation, InvitationState, Record
from storage.schema import experts, invitations

OPEN: tuple[InvitationState, ...] = ("claimed", "sent")
LIVE: tuple[ExpertState, ...] = ("live",)
WAITING: tuple[ExpertState, ...] = ("waiting",)
CLAIMED: tuple[InvitationState, ...] = ("claimed",)
SENT: tuple[InvitationState, ...] = ("sent",)
_LISTS = ("topics", "languages", "weekdays")
_INVITATION = [invitations.c[field.name] for field in fields(Invitation)]


def _expert(row: Row[Any]) -> Expert:
    values = dict(row._mapping)
    return Expert(**values | {name: tuple(values[name]) for name in _LISTS})


async def save(conn: Connection, expert: Expert) -> None:
    """Store a card, replacing the one before."""
    values = asdict(expert) | {name: list(getattr(expert, name)) for name in _LISTS}
    statement = upsert(experts).values(values)
    kept = {k: v for k, v in values.items() if k not in ("guild_id", "user_id", "created_at")}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["guild_id", "user_id"], set_=kept)
    )


async def card(conn: Connection, guild_id: int, user_id: int) -> Expert | None:
    """Return a member's card."""
    found = await conn.execute(
        select(experts).where(experts.c.guild_id == guild_id, experts.c.user_id == user_id)
    )
    row = found.one_or_none()
    return _expert(row) if row else None


async def cards(
    conn: Connection, guild_id: int, states: Collection[ExpertState] = LIVE
) -> list[Expert]:
    """Return a guild's cards, the oldest first."""
    rows = await conn.execute(
        select(experts)
        .where(experts.c.guild_id == guild_id, experts.c.state.in_(states))
        .order_by(experts.c.created_at, experts.c.user_id)
    )
    return [_expert(row) for row in rows]


async def drop(conn: Connection, guild_id: int, user_id: int) -> bool:
    """Delete a card; False where there is none. What they were asked stays, until erased."""
    done = await conn.execute(
        delete(experts).where(experts.c.guild_id == guild_id, experts.c.user_id == user_id)
    )
    return done.rowcount > 0


async def records(conn: Connection, guild_id: int, week_ago: float) -> dict[int, Record]:
    """Return what became of the invitations of each member who got any.

    Those that never arrived, or were withdrawn before an answer, say nothing of them.
    """
    state = invitations.c.state
    counted = state.in_(("accepted", "passed", "expired"))

    def n(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = await conn.execute(
        select(
            invitations.c.user_id,
            n(state == "accepted"),
            n(counted),
            n((invitations.c.claimed_at > week_ago) & (state != "failed")),
            n(state.in_(OPEN)),
        )
        .where(invitations.c.guild_id == guild_id)
        .group_by(invitations.c.user_id)
    )
    return {
        user_id: Record(n_accepted=accepted, n_answered=answered, n_week=week, n_open=open_now)
        for user_id, accepted, answered, week, open_now in rows
    }


# ------------------------------------------------------------------------- invitations


async def claim(conn: Connection, wanted: Invitation) -> int | None:
    """Store an invitation and return its id; None if they were asked for that before."""
    values = asdict(wanted)
    values.pop("invitation_id")
    statement = upsert(invitations).values(values).on_conflict_do_nothing()
    found = await conn.execute(statement.returning(invitations.c.invitation_id))
    number: int | None = found.scalar_one_or_none()
    return number


async def mark(
    conn: Connection,
    invitation_id: int,
    state: InvitationState,
    *,
    was: Collection[InvitationState],
    **changes: Any,
) -> bool:
    """Move an invitation on; False if it is gone or stands otherwise by now."""
    done = await conn.execute(
        update(invitations)
        .where(invitations.c.invitation_id == invitation_id, invitations.c.state.in_(was))
        .values(state=state, **changes)
    )
    return done.rowcount > 0


async def invitation(conn: Connection, invitation_id: int) -> Invitation | None:
    """Return one invitation."""
    found = await conn.execute(
        select(*_INVITATION).where(invitations.c.invitation_id == invitation_id)
    )
    row = found.one_or_none()
    return Invitation(**row._mapping) if row else None


async def of_question(conn: Connection, question_id: int) -> list[Invitation]:
    """Return who was asked for a question, in that order."""
    rows = await conn.execute(
        select(*_INVITATION)
        .where(invitations.c.question_id == question_id)
        .order_by(invitations.c.invitation_id)
    )
    return [Invitation(**row._mapping) for row in rows]


async def of_submission(conn: Connection, submission_id: int) -> list[Invitation]:
    """Return who was asked to review a submission, in that order."""
    rows = await conn.execute(
        select(*_INVITATION)
        .where(invitations.c.submission_id == submission_id)
        .order_by(invitations.c.invitation_id)
    )
    return [Invitation(**row._mapping) for row in rows]


async def in_state(
    conn: Connection, state: InvitationState, *, due_by: float | None = None
) -> list[Invitation]:
    """Return invitations in a state, or those of it whose time is over."""
    statement = select(*_INVITATION).where(invitations.c.state == state)
    if due_by is not None:
        statement = statement.where(invitations.c.expires_at <= due_by)
    rows = await conn.execute(statement.order_by(invitations.c.invitation_id))
    return [Invitation(**row._mapping) for row in rows]
