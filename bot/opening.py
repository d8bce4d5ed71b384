"""What the bot may write to members by itself, over all features that do. Pure.

Conversations are opened within one limit for everything. Of one server a member gets one message a
week that nobody asked for, and no two servers write to them within an hour of each other.
"""

from collections.abc import Sequence
from typing import Literal

from storage.records import Begun, Purpose

DAY_S = 24 * 3_600
FIRST_LIMITS = ((600, 5), (DAY_S, 50))
"""(seconds, messages): Discord's unpublished anti-spam rule counts conversations we open."""

UNASKED: frozenset[Purpose] = frozenset({"digest", "reminder"})
"""The moment is ours, and nobody waits for it: one a week."""
BEGUN: frozenset[Purpose] = UNASKED | {"receipt", "invitation"}
"""The conversation is begun by us. Who wants receipts or invitations turned on these by name, with
bounds of their own; two servers keep apart all the same."""

WEEK_S = 7 * DAY_S - DAY_S // 2
"""Half a day is allowed for clocks that are put forward, and for a letter that left late."""
APART_S = 3_600

Wait = Literal["hour", "week"]


def waits(purpose: Purpose, guild_id: int, at: float, begun: Sequence[Begun]) -> Wait | None:
    """Say for what a message has to wait; None where it may be sent.

    Parameters
    ----------
    at
        Unix seconds.
    begun
        What was begun with the member, by any server. What bears a time to come was claimed before
        the clock was put back, and keeps an hour free, but no week. What is on its way may arrive
        any moment.
    """
    if purpose not in BEGUN:
        return None
    others = [one for one in begun if one.guild_id != guild_id]
    if is_within_the_hour(at, others) or any(_may_arrive(one, at) for one in others):
        return "hour"
    earlier = [one for one in begun if one.at <= at]
    return "week" if at < free_from(purpose, guild_id, earlier) else None


def is_within_the_hour(at: float, others: Sequence[Begun]) -> bool:
    """Say whether another server wrote to the member within an hour of a moment."""
    return any(abs(at - one.at) <= APART_S for one in others)


def _may_arrive(one: Begun, at: float) -> bool:
    return one.is_on_its_way and 0 <= at - one.at < DAY_S


def free_from(purpose: Purpose, guild_id: int, begun: Sequence[Begun]) -> float:
    """Return from when on a week has passed since what a server sent unasked; 0 for none."""
    if purpose not in UNASKED:
        return 0.0
    own = (one.at for one in begun if one.guild_id == guild_id and one.purpose in UNASKED)
    return max((at + WEEK_S for at in own), default=0.0)


def first_allowance(counts: Sequence[int]) -> int:
    """Return how many more members may get their first message; below 1 means none.

    Parameters
    ----------
    counts
        First messages in the windows of `FIRST_LIMITS`, in that order.
    """
    return min(most - count for (_, most), count in zip(FIRST_LIMITS, counts, strict=True))
