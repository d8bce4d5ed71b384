"""Figures as moderators see them: a picture, and the same in words."""

from typing import Any

import discord

from bot import charts, draw, mentions, ui
from bot.charts import Bar, Group
from bot.i18n import Texts
from bot.insights.service import Gaps, Looked, Made, Started
from storage.records import Experiment, Policy

PICTURE = "insights.png"
SPAN_TEMPLATE = r"insights:days:(?P<days>7|30|90)"
MADE = ("shown", "opened", "saved", "useful", "hard", "bought")
RATES = ("open", "save", "useful")
_NAN = float("nan")
Figures = dict[str, Any]


def insights(found: Figures, days: int, texts: Texts, picture: str | None) -> Any:
    """Return the figures of some days: the picture, the words, and buttons for other spans."""
    if not found.get("reach"):
        return ui.panel(texts("insights-none", days=days), rows=[_spans(days, texts)])
    parts: list[Any] = [texts("insights-title", days=days)]
    if picture is not None:
        alt = ui.clip(texts("insights-alt", days=days), ui.ALT_TEXT_MAX)
        item = discord.MediaGalleryItem(f"attachment://{picture}", description=alt)
        parts.append(discord.ui.MediaGallery(item))
    parts += ["\n".join(lines) for lines in _words(found, texts) if lines]
    parts.append(f"-# {texts('insights-how')}")
    return ui.panel(*parts, rows=[_spans(days, texts)])


def _spans(days: int, texts: Texts) -> list[discord.ui.Button[Any]]:
    return [
        ui.button(texts("insights-days", days=each), f"insights:days:{each}", disabled=each == days)
        for each in (7, 30, 90)
    ]


def words(found: Figures, texts: Texts) -> list[str]:
    """Return all figures in lines, as they stand in the message and in the report."""
    return [line for lines in _words(found, texts) for line in lines]


def _words(found: Figures, texts: Texts) -> list[list[str]]:
    reach = found["reach"]
    head = [
        texts("insights-reach", hits=reach["n_hits"], members=reach["n_members"], **_span(reach))
    ]
    for name, rates in found["surfaces"].items():
        told = [
            texts(f"insights-rate-{kind}", **_span(rates[kind])) for kind in RATES if rates[kind]
        ]
        surface = texts(f"insights-surface-{name}")
        head.append(texts("insights-surface", surface=surface, rates=" · ".join(told)))
    return [head, [_holdout(found["holdout"], texts)], _counts(found, texts)]


def _holdout(held: Figures | None, texts: Texts) -> str:
    if held is None:
        return texts("insights-holdout-nobody")
    if held["n_held"] is None or held.get("value") is None:
        return texts("insights-holdout-few", percent=f"{100 * held['share']:.0f}")
    least = _points(held["least"]) if held["least"] else "–"
    key = "adds" if held["low"] > 0 else "loses" if held["high"] < 0 else "unsure"
    return texts(
        f"insights-holdout-{key}",
        value=_points(held["value"]),
        low=_points(held["low"]),
        high=_points(held["high"]),
        members=held["n_held"],
        least=least,
    )


def _counts(found: Figures, texts: Texts) -> list[str]:
    lines = []
    for name in ("funnel", "questions", "first"):
        if found.get(name):
            lines.append(texts(f"insights-{name}", **found[name]))
    for kind, each in found["kinds"].items():
        lines.append(texts("insights-kind", kind=texts(f"kind-{kind}"), **each))
    served = found["served"]
    if served:
        lines.append(texts("insights-served", **_span(served)))
    return lines


def exposure(found: Figures, days: int, texts: Texts) -> Any:
    """Return how showings and opens are spread over the server's creators."""
    spread = found.get("exposure")
    if not spread or spread["gini_shown"] is None:
        return ui.panel(texts("insights-exposure-none", days=days))
    lines = [
        texts(
            "insights-exposure",
            days=days,
            creators=spread["n_creators"],
            shown=f"{spread['gini_shown']:.2f}",
            opened="–" if spread["gini_opened"] is None else f"{spread['gini_opened']:.2f}",
        )
    ]
    for each in spread["creators"][:15]:
        lines.append(
            texts(
                "insights-exposure-one",
                name=ui.mention(each["creator"], texts),
                shown=each["shown"],
                opened=each["opened"],
            )
        )
    return ui.panel(lines[0], "\n".join(lines[1:]))


def picture(found: Figures, days: int, texts: Texts) -> bytes:
    """Return the figures' picture as PNG; drawn in a thread."""
    groups = [
        Group(texts("insights-group-reach"), (_bar(texts("insights-opened"), found["reach"]),))
    ]
    for kind in RATES:
        bars = tuple(
            _bar(texts(f"insights-surface-{name}"), rates[kind])
            for name, rates in found["surfaces"].items()
            if rates[kind]
        )
        if bars:
            groups.append(Group(texts(f"insights-group-{kind}"), bars))
    held = found["holdout"]
    if held and held.get("rate_held"):
        groups.append(
            Group(
                texts("insights-group-holdout"),
                (
                    _bar(texts("insights-others"), held["rate_others"]),
                    _bar(texts("insights-held"), held["rate_held"], draw.FAINT),
                ),
            )
        )
    funnel = found.get("funnel")
    if funnel and funnel["due"]:
        groups.append(Group(texts("insights-group-funnel"), _steps(funnel, texts)))
    return charts.bars(texts("insights-heading", days=days), texts("insights-note"), groups)


def _steps(funnel: Figures, texts: Texts) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            label=texts(f"insights-step-{step}"),
            value=funnel[step] / funnel["due"],
            said=f"{funnel[step]:,}",
            colour=draw.GOOD,
        )
        for step in ("due", "sent", "opened")
    )


def _bar(label: str, rate: Figures, colour: draw.Colour = draw.ACCENT) -> Bar:
    return Bar(
        label=label,
        value=rate["value"],
        low=rate["low"],
        high=rate["high"],
        said=f"{_percent(rate['value'])} ({_percent(rate['low'])}–{_percent(rate['high'])})",
        colour=colour,
    )


MADE_SHOWN = 12
MISSING_SHOWN = 3


def creator(found: list[Made], days: int, texts: Texts, missing: Gaps | None = None) -> Any:
    """Return what became of a creator's own resources, and what is missing in their topics."""
    blocks = []
    for made in found[:MADE_SHOWN]:
        title = ui.clip(ui.plain(made.resource.title), 80)
        if made.found["shown"] is None:
            blocks.append(texts("insights-made-few", title=title))
            continue
        numbers = {name: made.found[name] for name in MADE}
        line = texts("insights-made", title=title, **numbers)
        if made.found["band"]:
            band = texts(f"insights-band-{made.found['band']}")
            kind = texts(f"kind-{made.resource.kind}")
            line += "\n" + texts("insights-made-band", band=band, kind=kind)
        blocks.append(line)
    if len(found) > MADE_SHOWN:
        blocks.append(texts("insights-made-more", count=len(found) - MADE_SHOWN))
    lines = _missing(missing, texts) if missing is not None else []
    if lines:
        blocks.append("\n".join([texts("insights-missing-title"), *lines]))
    return ui.panel(texts("insights-made-title", days=days), *blocks)


def _missing(missing: Gaps, texts: Texts) -> list[str]:
    """Return what at least five members ask for in a creator's topics, a line each."""

    def said(text: str) -> str:
        return ui.clip(ui.plain(text), 80)

    lines = [
        texts("insights-missing-wished", text=said(one.text), count=one.n_wished)
        for one in missing.wished[:MISSING_SHOWN]
    ]
    lines += [
        texts("insights-missing-missed", text=said(one.text), count=one.n_missed)
        for one in missing.missed[:MISSING_SHOWN]
    ]
    for topic in missing.topics[:MISSING_SHOWN]:
        name = said(texts.topic(topic.tag))
        for kind in ("askers", "hard", "readers"):
            count = getattr(topic, f"n_{kind}")
            if count:
                key = f"insights-missing-{kind}"
                lines.append(texts(key, topic=name, count=count, resources=topic.n_resources))
    return lines


# ---------------------------------------------------------------------------- experiments


def held_out(policy: Policy, texts: Texts) -> Any:
    """Return which share is held out now."""
    key = "set" if policy.is_holdout_set else "auto"
    return ui.panel(texts(f"insights-holdout-{key}", percent=f"{100 * policy.holdout:.0f}"))


def started(begun: Started, texts: Texts) -> Any:
    """Return what began, and what it will be able to see."""
    trial = begun.experiment
    lines = [texts("insights-experiment-started", what=_what(trial, texts), **_times(trial))]
    unit = "preference" if trial.policy == "ranker" else "rate"
    lines.append(
        texts(
            f"insights-experiment-least-{unit}",
            least=_points(begun.least),
            rate=_percent(begun.rate),
        )
    )
    return ui.panel(*lines, colour=ui.GOOD)


def experiments(found: list[Looked], texts: Texts) -> Any:
    """Return the experiment that runs, and those before it."""
    if not found:
        return ui.panel(texts("insights-experiment-none"))
    return ui.panel(*(_looked(each, texts) for each in found))


def _looked(looked: Looked, texts: Texts) -> str:
    trial, found = looked.experiment, looked.found
    head = texts(f"insights-experiment-{trial.state}", what=_what(trial, texts), **_times(trial))
    if found.get("value") is None:
        return f"{head}\n{texts('insights-verdict-few')}"
    lines = [head]
    if found["rate_new"] and found["rate_old"]:
        for arm in ("new", "old"):
            rate = found[f"rate_{arm}"]
            lines.append(texts(f"insights-arm-{arm}", members=rate["n_members"], **_span(rate)))
    bounds = {}
    for name in ("value", "low", "high"):
        bounds[name] = "…" if found[name] is None else _points(found[name])
    lines.append(texts("insights-experiment-difference", **bounds))
    verdict = "skewed" if found["is_skewed"] else found["verdict"]
    lines.append(texts(f"insights-verdict-{verdict}", matters=_points(trial.matters)))
    return "\n".join(lines)


def _what(trial: Experiment, texts: Texts) -> str:
    return texts(
        f"insights-policy-{trial.policy}",
        value=f"{trial.value:g}",
        share=f"{100 * trial.share:.0f}",
    )


def _times(trial: Experiment) -> dict[str, str]:
    return {
        "begun": mentions.moment(trial.started_at, "D"),
        "ends": mentions.moment(trial.ended_at or trial.ends_at, "D"),
    }


def _span(rate: Figures) -> dict[str, str]:
    return {name: _percent(rate[name]) for name in ("value", "low", "high")}


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.1 or share == 0 else f"{100 * share:.1f}%"


def _points(difference: float) -> str:
    """Return a difference of shares in points of a percent, with its sign."""
    return f"{100 * difference:+.1f}"
