"""Stores what was read of a catalogue file: what is new, what differs, and what names what.

In portions, so that nobody waits long for the writer. Entries are matched by page, so what a
stopped process left half done is done by bringing the file again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.catalog import fields, rules
from bot.topics import Tree
from storage import audit, catalog, opened, prerequisites
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Prerequisite, Resource

WRITTEN_AT_ONCE = 200
"""Entries that one transaction stores."""


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


async def bring(
    database: Database, bringing: Bringing, entries: Sequence[Entry]
) -> tuple[int, int]:
    """Store what is new or differs, and write down who brought it; return how many of each."""
    new, changed = set[str](), set[str]()
    for portion in _portions(entries):
        added, differing = await database.write(partial(_store, bringing=bringing, entries=portion))
        new |= added
        changed |= differing
    # What entries name may stand anywhere in the file.
    for portion in _portions([entry for entry in entries if entry.links]):
        changed |= await database.write(partial(_join, bringing=bringing, entries=portion))
    changed -= new
    if new or changed:
        row = AuditRow(
            guild_id=bringing.guild_id,
            actor_id=bringing.actor_id,
            action="import.catalog",
            occurred_at=bringing.now,
            details={"n": len(new), "changed": len(changed)},
        )
        await database.write(lambda conn: audit.append(conn, row))
    return len(new), len(changed)


def _portions(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), WRITTEN_AT_ONCE):
        yield entries[start : start + WRITTEN_AT_ONCE]


async def _store(
    conn: Connection, *, bringing: Bringing, entries: Sequence[Entry]
) -> tuple[set[str], set[str]]:
    """Add and change; return the keys of both."""
    guild_id, now = bringing.guild_id, bringing.now
    tree = await fields.tree_of(conn, guild_id)
    entries = [_tagged(entry, tree) for entry in entries]
    known = await catalog.keyed(conn, guild_id, [entry.key for entry in entries])
    new: list[tuple[Resource, str]] = []
    differing: list[tuple[Resource, str]] = []
    for entry in entries:
        there = known.get(entry.key)
        if there is None:
            new.append((_new(guild_id, entry.values, now), entry.key))
            continue
        changed = rules.described(there, entry.values)
        if changed != there and not bringing.is_foreign:
            differing.append((replace(changed, updated_at=now), entry.key))
    await catalog.add_all(conn, new)
    await catalog.change_all(conn, differing)
    return {key for _, key in new}, {key for _, key in differing}


async def _join(conn: Connection, *, bringing: Bringing, entries: Sequence[Entry]) -> set[str]:
    """Join what entries name to them; return the keys of what that changed."""
    guild_id = bringing.guild_id
    named = {key for entry in entries for keys in entry.links.values() for key in keys}
    keys = sorted(named | {entry.key for entry in entries})
    known = await catalog.keyed(conn, guild_id, keys)
    # A moderator may have given a resource another page meanwhile.
    entries = [entry for entry in entries if entry.key in known]
    joined = await _link(conn, guild_id, entries, known)
    joined |= await _order(conn, bringing, entries, known)
    return {entry.key for entry in entries if known[entry.key].resource_id in joined}


def _tagged(entry: Entry, tree: Tree) -> Entry:
    """Return an entry with its tags as the server names them."""
    if "tags" not in entry.values or not (tree.words or tree.closed):
        return entry
    tags = fields.allowed(tree, entry.values["tags"])
    return replace(entry, values={**entry.values, "tags": tags})


async def _link(
    conn: Connection, guild_id: int, entries: Sequence[Entry], known: Mapping[str, Resource]
) -> set[int]:
    """Say which are editions and what stands for what; return the ids of what that changed."""
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


async def _order(
    conn: Connection,
    bringing: Bringing,
    entries: Sequence[Entry],
    known: Mapping[str, Resource],
) -> set[int]:
    """Say what comes before what, as entries do; return the ids of what that is new to."""
    guild_id = bringing.guild_id
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
