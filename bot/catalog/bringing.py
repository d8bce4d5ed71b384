"""Stores what was read of a catalogue file: what is new, what differs, and what names what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.catalog import fields, rules
from bot.topics import Tree
from storage import audit, catalog, opened, prerequisites
from storage.connection import Connection
from storage.records import AuditRow, Prerequisite, Resource


@dataclass(frozen=True, slots=True)
class Entry:
    """A good entry; ``links`` are keys of other resources by the column that names them."""

    line: int
    key: str
    values: Mapping[str, Any]
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringing:
    """For whom, by whom and when a file is brought."""

    guild_id: int
    actor_id: int
    now: float
    is_foreign: bool


async def bring(conn: Connection, bringing: Bringing, entries: list[Entry]) -> tuple[int, int]:
    """Store what is new or differs, and write down who brought it."""
    n_added, n_changed = await _store(conn, bringing, entries)
    if n_added or n_changed:
        row = AuditRow(
            guild_id=bringing.guild_id,
            actor_id=bringing.actor_id,
            action="import.catalog",
            occurred_at=bringing.now,
            details={"n": n_added, "changed": n_changed},
        )
        await audit.append(conn, row)
    return n_added, n_changed


async def _store(conn: Connection, bringing: Bringing, entries: list[Entry]) -> tuple[int, int]:
    """Add and change; return how many of each."""
    guild_id, now = bringing.guild_id, bringing.now
    tree = await fields.tree_of(conn, guild_id)
    entries = [_tagged(entry, tree) for entry in entries]
    known = await catalog.keyed(conn, guild_id)
    new: list[tuple[Resource, str]] = []
    changed_ids: set[int] = set()
    for entry in entries:
        there = known.get(entry.key)
        if there is None:
            new.append((_new(guild_id, entry.values, now), entry.key))
            continue
        changed = rules.described(there, entry.values)
        if changed != there and not bringing.is_foreign:
            await catalog.change(conn, replace(changed, updated_at=now), entry.key)
            changed_ids.add(there.resource_id)
    await catalog.add_all(conn, new)
    if any(entry.links for entry in entries):
        changed_ids |= await _link(conn, guild_id, entries)
        changed_ids |= await _order(conn, bringing, entries)
    new_keys = {key for _, key in new}
    n_known = sum(
        1 for e in entries if e.key not in new_keys and known[e.key].resource_id in changed_ids
    )
    return len(new), n_known


def _tagged(entry: Entry, tree: Tree) -> Entry:
    """Return an entry with its tags as the server names them."""
    if "tags" not in entry.values or not (tree.words or tree.closed):
        return entry
    tags = fields.allowed(tree, entry.values["tags"])
    return replace(entry, values={**entry.values, "tags": tags})


async def _link(conn: Connection, guild_id: int, entries: list[Entry]) -> set[int]:
    """Join what entries name to them; return the ids of what that changed."""
    known = await catalog.keyed(conn, guild_id)
    joined = set()
    for entry in entries:
        there = known[entry.key]
        found = {
            name: known[keys[0]].resource_id
            for name, keys in entry.links.items()
            if keys and keys[0] in known
        }
        changed = replace(
            there,
            edition_of=found.get("edition_of", there.edition_of),
            moved_to=found.get("moved_to", there.moved_to),
        )
        if changed != there:
            await catalog.change(conn, changed)
            if changed.moved_to is not None:
                await opened.mark(conn, guild_id, [there.resource_id, changed.moved_to])
            joined.add(there.resource_id)
    return joined


async def _order(conn: Connection, bringing: Bringing, entries: list[Entry]) -> set[int]:
    """Say what comes before what, as entries do; return the ids of what that is new to."""
    guild_id = bringing.guild_id
    known = await catalog.keyed(conn, guild_id)
    there = await prerequisites.said(conn, guild_id)
    new = set()
    for entry in entries:
        number = known[entry.key].resource_id
        for key in entry.links.get("needs", ()):
            needed = known[key].resource_id if key in known else number
            is_circle = number in prerequisites.reached(there, needed)
            if is_circle or needed in there.get(number, ()):
                continue
            there.setdefault(number, []).append(needed)
            new.add(number)
            said = Prerequisite(
                guild_id=guild_id,
                resource_id=number,
                needs_id=needed,
                added_by=bringing.actor_id,
                created_at=bringing.now,
            )
            await prerequisites.add(conn, said)
    return new


def _new(guild_id: int, values: Mapping[str, Any], now: float) -> Resource:
    blank = Resource(
        guild_id=guild_id,
        kind=values["kind"],
        title=values["title"],
        url=values["url"],
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    return rules.described(blank, values)
