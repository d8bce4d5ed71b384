"""Recommendations and the model's state as members and moderators see them."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import cards, charts, filters, mentions, ui
from bot.cards import Card
from bot.i18n import Texts
from storage.records import UNLOGGED, Filters, Resource, Snapshot, Why

_ANY = Filters()

RELIABILITY = "reliability.png"
OTHERS_TEMPLATE = rf"recommend:others:{filters.KEPT}:(?P<topic>.*)"
"""The button below an answer that brings other cards for the same question."""
N_SMALL = 5
"""Moderators see groups of at least so many members."""
PROVEN = "accepted"
"""The reason of a model that beat popularity; without one, popularity and texts serve."""
ENDED = "withdrawn"
"""The reason of a model that somebody it had learned from put an end to."""
_REASONS = {PROVEN, ENDED, "too_few_data", "worse_than_popularity", "worse_than_live"}


def card(
    resource: Resource,
    impression_id: int,
    url: str | None,
    why: Why | None,
    is_saved: bool,
    texts: Texts,
) -> Card:
    """Return what one card shows, its reason in words."""
    reason = cards.why_text(why, texts) if why is not None else None
    return Card(
        resource=resource, impression_id=impression_id, url=url, why=reason, is_saved=is_saved
    )


def recommendation(
    shown: list[Card],
    texts: Texts,
    *,
    topic: str | None,
    arm: str,
    has_model: bool,
    goes_by_interests: bool = False,
    corrected: str | None = None,
    narrowed: Filters = _ANY,
) -> discord.ui.LayoutView:
    """Return the answer to ``/recommend``, with what makes the next one better."""
    header = (
        texts("recommend-header-topic", topic=ui.clip(ui.plain(topic), 100))
        if topic
        else texts("recommend-header")
    )
    if corrected is not None:
        header += "\n" + texts("catalog-corrected", query=ui.plain(corrected))
    if not narrowed.is_any:
        header += "\n-# " + " · ".join(filters.said(narrowed, texts))
    note, is_logged = "", all(card.impression_id < UNLOGGED for card in shown)
    if not is_logged:
        note = texts("recommend-note-untracked")
    elif not has_model:
        note = texts("recommend-note-no-model")
    elif arm == "popular":
        note = texts(f"recommend-note-{'interests' if goes_by_interests else 'no-history'}")
    asked = f"recommend:others:{filters.kept(narrowed)}:{topic or ''}"
    # Whoever is not tracked would be shown the same again, for nobody knows what they were shown.
    others = (
        ui.button(texts("recommend-others"), asked)
        if is_logged and len(asked) <= ui.CUSTOM_ID_MAX
        else None
    )
    return cards.card_list(header, shown, texts, note, below=others)


def nothing(
    reason: str, texts: Texts, *, topic: str | None, tags: Sequence[str]
) -> discord.ui.LayoutView:
    """Return what to do where there is nothing to recommend."""
    if reason != "topic":
        return ui.panel(texts(f"recommend-empty-{reason}"), colour=ui.CAUTION)
    key = "recommend-empty-topic" if topic else "recommend-empty-kind"
    paragraphs = [texts(key, topic=ui.clip(ui.plain(topic or ""), 100))]
    if tags:
        listed = cards.tags(tags[:10], texts)
        paragraphs.append(texts("recommend-empty-tags", tags=listed))
    return ui.panel(*paragraphs, colour=ui.CAUTION)


def similar(about: Resource, shown: list[Card], texts: Texts) -> discord.ui.LayoutView:
    """Return the answer to ``/similar``."""
    title = ui.clip(ui.plain(about.title), 150)
    if not shown:
        return ui.panel(texts("recommend-similar-none", title=title), colour=ui.CAUTION)
    return cards.card_list(texts("recommend-similar-header", title=title), shown, texts)


def status(
    live: Snapshot | None,
    attempts: Sequence[Snapshot],
    texts: Texts,
    picture: str | None = None,
) -> discord.ui.LayoutView:
    """Return what serves and how the last refits went, in plain words.

    ``picture`` is the name of the attached `reliability`, where there is one.
    """
    if live is None or live.reason != PROVEN:
        paragraphs = [texts("recommend-model-none")]
    else:
        paragraphs = [texts("recommend-model-live", **_when(live), **_amounts(live))]
        paragraphs.append(figures(live.metrics, texts))
    parts: list[Any] = list(paragraphs)
    chances = calibrated(attempts)
    if chances is None:
        parts.append(texts("recommend-chances-none"))
    else:
        parts.append(chances_line(chances, texts))
    if picture is not None and chances is not None:
        item = discord.MediaGalleryItem(
            f"attachment://{picture}", description=ui.clip(_in_words(chances, texts), 900)
        )
        parts.append(discord.ui.MediaGallery(item))
    if attempts:
        lines = [texts("recommend-model-attempts")]
        lines += [_attempt(attempt, texts) for attempt in attempts]
        parts.append("\n".join(lines))
    return ui.panel(*parts)


def calibrated(attempts: Sequence[Snapshot]) -> dict[str, Any] | None:
    """Return what the newest attempt learned of chances, None where too few members are behind."""
    found = next((a.metrics["calibration"] for a in attempts if "calibration" in a.metrics), None)
    return found if found is not None and found["n_members"] >= N_SMALL else None


def chances_line(chances: dict[str, Any], texts: Texts) -> str:
    """Return how far chances of being opened are from what happened, before learning and after."""
    return texts(
        "recommend-chances",
        shown=f"{chances['n_shown']:,}",
        before=_percent(chances["error_before"]),
        after=_percent(chances["error"]),
    )


def reliability(chances: dict[str, Any], texts: Texts) -> bytes:
    """Return the picture of chances beside what happened, as PNG; drawn in a thread."""
    return charts.reliability(
        texts("recommend-chances-title"),
        texts("recommend-chances-said"),
        texts("recommend-chances-happened"),
        [(said, happened, n) for said, happened, n in chances["reliability"]],
    )


def _in_words(chances: dict[str, Any], texts: Texts) -> str:
    pairs = (
        f"{_percent(said)} → {_percent(happened)}" for said, happened, _ in chances["reliability"]
    )
    return texts("recommend-chances-title") + ": " + ", ".join(pairs)


def figures(metrics: dict[str, Any], texts: Texts) -> str:
    """Return how well a model guessed, beside popularity, empty where nothing was measured."""
    new, popularity = metrics.get("new"), metrics.get("popularity_2d")
    if not new or not popularity:
        return ""
    return texts(
        "recommend-model-figures",
        choices=new["n"],
        hits=_percent(new["hit_rate"]),
        popular=_percent(popularity["hit_rate"]),
        ndcg=f"{new['ndcg']:.3f}",
        popular_ndcg=f"{popularity['ndcg']:.3f}",
    )


def refitted(
    state: str, reason: str, metrics: dict[str, Any], duration_s: float, texts: Texts
) -> discord.ui.LayoutView:
    """Return how a refit asked for by a moderator ended."""
    colour = ui.GOOD if state == "live" else ui.CAUTION
    first = texts(f"recommend-refit-{state}", seconds=f"{duration_s:.0f}")
    explained = "" if state == "live" else reason_text(reason, texts)
    return ui.panel(first, explained, figures(metrics, texts), colour=colour)


def reason_text(reason: str, texts: Texts) -> str:
    """Return why an attempt ended as it did, in words."""
    if reason in _REASONS:
        return texts(f"recommend-reason-{reason.replace('_', '-')}")
    return texts("recommend-reason-failed", error=ui.clip(ui.plain(reason), 150))


def _attempt(attempt: Snapshot, texts: Texts) -> str:
    served = attempt.state in ("live", "retired")
    is_fallback = served and attempt.reason not in (PROVEN, ENDED)
    state = "rejected" if is_fallback else attempt.state
    mark = {"live": "🟢", "retired": "⚪", "rejected": "🟡", "failed": "🔴"}[state]
    return (
        f"{mark} {mentions.moment(attempt.created_at, 'f')} · {reason_text(attempt.reason, texts)}"
    )


def _when(live: Snapshot) -> dict[str, str]:
    return {"when": mentions.moment(live.created_at)}


def _amounts(live: Snapshot) -> dict[str, int | str]:
    few = live.n_members < N_SMALL
    return {
        "events": live.n_events,
        "members": f"< {N_SMALL}" if few else f"{live.n_members:,}",
        "resources": live.n_resources,
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{100 * share:.1f}%"
