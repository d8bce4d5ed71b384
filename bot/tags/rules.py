"""What moderators may do to a server's tags, as lists before and after. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.topics import Tree, form, key, own_words, split
from storage.records import Tag, TagMove

TAGS_MAX: Final = 500
"""Tags of one server, merged ones too."""
DEPTH_MAX: Final = 6
ALIASES_MAX: Final = 12
NAME_MAX: Final = 30
CARRIED_MAX: Final = 10
"""Tags of one resource."""


class Refused(ValueError):
    """Something that cannot be done; `key` and `params` are of the sentence that says why."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = f"error-tags-{key}"
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What moderators say of a tag; None for what stays as it is.

    ``under`` is a word for its parent, "" for none; ``aliases`` take the place of those it had.
    """

    name: str | None = None
    english: str | None = None
    chinese: str | None = None
    aliases: tuple[str, ...] | None = None
    under: str | None = None


def added(tags: Sequence[Tag], new: Tag, written: Written) -> list[Tag]:
    """Return tags with a new one, whose id is 0 until it is stored.

    Raises
    ------
    Refused
        A word of it stands for another tag, or there are too many.
    """
    if len(tags) >= TAGS_MAX:
        raise Refused("many", limit=TAGS_MAX)
    tree = Tree.of(tags)
    made = _described(tree, new, written)
    _free(tags, made)
    return _sound([*tags, made])


def edited(tags: Sequence[Tag], known: Tag, written: Written) -> list[Tag]:
    """Return tags with one changed; a former name stays a word for it."""
    tree = Tree.of(tags)
    changed = _described(tree, known, written)
    if key(changed.name) != key(known.name) and key(known.name) not in map(key, changed.aliases):
        changed = replace(changed, aliases=(*changed.aliases, known.name)[:ALIASES_MAX])
    _free([tag for tag in tags if tag.tag_id != known.tag_id], changed)
    return _sound([changed if tag.tag_id == known.tag_id else tag for tag in tags])


def merged(tags: Sequence[Tag], known: Tag, into: Tag) -> list[Tag]:
    """Return tags of which one has become another, with its parts."""
    tree = Tree.of(tags)
    if known.tag_id == into.tag_id:
        raise Refused("same")
    # Where the other is a part of it, that takes its place.
    is_part = into.name in tree.under(known.name)
    found = []
    for tag in tags:
        if tag.tag_id == known.tag_id:
            tag = replace(tag, merged_into=into.tag_id, under_id=None)
        elif tag.tag_id == into.tag_id and is_part:
            tag = replace(tag, under_id=known.under_id)
        elif tag.under_id == known.tag_id:
            tag = replace(tag, under_id=into.tag_id)
        found.append(tag)
    return _sound(found)


def removed(tags: Sequence[Tag], known: Tag) -> list[Tag]:
    """Return tags without one, and what was merged into it; its parts go up to its parent.

    Resources keep its name, as a tag that nobody looks after.
    """
    gone = {known.tag_id}
    while more := {t.tag_id for t in tags if t.merged_into in gone and t.tag_id not in gone}:
        gone |= more
    return [
        replace(tag, under_id=known.under_id) if tag.under_id == known.tag_id else tag
        for tag in tags
        if tag.tag_id not in gone
    ]


def retold(before: Tree, after: Tree) -> dict[str, str]:
    """Return the words that stand for another tag than they did, with that tag's name."""
    told = {word: name for word, name in after.words.items() if before.name_of(word) != name}
    return {word: name for word, name in told.items() if word != key(name)} | {
        key(tag.name): after.name_of(tag.name)
        for tag in before.tags.values()
        if after.name_of(tag.name) != tag.name
    }


def moved(
    resource_id: int, guild_id: int, carried: Sequence[str], told: Mapping[str, str]
) -> tuple[tuple[str, ...], list[TagMove]]:
    """Return what a resource carries when some words stand for other tags, and what was put on it.

    The number of the change is filled in by whoever stores it.
    """
    now = tuple(dict.fromkeys(told.get(key(tag), tag) for tag in carried))
    taken: dict[str, list[str]] = {}
    for tag in carried:
        name = told.get(key(tag))
        if name is not None and name != tag:
            taken.setdefault(name, []).append(tag)
    moves = [
        TagMove(
            change_id=0,
            resource_id=resource_id,
            guild_id=guild_id,
            given=name,
            taken=tuple(words),
            had=name in carried,
        )
        for name, words in taken.items()
    ]
    return now, moves


def moved_back(carried: Sequence[str], moves: Iterable[TagMove]) -> tuple[str, ...]:
    """Return what a resource carries when moves are undone, of those whose tag is on it still."""
    now = list(carried)
    for move in moves:
        if move.given not in now:
            continue
        at = now.index(move.given)
        kept = [move.given] if move.had else []
        now[at : at + 1] = [*kept, *move.taken]
    return tuple(dict.fromkeys(now))[:CARRIED_MAX]


def _described(tree: Tree, known: Tag, written: Written) -> Tag:
    under_id = known.under_id
    if written.under is not None:
        above = tree.tag(written.under) if written.under else None
        if written.under and above is None:
            raise Refused("unknown", tag=written.under)
        under_id = above.tag_id if above is not None else None
    changed = replace(
        known,
        name=known.name if written.name is None else written.name,
        english=known.english if written.english is None else written.english,
        chinese=known.chinese if written.chinese is None else written.chinese,
        aliases=known.aliases if written.aliases is None else written.aliases,
        under_id=under_id,
    )
    own = {key(word) for word in (changed.name, changed.english, changed.chinese)}
    aliases = {key(alias): alias for alias in changed.aliases if key(alias) not in own}
    if len(aliases) > ALIASES_MAX:
        raise Refused("aliases", limit=ALIASES_MAX)
    return replace(changed, aliases=tuple(aliases.values()))


def _free(others: Sequence[Tag], tag: Tag) -> None:
    """Refuse a tag of which a word stands for another one, or names one that was merged."""
    taken = {key(word): other for other in others for word in own_words(other)}
    for word in own_words(tag):
        other = taken.get(key(word))
        if other is not None and other.merged_into != tag.tag_id:
            raise Refused("taken", word=word, tag=Tree.of(others).name_of(other.name))
        if other is not None and word == tag.name:
            raise Refused("taken", word=word, tag=tag.name)


def _sound(tags: list[Tag]) -> list[Tag]:
    """Return tags none of which is a part of itself, or too deep."""
    by_id = {tag.tag_id: tag for tag in tags}
    for tag in tags:
        seen = {tag.tag_id}
        above = tag
        while above.under_id is not None:
            above = by_id[above.under_id]
            if above.tag_id in seen:
                raise Refused("circle", tag=tag.name)
            seen.add(above.tag_id)
        if len(seen) > DEPTH_MAX:
            raise Refused("deep", limit=DEPTH_MAX)
    parents_first(tags)
    return tags


def parents_first(tags: Sequence[Tag]) -> list[Tag]:
    """Return tags so that each stands behind those it points to; raises Refused for a circle."""
    left, found = {tag.tag_id: tag for tag in tags}, []
    while left:
        ready = [t for t in left.values() if not {t.under_id, t.merged_into} & left.keys()]
        if not ready:
            raise Refused("circle", tag=next(iter(left.values())).name)
        found += ready
        for tag in ready:
            del left[tag.tag_id]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A tag as a file has it, by names; ``line`` is where it stands."""

    line: int
    name: str
    english: str = ""
    chinese: str = ""
    aliases: tuple[str, ...] = ()
    under: str = ""
    merged_into: str = ""

    @classmethod
    def of(cls, line: int, cells: Mapping[str, str]) -> "Brought":
        """Return a line of a file, with its words as tags are written."""
        return cls(
            line=line,
            name=form(cells["name"])[:NAME_MAX],
            english=" ".join(cells["english"].split())[:NAME_MAX],
            chinese=" ".join(cells["chinese"].split())[:NAME_MAX],
            aliases=tuple(word[:NAME_MAX] for word in split(cells["aliases"])),
            under=form(cells["under"]),
            merged_into=form(cells["merged_into"]),
        )


def brought(tags: Sequence[Tag], rows: Sequence[Brought], blank: Tag) -> list[Tag]:
    """Return tags as a file has them, with those it does not name as they are.

    New ones have ids below 0, by which they name each other.

    Raises
    ------
    Refused
        The first line that cannot be taken, and why.
    """
    by_name = {key(tag.name): tag for tag in tags}
    for place, row in enumerate(rows, start=1):
        by_name.setdefault(key(row.name), replace(blank, name=row.name, tag_id=-place))
    if len(by_name) > TAGS_MAX:
        raise Refused("many", limit=TAGS_MAX)
    known = dict(by_name)
    for row in rows:
        for word in (row.under, row.merged_into):
            if word and key(word) not in known:
                raise Refused("line", line=row.line, word=word)
        by_name[key(row.name)] = replace(
            by_name[key(row.name)],
            english=row.english,
            chinese=row.chinese,
            aliases=row.aliases[:ALIASES_MAX],
            under_id=known[key(row.under)].tag_id if row.under else None,
            merged_into=known[key(row.merged_into)].tag_id if row.merged_into else None,
        )
    after = list(by_name.values())
    taken: dict[str, Tag] = {}
    for tag in after:
        for word in map(key, own_words(tag)):
            other = taken.setdefault(word, tag)
            if other is not tag and other.merged_into is None and tag.merged_into is None:
                raise Refused("taken", word=word, tag=other.name)
    return _sound(after)
