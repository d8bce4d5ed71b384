"""The options that narrow ``/search`` and ``/recommend``, and how a button remembers them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot import cards, topics, ui
from bot.i18n import Texts, label
from storage.records import Filters

MINUTES_MAX = 100_000
LEVEL_CHOICES = [
    app_commands.Choice(name=label(f"level-{level}"), value=level)
    for level in ("beginner", "intermediate", "advanced")
]
LANGUAGE_CHOICES = [
    app_commands.Choice(name="English", value="en"),
    app_commands.Choice(name="中文", value="zh"),
]
PRICE_CHOICES = [
    app_commands.Choice(name=label(f"filters-price-{price}"), value=price)
    for price in ("free", "paid")
]
NAMES = ("kind", "level", "language", "minutes", "price", "gem")
KEPT_NAMES = (*NAMES, "topic")
KEPT = r"(?P<filters>[a-zA-Z0-9.-]*)"
"""What a button's id holds of them; one of earlier versions holds the kind alone."""

T = TypeVar("T")


def options(function: T) -> T:
    """Name and describe a command's options `NAMES`."""
    named: Callable[[T], T] = app_commands.rename(
        **{name: label(f"filters-opt-{name}") for name in NAMES}
    )
    described: Callable[[T], T] = app_commands.describe(
        **{name: label(f"filters-opt-{name}-desc") for name in NAMES}
    )
    chosen: Callable[[T], T] = app_commands.choices(
        kind=cards.KIND_CHOICES,
        level=LEVEL_CHOICES,
        language=LANGUAGE_CHOICES,
        price=PRICE_CHOICES,
    )
    return chosen(described(named(function)))


def read(options: Mapping[str, Any]) -> Filters:
    """Return the filters among a command's options by name."""
    price = options.get("price")
    return Filters(
        kind=options.get("kind"),
        level=options.get("level"),
        language=options.get("language"),
        minutes_max=options.get("minutes"),
        is_free=None if price is None else price == "free",
        is_gem=True if options.get("gem") else None,
    )


def of_search(options: Mapping[str, Any]) -> Filters:
    """Return the filters among the options of ``/search``, of which one is a topic."""
    return replace(read(options), topic=options.get("topic") or None)


def of(interaction: discord.Interaction) -> Filters:
    """Return the filters of ``/search`` that are filled in while another option is typed."""
    return of_search(vars(interaction.namespace))


def kept(filters: Filters) -> str:
    """Return filters as a button's id holds them, nothing where there are none."""
    price = {None: "", True: "free", False: "paid"}[filters.is_free]
    minutes = "" if filters.minutes_max is None else str(filters.minutes_max)
    gem = "gem" if filters.is_gem else ""
    topic = topics.mark(filters.topic) if filters.topic else ""
    parts = (
        *(filters.kind or "", filters.level or "", filters.language or ""),
        *(minutes, price, gem, topic),
    )
    return ".".join(parts).rstrip(".")


def restored(text: str) -> Filters:
    """Return the filters that a button's id holds."""
    values = dict(zip(KEPT_NAMES, text.split("."), strict=False))
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    if "minutes" in given:
        given["minutes"] = int(given["minutes"]) if given["minutes"].isdecimal() else None
    return replace(read(given), topic=given.get("topic"), is_marked="topic" in given)


def said(filters: Filters, texts: Texts) -> list[str]:
    """Return the filters in words, for the head of an answer."""
    parts = []
    if filters.kind:
        parts.append(texts(f"kind-{filters.kind}"))
    if filters.level:
        parts.append(texts(f"level-{filters.level}"))
    if filters.language:
        names = {str(choice.value): choice.name for choice in LANGUAGE_CHOICES}
        parts.append(str(names.get(filters.language, filters.language)))
    if filters.minutes_max is not None:
        parts.append(texts("filters-minutes", minutes=filters.minutes_max))
    if filters.is_free is not None:
        parts.append(texts("filters-price-free" if filters.is_free else "filters-price-paid"))
    if filters.is_gem:
        parts.append(texts("filters-gem"))
    if filters.topic and not filters.is_marked:
        parts.append(ui.plain(texts.topic(filters.topic)))
    return parts
