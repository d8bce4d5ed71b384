"""What a page says in JSON-LD (schema.org): the thing it is about, and its fields as text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import html

KINDS: Final[Mapping[str, str]] = {
    "course": "course",
    "courseinstance": "course",
    "book": "ebook",
    "softwareapplication": "tool",
    "webapplication": "tool",
    "mobileapplication": "tool",
    "softwaresourcecode": "tool",
    "article": "article",
    "newsarticle": "article",
    "techarticle": "article",
    "scholarlyarticle": "article",
    "blogposting": "article",
    "report": "article",
    "reportagenewsarticle": "article",
    "opinionnewsarticle": "article",
    "analysisnewsarticle": "article",
    "howto": "article",
    "tutorial": "article",
    "learningresource": "article",
    "faqpage": "page",
    "qapage": "thread",
    "question": "thread",
    "discussionforumposting": "thread",
    "videoobject": "video",
}
"""Types that name a resource, and its kind. Where a page has several, the first here is meant."""
_ORDER: Final = tuple(KINDS)
_DEPTH_MAX = 6
_NODES_MAX = 500
_NAMES_MAX = 3

Node = Mapping[str, Any]


def thing(tree: html.HtmlElement) -> tuple[Node, str]:
    """Return what a page is about and its kind; an empty node and "" where it does not say."""
    best: tuple[int, Node, str] = (len(_ORDER), {}, "")
    for node in _nodes(tree):
        for name in _types(node):
            if name in KINDS and _ORDER.index(name) < best[0]:
                best = (_ORDER.index(name), node, KINDS[name])
    return best[1], best[2]


def text(node: Any, *names: str) -> str:
    """Return the first of these fields that says something, as text."""
    for name in names:
        found = _plain(node.get(name)) if isinstance(node, dict) else ""
        if found:
            return found
    return ""


def names(value: Any) -> str:
    """Return who something is by: names of people and organisations, at most three."""
    if isinstance(value, list):
        found = dict.fromkeys(filter(None, (names(each) for each in value[:10])))
        return ", ".join(list(found)[:_NAMES_MAX])
    return text(value, "name") if isinstance(value, dict) else _plain(value)


def offer(node: Node) -> tuple[str, str]:
    """Return price and currency of what a thing is offered for, the lowest; "" for none."""
    offers = node.get("offers")
    found = []
    for each in offers if isinstance(offers, list) else [offers]:
        inner = each.get("priceSpecification") if isinstance(each, dict) else None
        for one in (each, inner[0] if isinstance(inner, list) and inner else inner):
            price = text(one, "price", "lowPrice") if isinstance(one, dict) else ""
            if price:
                found.append((price, text(one, "priceCurrency")))
                break
        else:
            if text(each, "category").lower() == "free":
                found.append(("0", ""))
    if not found and text(node, "isAccessibleForFree").lower() == "true" and _is_sold(node):
        return "0", ""
    return min(found, key=_amount, default=("", ""))


def _is_sold(node: Node) -> bool:
    """Say whether it is a thing of which one asks what it costs; articles say so of paywalls."""
    return not {KINDS.get(name) for name in _types(node)} <= {"article", "thread", "video", None}


def _amount(offered: tuple[str, str]) -> float:
    try:
        return float(offered[0].replace(",", ""))
    except ValueError:
        return float("inf")


def _nodes(tree: html.HtmlElement) -> Iterator[Node]:
    waiting: list[tuple[Any, int]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            waiting.append((_parsed(script.text or ""), 0))
    n_seen = 0
    while waiting and n_seen < _NODES_MAX:
        value, depth = waiting.pop(0)
        n_seen += 1
        if depth > _DEPTH_MAX:
            continue
        if isinstance(value, list):
            waiting += [(each, depth + 1) for each in value]
        elif isinstance(value, dict):
            yield value
            waiting += [(value.get(key), depth + 1) for key in ("@graph", "mainEntity")]


def _parsed(written: str) -> Any:
    written = written.strip()
    for mark in ("<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>"):
        written = written.removeprefix(mark).removesuffix(mark).strip()
    try:
        return json.loads(written.rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: Node) -> list[str]:
    value = node.get("@type")
    found = value if isinstance(value, list) else [value]
    return [each.rpartition("/")[2].lower() for each in found if isinstance(each, str)]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return _plain(value[0]) if value else ""
    if isinstance(value, dict):
        return _plain(value.get("@value") or value.get("name"))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""
