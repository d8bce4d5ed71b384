"""What the database says, as arrays, and a model as bytes: what a request and a refit both need.

Owns the step from `storage`'s columns to `recommender`'s inputs. The rules decide what a deed
means; here they are asked once for each code, not for each deed.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.recommend import rules
from bot.topics import NO_TREE, Tree
from recommender.calibration import Learned, Showings
from recommender.context import Exposures
from recommender.interactions import Interactions, Items
from recommender.model import Model
from storage import candidates
from storage.candidates import Listed
from storage.connection import Connection
from storage.deeds import DeedColumns
from storage.impressions import JudgedColumns
from storage.records import Deed, EventKind, Level, Voices
from storage.training import Columns, ShownColumns

EXACT_MAX = 2**53


def numbers(joined: str, dtype: Any) -> Any:
    """Return the numbers of a comma-separated text as an array."""
    return np.fromstring(joined, dtype, sep=",") if joined else np.empty(0, dtype)


def _seconds(joined: str) -> NDArray[np.float64]:
    """Return microseconds as seconds, infinity for those no float can hold exactly."""
    microseconds = numbers(joined, np.int64)
    is_time = (microseconds > -EXACT_MAX) & (microseconds < EXACT_MAX)
    return np.where(is_time, microseconds / 1e6, np.inf)


def interactions(columns: Columns, rewarded_weight: float = rules.REWARDED_WEIGHT) -> Interactions:
    """Return interactions as arrays, without those that say nothing about taste or have no time.

    `rewarded_weight` as in `rules.weight`.
    """
    codes = numbers(columns.codes, np.int64)
    weights = _WEIGHT_BY_KIND[codes // 2] * _share(codes % 2 == 1, rewarded_weight)
    times = _seconds(columns.times)
    kept = (weights != 0) & np.isfinite(times)
    return Interactions(
        members=numbers(columns.members, np.int64)[kept],
        items=numbers(columns.resources, np.int64)[kept],
        weights=weights[kept],
        times=times[kept],
    )


def showings(columns: JudgedColumns) -> Showings:
    """Return impressions as what chances of opening are learned from."""
    return Showings(
        members=numbers(columns.members, np.int64),
        scores=numbers(columns.scores, np.float64),
        positions=numbers(columns.positions, np.int64),
        is_digest=numbers(columns.digests, np.int64) > 0,
        opened=numbers(columns.opened, np.int64) > 0,
    )


def learned(found: Learned) -> dict[str, Any]:
    """Return what was learned of chances, for a snapshot's metrics."""
    check = found.check
    bins = zip(check.said.tolist(), check.happened.tolist(), check.counts.tolist(), strict=True)
    return found.calibration.packed() | {
        "reliability": [list(each) for each in bins],
        "error": check.error,
        "error_before": found.error_before,
        "n_shown": found.n_shown,
        "n_members": found.n_members,
    }


def exposures(shown: ShownColumns) -> Exposures:
    """Return impressions as arrays, without those that have no time."""
    times = _seconds(shown.times)
    kept = np.isfinite(times)
    return Exposures(
        members=numbers(shown.members, np.int64)[kept],
        items=numbers(shown.resources, np.int64)[kept],
        positions=numbers(shown.positions, np.int64)[kept],
        times=times[kept],
    )


@dataclass(frozen=True, slots=True)
class Past:
    """What one member did to resources, oldest first: ids and codes int64[n], times float64[n].

    `rewarded_weight` as in `rules.weight`.
    """

    user_id: int
    resources: NDArray[np.int64]
    codes: NDArray[np.int64]
    times: NDArray[np.float64]
    rewarded_weight: float = rules.REWARDED_WEIGHT

    @property
    def seen(self) -> NDArray[np.int64]:
        """Ids of what the member knows (`rules.seen`), with repetitions."""
        seen: NDArray[np.int64] = self.resources[_SEEN[self.codes]]
        return seen

    @property
    def dismissed(self) -> NDArray[np.int64]:
        """Ids of what the member does not want (`rules.dismissed`)."""
        dismissed: NDArray[np.int64] = self.resources[_DISMISSED[self.codes]]
        return dismissed

    @property
    def lessons(self) -> Interactions:
        """What says something about the member's taste (`rules.lessons`)."""
        weights = _LESSONS[self.codes] * _share(self.codes & 2 > 0, self.rewarded_weight)
        kept = (weights != 0) & np.isfinite(self.times)
        n_kept = int(np.count_nonzero(kept))
        members = np.full(n_kept, self.user_id, np.int64)
        return Interactions(
            members=members,
            items=self.resources[kept],
            weights=weights[kept],
            times=self.times[kept],
        )

    def newest_since(self, at: float) -> int | None:
        """Return the resource of the newest deed since a moment that says what they want."""
        wanted = (_LESSONS[self.codes] > 0) & (self.times >= at) & np.isfinite(self.times)
        return int(self.resources[np.flatnonzero(wanted)[-1]]) if wanted.any() else None

    def called(self, kind: EventKind) -> list[int]:
        """Return the resources of which the member says something that stands."""
        stands = (self.codes // 4 == int(kind)) & (self.codes & 1 == 1)
        found: list[int] = np.unique(self.resources[stands]).tolist()
        return found

    @property
    def finished(self) -> list[int]:
        """Ids of what the member has done, or knows, the last one last."""
        kinds = self.codes // 4
        is_done = (kinds == int(EventKind.DONE)) | (kinds == int(EventKind.KNOWN))
        found: list[int] = self.resources[is_done & (self.codes & 1 == 1)].tolist()
        return list(dict.fromkeys(reversed(found)))[::-1]

    def of(self, resource_id: int) -> list[Deed]:
        """Return what the member did to one resource."""
        at = np.flatnonzero(self.resources == resource_id)
        return [_deed(int(self.codes[i]), resource_id, float(self.times[i])) for i in at]


def past(
    user_id: int, columns: DeedColumns, rewarded_weight: float = rules.REWARDED_WEIGHT
) -> Past:
    """Return a member's deeds as arrays."""
    return Past(
        user_id=user_id,
        resources=numbers(columns.resources, np.int64),
        codes=numbers(columns.codes, np.int64),
        times=_seconds(columns.times),
        rewarded_weight=rewarded_weight,
    )


def _deed(code: int, resource_id: int = 0, at: float = 0.0) -> Deed:
    kind, is_rewarded, stands = EventKind(code // 4), bool(code & 2), bool(code & 1)
    return Deed(
        resource_id=resource_id, kind=kind, occurred_at=at, is_rewarded=is_rewarded, stands=stands
    )


def _by_code(meaning: Callable[[Deed], Any], dtype: Any) -> NDArray[Any]:
    """Return what a rule says of a deed of each code, 0 for codes of no kind."""
    codes = range(4 * (max(EventKind) + 1))
    return np.array(
        [meaning(_deed(code)) if code // 4 in set(EventKind) else 0 for code in codes], dtype
    )


_SEEN = _by_code(lambda deed: bool(rules.seen([deed])), np.bool_)
_DISMISSED = _by_code(lambda deed: bool(rules.dismissed([deed])), np.bool_)
_LESSONS = _by_code(lambda d: rules.weight(d.kind) if rules.lessons([d]) else 0.0, np.float32)
_WEIGHT_BY_KIND = _LESSONS[1::4]  # of deeds that stand and earned nothing


def _share(is_rewarded: NDArray[np.bool_], rewarded_weight: float) -> NDArray[np.float32]:
    """Return the share of its weight each event keeps."""
    return np.where(is_rewarded, np.float32(rewarded_weight), np.float32(1))


def pack(model: Model) -> bytes:
    """Return a model as an npz archive, whose checksums tell a flipped byte."""
    archive = io.BytesIO()
    arrays: dict[str, Any] = model.to_arrays()
    np.savez(archive, **arrays)
    return archive.getvalue()


def unpack(archive: bytes) -> Model:
    """Return the model `pack` wrote.

    Raises
    ------
    ValueError
        The archive is damaged or of another version.
    """
    try:
        with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
            return Model.from_arrays({name: arrays[name] for name in arrays.files})
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"the archive is damaged: {error}") from error


async def catalogue(conn: Connection, guild_id: int, **narrowing: Any) -> Items:
    """Return live resources as arrays; `narrowing` as in `storage.candidates.candidates`."""
    ids, times = await candidates.candidates(conn, guild_id, **narrowing)
    return Items(numbers(ids, np.int64), numbers(times, np.float64))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every live resource of a guild, by id, and what decides to whom it may be shown.

    ``opinions`` are log-odds by what members say (`rules.opinion`), which ``levels`` heed, too;
    ``steps`` are those levels as numbers (`rules.level_code`).
    """

    items: Items
    creators: NDArray[np.int64]
    adders: NDArray[np.int64]
    roles: NDArray[np.int64]
    languages: NDArray[np.int64]
    names: Sequence[str]
    opinions: NDArray[np.float64]
    tags: Sequence[tuple[str, ...]]
    levels: Sequence[Level | None]
    steps: NDArray[np.int64]
    by_topic: Mapping[str, NDArray[np.int64]]
    tree: Tree = NO_TREE

    def tags_of(self, resource_id: int) -> tuple[str, ...]:
        """Return the topics of a resource, none of one that is not on the shelf."""
        row = self._row(resource_id)
        return () if row is None else self.tags[row]

    def level_of(self, resource_id: int) -> Level | None:
        """Return how difficult a resource is, None where nobody knows."""
        row = self._row(resource_id)
        return None if row is None else self.levels[row]

    def carrying(self, topic: str) -> NDArray[np.int64]:
        """Return the ids of what carries a topic, or a part of it."""
        return self.by_topic.get(topic, np.empty(0, np.int64))

    def topics_of(self, tags: Iterable[str]) -> set[str]:
        """Return what tags are about: themselves, and what they are parts of."""
        return {above for tag in tags for above in self.tree.above(rules.topic(tag))}

    def named(self, interest: str) -> str:
        """Return the topic that a member's word stands for."""
        return rules.topic(self.tree.name_of(interest))

    def _row(self, resource_id: int) -> int | None:
        row = int(np.searchsorted(self.items.ids, resource_id))
        is_there = row < len(self.items) and self.items.ids[row] == resource_id
        return row if is_there else None

    def open_to(self, user_id: int, role_ids: Collection[int]) -> NDArray[np.bool_]:
        """Say which may be shown to a member: nothing of their own, nothing behind a role."""
        usable = self.roles == candidates.NOBODY
        if role_ids and not usable.all():
            usable |= np.isin(self.roles, list(role_ids))
        return np.asarray(usable & (self.creators != user_id) & (self.adders != user_id))


def shelf(listed: Listed, voices: Sequence[Voices] = (), tree: Tree = NO_TREE) -> Shelf:
    """Return the catalogue as arrays, with what members say of it and the server's tags."""
    items = Items(numbers(listed.ids, np.int64), numbers(listed.times, np.float64))
    columns = (listed.creators, listed.adders, listed.roles, listed.languages)
    creators, adders, roles, languages = (numbers(column, np.int64) for column in columns)
    tags = [tuple(rules.topic(tag) for tag in own) for own in json.loads(listed.tags)]
    by_topic: dict[str, list[int]] = {}
    for resource_id, own in zip(items.ids.tolist(), tags, strict=True):
        for topic in dict.fromkeys(above for tag in own for above in tree.above(tag)):
            by_topic.setdefault(topic, []).append(resource_id)
    levels = _levels(items, json.loads(listed.levels), voices)
    return Shelf(
        items=items,
        creators=creators,
        adders=adders,
        roles=roles,
        languages=languages,
        names=json.loads(listed.names),
        opinions=_opinions(items, voices),
        tags=tags,
        levels=levels,
        steps=np.array([rules.level_code(level) for level in levels], np.int64),
        by_topic={topic: np.array(own, np.int64) for topic, own in by_topic.items()},
        tree=tree,
    )


def _opinions(items: Items, voices: Sequence[Voices]) -> NDArray[np.float64]:
    n_ratings = sum(each.n_ratings for each in voices)
    mean = sum(each.stars for each in voices) / n_ratings if n_ratings else 0.0
    found = np.zeros(len(items))
    for at, each in _placed(items, voices):
        found[at] = rules.opinion(each, mean)
    return found


def _levels(
    items: Items, levels: list[Level | None], voices: Sequence[Voices]
) -> list[Level | None]:
    for at, each in _placed(items, voices):
        levels[at] = rules.heard_level(levels[at], each)
    return levels


def _placed(items: Items, voices: Sequence[Voices]) -> Iterator[tuple[int, Voices]]:
    """Yield what is said of each resource with its place on the shelf."""
    at = np.searchsorted(items.ids, [each.resource_id for each in voices])
    for place, each in zip(at.tolist(), voices, strict=True):
        if place < len(items) and items.ids[place] == each.resource_id:
            yield place, each
