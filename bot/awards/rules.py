"""Who may give or take points by hand, and how many a day."""

from dataclasses import dataclass

from bot.rewards.kinds import POINT

REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class Case:
    """What decides about points by hand; amounts in hundredths, ``amount`` below 0 to take away.

    Attributes
    ----------
    earned
        What the member has earned so far.
    used
        What the moderator gave and took in the last 24 hours, what was undone left out.
    daily
        How much that may come to.
    """

    actor_id: int
    user_id: int
    amount: int
    earned: int
    used: int
    daily: int


def refusal(case: Case) -> tuple[str, dict[str, float]] | None:
    """Return why points may not be given or taken, as a text and its variables; None if they may.

    Nobody gives themselves points, and nobody is left with fewer than none.
    """
    if case.actor_id == case.user_id:
        return "error-awards-self", {}
    if case.used + abs(case.amount) > case.daily:
        left = max(case.daily - case.used, 0)
        return "error-awards-daily", {"left": left / POINT, "daily": case.daily / POINT}
    if case.earned + case.amount < 0:
        return "error-awards-too-much", {"earned": case.earned / POINT}
    return None


def hundredths(points: float) -> int:
    """Return points as the ledger counts them, rounded to two decimals."""
    return round(points * POINT)
