"""What the page shows of the model: how well it guesses, and a list before and after an open."""

from typing import Any

from bot.app import App
from storage import impressions

N_LISTS = 2
POPULARITY = ("popularity", "popularity_2d")
"""Of all time and of two days: the better one is what to beat."""


async def panel(app: App, guild_id: int, user_id: int) -> dict[str, Any]:
    """Return the live model's figures beside popularity's, and a member's last two lists.

    ``before`` is empty until two lists were shown; of ``after``, the newest, each title says
    whether it is new on it.
    """
    status = await app.services.recommend.models.status(guild_id)
    metrics = status.live.metrics if status.live else {}
    new = metrics.get("new")
    popular = [metrics[name]["hit_rate"] for name in POPULARITY if name in metrics]
    async with app.database.read() as conn:
        shown = await impressions.titles(conn, guild_id, user_id, "recommend", N_LISTS)
    after = shown[0] if shown else []
    before = shown[1] if len(shown) > 1 else []
    return {
        "hits": round(100 * new["hit_rate"], 1) if new else None,
        "popular": round(100 * max(popular), 1) if popular else None,
        "choices": new["n"] if new else 0,
        "before": before,
        "after": [{"title": each, "is_new": bool(before) and each not in before} for each in after],
    }
