"""One index a server, as true as its catalogue: what a search, a topic and a suggestion ask.

An index lives in memory and is built from the catalogue when somebody first asks. The database
counts every change of a catalogue, by whatever process (`storage.schema.catalogue_changes`); each
request compares, reads what changed since and answers for it, too. A server's questions have
another index of the same make.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from bot.search import (
    about,
    asking,
    building,
    index,
    leaning,
    matching,
    spelling,
    suggesting,
    synonyms,
    words,
)
from bot.search.index import Document, Index, Segment
from bot.search.leaning import Reader, Trait
from bot.search.matching import Matches
from bot.topics import Tree, form, mark, own_words
from storage import candidates, catalog, members, search, tags
from storage.connection import Connection
from storage.database import Database
from storage.records import Filters, Resource, ResourceState
from storage.search import Source, Version

KEPT_MAX = 32
"""Servers whose index is kept, those that were asked last."""
_ANY = Filters()
_LIVE: tuple[ResourceState, ...] = ("live",)
LEANING_MAX = 200
"""Of how many of the best it is asked whether they suit a member."""
GOOD = 0.7
"""What names so much of what was asked may be what was looked for."""
RECENT_MAX = 500
"""So many changes are answered for beside the large segment before it is built again."""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: Version
    base: Segment
    base_count: int
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for, and by whom.

    ``role_ids`` are the roles of whoever asks, None for a moderator who may see all; with
    ``is_typing`` the last word may have only begun. What fits about as well is put in order by
    what is known of ``user_id`` and the ``language`` they are spoken to in, None for neither. No
    text: everything, the newest first. ``folds`` shows of the editions of a work only the best.
    """

    guild_id: int
    text: str
    user_id: int | None = None
    language: str | None = None
    filters: Filters = _ANY
    role_ids: Collection[int] | None = None
    states: Collection[ResourceState] = _LIVE
    is_typing: bool = False
    limit: int = 25
    offset: int = 0
    folds: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, best first.

    ``corrected`` is the text as understood, where a word was misspelt; ``is_good`` says that one of
    them names most of what was asked.
    """

    resources: list[Resource]
    corrected: str | None = None
    is_good: bool = True


@dataclass(frozen=True, slots=True)
class SearchService:
    """Finds resources and questions by words. One for all who ask: each index is built once.

    Keeps ``kept_max`` indexes; ``recent_max`` as `RECENT_MAX`, ``large`` as `building.LARGE`.
    Without a ``database`` all are built in this process.
    """

    kept_max: int = KEPT_MAX
    recent_max: int = RECENT_MAX
    database: Database | None = None
    large: int = building.LARGE

    _kept: OrderedDict[tuple[int, Source], _Kept] = field(default_factory=OrderedDict, repr=False)
    _turns: defaultdict[tuple[int, Source], asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock), repr=False
    )

    async def resources(self, conn: Connection, asked: Asked, now: float) -> Found:
        """Return what fits and may be shown to whoever asks."""
        matches, ids = None, None
        if asked.text.strip():
            known = await self.index(conn, asked.guild_id)
            matches = matching.find(
                known, asked.text, is_typing=asked.is_typing, fills=not asked.is_typing
            )
            ids = await _suited(conn, asked, matches, known.tree)
            ids = ids[: max(matching.FILLED, matches.n_fitting)]
            if asked.is_typing:
                ids = await _as_suggested(conn, asked, ids)
        found = await catalog.narrowed(
            conn,
            asked.guild_id,
            ids,
            filters=asked.filters,
            limit=asked.limit,
            offset=asked.offset,
            role_ids=asked.role_ids,
            states=asked.states,
            now=now,
            folds=asked.folds,
        )
        if matches is None:
            return Found(found)
        return Found(
            resources=found,
            corrected=matches.corrected if found else None,
            is_good=_is_any_good(matches, found),
        )

    def language_of(self, text: str) -> str | None:
        """Return the language that the letters of a text say it is in, None where they do not."""
        return words.language_of(text)

    async def find(
        self,
        conn: Connection,
        guild_id: int,
        text: str,
        *,
        is_typing: bool = False,
        of: Source = "resources",
    ) -> Matches:
        """Return the guild's resources or questions, in any state, that fit a text.

        See `matching.find`.
        """
        known = await self.index(conn, guild_id, of)
        return matching.find(known, text, is_typing=is_typing)

    async def about(
        self, conn: Connection, guild_id: int, title: str, of: Source = "resources"
    ) -> list[int]:
        """Return what is about the same as a question's title, the likest first; or nothing."""
        known = await self.index(conn, guild_id, of)
        return [int(one) for one in about.find(known, title)]

    async def named(
        self, conn: Connection, guild_id: int, text: str, topics: Collection[str]
    ) -> set[str]:
        """Return which of some topics a text names, in any of the words that mean the same."""
        own = (await search.version(conn, guild_id)).synonyms
        table = _table(own, Tree.of(await tags.every(conn, guild_id)))
        return asking.named(text, topics, table)

    async def topics_in(
        self, conn: Connection, guild_id: int, text: str, topics: Iterable[str]
    ) -> list[str]:
        """Return which of some topics a text asks for, in any of the words that mean the same."""
        known = await self.index(conn, guild_id)
        asked = asking.concepts(text, known.synonyms)
        ways = {way for one in asked for way, _ in one.ways}
        return [topic for topic in topics if synonyms.phrase(topic) in ways]

    async def tags(
        self, conn: Connection, guild_id: int, by_use: Sequence[str], typed: str, limit: int
    ) -> list[str]:
        """Return those of some tags, from most used to least used, that fit what was typed.

        With them what they are a part of in the server's tree, by all that it is called.
        """
        known = await self.index(conn, guild_id)
        tree = known.tree
        every = tuple(dict.fromkeys(name for tag in by_use for name in tree.above(tag)))
        said = {name: own_words(tag) for name in every if (tag := tree.tag(name)) is not None}
        return suggesting.tags(every, typed, known.synonyms, limit, said)

    async def narrowed(self, conn: Connection, guild_id: int, filters: Filters) -> Filters:
        """Return filters whose topic is the server's own name for it, with its parts.

        A topic may have come as its mark (`bot.topics.mark`), from a button.
        """
        if filters.topic is None:
            return filters
        tree = (await self.index(conn, guild_id)).tree
        name = tree.name_of(form(filters.topic))
        if filters.is_marked:
            used = (*tree.ids, *await candidates.tags(conn, guild_id))
            name = next((tag for tag in used if mark(tag) == filters.topic), name)
        return replace(filters, topic=name, within=tree.under(name), is_marked=False)

    async def nearest(self, conn: Connection, asked: Asked, limit: int, now: float) -> list[str]:
        """Return words to try where a text found nothing: they find what may be shown."""
        known = await self.index(conn, asked.guild_id)
        near = spelling.nearest(known, asked.text, 2 * limit)
        alone = (replace(asked, text=word, limit=1, offset=0) for word in near)
        shown = [one.text for one in alone if (await self.resources(conn, one, now)).resources]
        return shown[:limit]

    async def is_ready(self, conn: Connection, guild_id: int, of: Source = "resources") -> bool:
        """Say whether an index answers at once; False where a large one is to be built first."""
        if await search.count(conn, guild_id, of) < self.large:
            return True
        key = guild_id, of
        return await self._beside(conn, key, self._kept.get(key)) is not None

    async def prepare(self, now: datetime) -> None:
        """Build large indexes before somebody asks: after a start, and after much has changed."""
        if self.database is None:
            return
        async with self.database.read() as conn:
            found = await search.large(conn, self.large, self.kept_max)
            wanted = [key for key in found if not await self.is_ready(conn, *key)]
        for key in wanted:
            async with self.database.read() as conn:
                await self.index(conn, *key)

    async def index(self, conn: Connection, guild_id: int, of: Source = "resources") -> Index:
        """Return the index of a guild's catalogue, or of its questions, as it is now."""
        key = guild_id, of
        async with self._turns[key]:
            now = await search.version(conn, guild_id, of)
            known = self._kept.get(key)
            if known is None or known.version != now:
                known = await self._renewed(conn, key, known, now)
                self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > self.kept_max:
                forgotten, _ = self._kept.popitem(last=False)
                self._turns.pop(forgotten, None)
            return known.index

    async def _renewed(
        self, conn: Connection, key: tuple[int, Source], known: _Kept | None, now: Version
    ) -> _Kept:
        guild_id, of = key
        tree = Tree.of(await tags.every(conn, guild_id))
        changed = await self._beside(conn, key, known)
        if known is None or changed is None:
            base, count = await self._whole(conn, key, now.n_changes)
            changed = await search.changed(conn, guild_id, count, of)
        else:
            base, count = known.base, known.base_count
        recent = await _built(conn, key, changed)
        gone = np.array(changed, np.int64)
        made = Index.of(base, recent, gone, _table(now.synonyms, tree), tree)
        return _Kept(version=now, base=base, base_count=count, index=made)

    async def _beside(
        self, conn: Connection, key: tuple[int, Source], known: _Kept | None
    ) -> list[int] | None:
        """Return what changed since a large segment; None for too much, or without one."""
        if known is None:
            return None
        changed = await search.changed(conn, key[0], known.base_count, key[1])
        is_outgrown = len(changed) > max(self.recent_max, len(known.base.ids) // 20)
        return None if is_outgrown else changed

    async def _whole(
        self, conn: Connection, key: tuple[int, Source], n_changes: int
    ) -> tuple[Segment, int]:
        """Return the segment of everything, and the count of changes it is of."""
        if self.database is not None and await search.count(conn, *key) >= self.large:
            built = await building.build(self.database.path, *key)
            if built is not None:
                return built
        return await _built(conn, key), n_changes


def _table(own: str, tree: Tree) -> synonyms.Table:
    """Return what means the same on a server: ours, its lines, and the words for its tags."""
    return synonyms.of_server(own, tree.said(), tree.parts())


def _is_any_good(matches: Matches, found: Sequence[Resource]) -> bool:
    shown = np.array([one.resource_id for one in found], np.int64)
    return bool(np.any(matches.covered[np.isin(matches.ids, shown)] >= GOOD))


async def _built(
    conn: Connection, key: tuple[int, Source], ids: list[int] | None = None
) -> Segment:
    """Return the segment of some documents, or all; a thread builds it, for that takes seconds."""
    guild_id, of = key
    found: list[Document] = []
    async for rows in search.described(conn, guild_id, ids, of):
        found += (Document(**row._asdict()) for row in rows)
    if len(found) <= RECENT_MAX:
        return index.build(found)
    return await asyncio.to_thread(index.build, found)


async def _suited(conn: Connection, asked: Asked, matches: Matches, tree: Tree) -> list[int]:
    """Return the ids of what fits, best first for whoever asks."""
    ids = [int(one) for one in matches.ids]
    if not ids or (asked.user_id is None and asked.language is None):
        return ids
    best, rest = ids[:LEANING_MAX], ids[LEANING_MAX:]
    traits = await _traits(conn, asked.guild_id, best)
    reader = await _reader(conn, asked, tree)
    gains = [leaning.bonus(traits[one], reader) if one in traits else 0.0 for one in best]
    follows = np.arange(len(best)) >= matches.n_fitting
    order = np.lexsort((-(matches.scores[: len(best)] + np.array(gains)), follows))
    return [*(best[at] for at in order), *rest]


async def _as_suggested(conn: Connection, asked: Asked, ids: list[int]) -> list[int]:
    """Return ids in the order in which titles are suggested while somebody is typing."""
    best, rest = ids[:LEANING_MAX], ids[LEANING_MAX:]
    titled = await search.titles(conn, asked.guild_id, best)
    used = await search.used(conn, asked.guild_id, best)
    found = [(one, titled[one]) for one in best if one in titled]
    return [*suggesting.titles(found, asked.text, used), *rest]


async def _reader(conn: Connection, asked: Asked, tree: Tree) -> Reader:
    """Return what is known of whoever asks: what they read in, named, and turned to."""
    languages = [asked.language] if asked.language else []
    if (asked_in := words.language_of(asked.text)) is not None:
        languages.append(asked_in)
    if asked.user_id is None:
        return leaning.reader(languages, (), ())
    member = await members.member(conn, asked.guild_id, asked.user_id)
    liked = await search.turned_to(conn, asked.guild_id, asked.user_id, leaning.LIKED_MAX)
    traits = await _traits(conn, asked.guild_id, liked)
    named = ("-".join(words.folded(each).split()) for each in member.interests)
    interests = [tag for each in named for tag in tree.under(each)]
    return leaning.reader(languages, interests, traits.values())


async def _traits(conn: Connection, guild_id: int, ids: list[int]) -> dict[int, Trait]:
    found = await search.suited(conn, guild_id, ids)
    return {one.resource_id: Trait(**one._asdict()) for one in found}
