"""What was written of a resource: checked, and with tags as the server names them.

Whatever word for one of the server's own tags was written, its name is what a resource carries.
"""

from collections.abc import Collection, Mapping
from typing import Any

from bot.catalog import rules
from bot.errors import UserError
from bot.tags.service import tree_of as tree_of
from bot.topics import Tree
from storage.connection import Connection
from storage.records import Resource

NEAR_MAX = 5


async def settled(conn: Connection, guild_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a resource with its tags as the server names them.

    Where only its own tags are allowed, others are left out.
    """
    if "tags" not in values:
        return dict(values)
    tree = await tree_of(conn, guild_id)
    return dict(values) | {"tags": allowed(tree, values["tags"])}


async def require_tags(conn: Connection, guild_id: int, values: Mapping[str, Any]) -> None:
    """Refuse tags that somebody wrote who is to hear that the server does not allow them.

    Raises
    ------
    UserError
        One of them is no tag of the server's, where only those are allowed.
    """
    if values.get("tags"):
        refuse(await tree_of(conn, guild_id), values["tags"])


def tags_of(raw: Mapping[str, str]) -> dict[str, Any]:
    """Return the tags among texts by field, if they are given."""
    return checked({"tags": raw["tags"]}) if "tags" in raw else {}


def allowed(tree: Tree, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what words stand for, without what a server does not allow."""
    names = tree.names_of(words)
    return tuple(name for name in names if tree.knows(name)) if tree.closed else names


def refuse(tree: Tree, words: tuple[str, ...]) -> None:
    """Refuse words that stand for no tag where only a server's own are allowed."""
    unknown = [word for word in words if not tree.knows(word)] if tree.closed else []
    if unknown:
        near = _near(tree, unknown)
        raise UserError(
            "error-tags-closed", tags=", ".join(unknown), near=", ".join(near) or "none"
        )


def narrowest(tree: Tree, names: Collection[str]) -> list[str]:
    """Return tags without those of which others among them are parts."""
    wide = {above for name in names for above in tree.above(name)[1:]}
    return sorted(name for name in names if name not in wide)


def _near(tree: Tree, unknown: list[str]) -> list[str]:
    """Return names of tags that share a beginning or a part with what was written."""
    found = (
        name
        for word in unknown
        for known, name in tree.words.items()
        if word[:4] in known or known[:4] in word
    )
    return list(dict.fromkeys(found))[:NEAR_MAX]


def checked(raw: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that texts by field stand for; raises UserError for what is refused."""
    values, problems = rules.parse(raw)
    if problems:
        raise UserError(problems[0].key, **problems[0].params)
    return values


def accepted(raw: Mapping[str, str]) -> dict[str, str]:
    """Return the texts by field that `checked` takes, without the others."""
    _, problems = rules.parse(raw)
    refused = {problem.field for problem in problems}
    if refused & {"price", "currency"}:
        refused |= {"price", "currency"}
    return {name: text for name, text in raw.items() if name not in refused}


def with_price(known: Resource, raw: Mapping[str, str]) -> Mapping[str, str]:
    """Complete a price by its currency and the other way round: neither means much alone."""
    if "price" in raw and "currency" not in raw and known.currency:
        return {**raw, "currency": known.currency}
    is_given = "currency" in raw and raw["currency"].strip() != rules.NOTHING
    if is_given and "price" not in raw and known.price_minor:
        return {**raw, "price": rules.major(known.price_minor, known.currency)}
    return raw
