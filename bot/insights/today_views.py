"""The morning's card of moderators, and a month's figures, as their channel reads them."""

from typing import Any

from bot import mentions, ui
from bot.i18n import Texts
from bot.insights import views
from bot.insights.today import Thing, things
from storage.records import Briefing, Morning

_TITLE_MAX = 70


def card(seen: Morning, texts: Texts, *, guild_id: int, setting: Briefing | None = None) -> Any:
    """Return what waits, what has changed, and at most three things to do.

    ``setting`` is shown where somebody asked; what is posted does not speak of itself.
    """
    parts = [texts("insights-today-title"), _to_do(seen, guild_id, texts)]
    waiting = _waiting(seen, texts)
    if waiting:
        parts.append("\n".join([texts("insights-today-waiting"), *waiting]))
    changed = _changed(seen, texts)
    if changed:
        parts.append("\n".join([texts("insights-today-changed"), *changed]))
    if setting is not None:
        parts.append("\n".join(f"-# {line}" for line in _setting(setting, texts)))
    return ui.panel(*parts, colour=ui.CAUTION if things(seen) else ui.GOOD)


def changed(setting: Briefing, texts: Texts) -> Any:
    """Return when the channel is told, after that was changed."""
    return ui.panel(*_setting(setting, texts), colour=ui.GOOD)


def month(found: dict[str, Any], said: str, days: int, texts: Texts) -> Any:
    """Return a month's figures in words.

    Parameters
    ----------
    said
        The month, as YYYY-MM.
    """
    lines = views.words(found, texts) if found.get("reach") else []
    if not lines:
        lines = [texts("insights-none", days=days)]
    how = texts("insights-how")
    more = texts("insights-month-more")
    return ui.panel(texts("insights-month-title", month=said), *lines, f"-# {how}\n-# {more}")


def _to_do(seen: Morning, guild_id: int, texts: Texts) -> str:
    found = things(seen)
    if not found:
        return texts("insights-today-nothing")
    lines = [f"{n}. {_thing(thing, seen, guild_id, texts)}" for n, thing in enumerate(found, 1)]
    return "\n".join([texts("insights-today-do"), *lines])


def _thing(thing: Thing, seen: Morning, guild_id: int, texts: Texts) -> str:
    said: dict[str, str | int] = {"count": 0, "title": "…"}
    if thing == "asked" and seen.asked:
        title, thread_id, at = seen.asked[0]
        address = f"https://discord.com/channels/{guild_id}/{thread_id}"
        said = {"title": f"[{_title(title)}]({address})", "when": mentions.moment(at)}
        return texts("insights-today-do-asked", **said)
    if thing == "reviews":
        said = {"count": seen.n_reviews, "title": _title(seen.reviews[0][1])}
    elif thing == "gems":
        _, title, n_members = seen.gems[0]
        said = {"count": n_members, "title": _title(title)}
    else:
        name = "asked-hidden" if thing == "asked" else thing
        return texts(f"insights-today-do-{name}", count=getattr(seen, f"n_{thing}"))
    return texts(f"insights-today-do-{thing}", **said)


def _waiting(seen: Morning, texts: Texts) -> list[str]:
    counts = {
        "asked": seen.n_asked,
        "reviews": seen.n_reviews,
        "sentences": seen.n_sentences,
        "reported": seen.n_reported,
        "gems": len(seen.gems),
        "orders": seen.n_orders,
        "roles": seen.n_roles,
    }
    return [
        "· " + texts(f"insights-today-{name}", count=count)
        for name, count in counts.items()
        if count
    ]


def _changed(seen: Morning, texts: Texts) -> list[str]:
    counts = {
        "new": seen.n_new,
        "published": seen.n_published,
        "questions": seen.n_questions,
        "solved": seen.n_solved,
        "ended": seen.ended,
    }
    lines = [
        "· " + texts(f"insights-today-{name}", count=count)
        for name, count in counts.items()
        if count
    ]
    if seen.refit in ("live", "rejected", "failed"):
        lines.append("· " + texts(f"insights-today-refit-{seen.refit}"))
    return lines


def _setting(setting: Briefing, texts: Texts) -> list[str]:
    if setting.hour is None:
        lines = [texts("insights-today-off")]
    else:
        lines = [texts("insights-today-on", hour=f"{setting.hour:02d}:00")]
    lines.append(texts("insights-month-on" if setting.is_monthly else "insights-month-off"))
    return lines


def _title(title: str) -> str:
    return ui.clip(ui.plain(title), _TITLE_MAX) or "…"
