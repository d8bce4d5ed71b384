"""Who is known to whom: what a fold has to know of circles to decide on a few events.

Mostly a few who answered somebody are enough to say so. Only where these may all be of the circle
of whoever is paid everybody who answered is asked for, and who else takes part in the guild.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.rewards.circle import met
from bot.rewards.company import Member
from bot.rewards.fold import Fold
from bot.rewards.kinds import ACTS, KINDS
from bot.rewards.ruleset import DAY_S, MOST
from storage import payments, ties
from storage.connection import Connection
from storage.records import Logged


class Known(NamedTuple):
    """Of whom it is asked who answers them, to whom they are to be known, and at which moment."""

    member_id: int
    to_id: int
    at: float


async def know_pairs(
    conn: Connection, guild_id: int, fold: Fold, pairs: Collection[tuple[int, int]], since: float
) -> None:
    """Let a fold know what stands between givers and receivers, since a moment."""
    for giver_id, user_id, kind, at in (
        await payments.between(conn, guild_id, pairs, since) if pairs else ()
    ):
        if kind in KINDS:
            fold.windows.note_pair(giver_id, user_id, kind, at)


async def know_circles(
    conn: Connection,
    guild_id: int,
    fold: Fold,
    asked: set[Known],
    known: Collection[tuple[int, int]],
    since: float,
    rows: Sequence[Logged],
    before: int,
) -> None:
    """Gather who answers members, as far as it makes them known to whom it is paid to.

    Mostly a few who answer are enough. Only where these may be of the circle all of them are
    asked for, and who else takes part here.

    Parameters
    ----------
    known, since
        Between whom the fold knows what stands, since when.
    rows
        The events to be decided: each may add one member to a circle, or answer somebody.
    """
    if not asked:
        return
    rules, n_rows = [fold.versions.at(each.at).rules for each in asked], len(rows)
    needed = max(max(each.answered.answerers, each.answered.known_to) for each in rules)
    has_circles, known = any(each.answered.circle for each in rules), set(known)
    limit = needed + 1 + (n_rows if has_circles else 0)
    await _know_answerers(conn, guild_id, fold, asked, limit, before)
    if not has_circles:
        return
    said: dict[int, set[int]] = {}
    for row in rows:
        said.setdefault(row.target_id or 0, set()).add(row.user_id)
    known |= await _know_clicks(conn, guild_id, fold, asked, said, known, since)
    lacking = {each for each in asked if _n_outside(fold, each, needed + n_rows) < needed + n_rows}
    if not lacking:
        return
    await _know_answerers(conn, guild_id, fold, lacking, max(MOST + 1, limit), before)
    await _know_clicks(conn, guild_id, fold, lacking, said, known, since)
    few_days = [each.small.few_days for each in rules]
    moments = [each.at for each in asked]
    active = await ties.active(
        conn,
        ACTS,
        guild_id,
        since=min(moments) - max(few_days) * DAY_S,
        enough_since=max(moments) - min(few_days) * DAY_S,
        enough=MOST + 2,
        before=before,
    )
    fold.windows.company.know_last(active)


async def _know_answerers(
    conn: Connection, guild_id: int, fold: Fold, asked: Iterable[Known], limit: int, before: int
) -> None:
    moments = {(each.member_id, each.at - fold.versions.answer_s(each.at)) for each in asked}
    for known in await ties.answerers(conn, ACTS, guild_id, moments, limit=limit, before=before):
        fold.windows.company.hear(*known)


async def _know_clicks(
    conn: Connection,
    guild_id: int,
    fold: Fold,
    asked: Iterable[Known],
    said: Mapping[int, set[int]],
    known: Collection[tuple[int, int]],
    since: float,
) -> set[tuple[int, int]]:
    """Gather what stands between whom it is paid to and whoever answers; return between whom.

    Parameters
    ----------
    said
        By member who may answer them in what is to be decided.
    """
    members, none = fold.windows.company.members, Member()
    pairs = {
        pair
        for each in asked
        for by_id in {*members.get(each.member_id, none).answered, *said.get(each.member_id, ())}
        for pair in ((by_id, each.to_id), (each.to_id, by_id))
    } - set(known)
    await know_pairs(conn, guild_id, fold, pairs, since)
    return pairs


def _n_outside(fold: Fold, asked: Known, enough: int) -> int:
    """Count who answered a member and is of nobody's circle in question, up to ``enough``."""
    terms, windows = fold.versions.at(asked.at), fold.windows
    member = windows.company.members.get(asked.member_id)
    if member is None:
        return 0
    since = asked.at - fold.versions.answer_s(asked.at)
    circle = windows.circle(terms, asked.at, asked.to_id)
    return met(member.answered, since, circle, enough).n_outside
