"""A list of cards out of scored candidates: what it is a mix of, and the reason of each card.

Between the scores of a request and `recommender.lists`, which chooses: here topics, levels, works
and true reasons become its columns. Nothing is read from the database here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.recommend import editions, rules
from bot.recommend.arrays import Past, Shelf
from recommender import features, lists, ranking, trials
from recommender.interactions import Interactions, settle
from recommender.lists import Mix, Offer
from recommender.model import Model
from recommender.pool import Scores
from recommender.popularity import among
from storage.records import EventKind, Resource, Why

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is composed from.

    ``scores`` are of all the member may use, ``total`` what each is worth to them now, and
    ``is_left`` says which may stand on the list, ``is_read`` which are in a language that they are
    known to read or asked for, or that nobody knows, ``is_within`` which are not above their level
    or of one they asked for. ``named`` are the tags of their interests;
    ``followed`` is the resource of their newest act since the last answer, ``coming`` the next
    steps of their paths, each with the step it follows; ``last`` are the cards of an answer of
    today. ``is_topic`` says that they asked for one.
    """

    model: Model | None
    shelf: Shelf
    past: Past
    history: Interactions
    scores: Scores
    total: Floats
    is_left: NDArray[np.bool_]
    is_read: NDArray[np.bool_]
    is_within: NDArray[np.bool_]
    now: float
    named: tuple[str, ...] = ()
    followed: int | None = None
    coming: Mapping[int, int] = field(default_factory=dict)
    last: tuple[int, ...] = ()
    is_topic: bool = False
    diversity: float = rules.DIVERSITY

    @property
    def ids(self) -> NDArray[np.int64]:
        """Ids of what may stand on the list."""
        return self.scores.ids[self.is_left]

    @property
    def is_fit(self) -> NDArray[np.bool_]:
        """Say which of all that is scored suits its reader, by language and level."""
        return self.is_read & self.is_within


@dataclass(frozen=True, slots=True)
class Composed:
    """A list: ids, best first, with reasons; whether anything on it rests on what was done."""

    ids: list[int]
    reasons: dict[int, Why | None]
    is_personal: bool


def near(asked: Asked, k: int) -> NDArray[np.int64]:
    """Return the ids among which a list of k is chosen: the best of all and of each topic.

    Of those that rest on what the member did last, too, or a list could not follow it. What does
    not suit the reader takes no place from what does.
    """
    ids = asked.ids
    total = np.where(asked.is_fit, asked.total, asked.total - rules.UNFIT)[asked.is_left]
    found = [ranking.best(ids, total, max(k, rules.N_DIVERSE))]
    for topic in () if asked.is_topic else wanted(asked):
        carries = among(ids, asked.shelf.carrying(topic))
        found.append(ranking.best(ids[carries], total[carries], rules.N_OF_TOPIC))
    if asked.followed is not None and asked.model is not None:
        rests = ranking.resting_on(asked.model, asked.followed, ids)
        found.append(ranking.best(ids[rests], total[rests], rules.N_OF_TOPIC))
    return np.unique(np.concatenate(found))


def compose(asked: Asked, resources: Mapping[int, Resource], k: int) -> Composed:
    """Choose up to k of `near`, which `resources` describes, with what the member did."""
    ids, works = _unmet(asked, near(asked, k), resources)
    own = [resources[i] for i in ids.tolist()]
    said, reasons = _reasons(asked, ids, own, resources)
    is_unfit = _unfit(asked, ids)
    names = {name: at for at, name in enumerate(sorted({o.creator for o in own if o.creator}))}
    about = {key: at for at, key in enumerate(dict.fromkeys(w.title or w.kind for w, _ in said))}
    offer = Offer(
        total=asked.total[np.searchsorted(asked.scores.ids, ids)] - rules.UNFIT * is_unfit,
        alike=asked.diversity * lists.likeness(asked.model, ids),
        works=works,
        creators=np.array([names.get(one.creator, -1) for one in own], np.int64),
        reasons=reasons,
        subjects=np.array([about[why.title or why.kind] for why, _ in said], np.int64),
        is_next=np.array(
            [why.kind == "follows" or (i is not None and i == asked.followed) for why, i in said],
            np.bool_,
        ),
        is_shared=np.array([why.kind in ("interest", "topic") for why, _ in said], np.bool_),
        is_elsewhere=_elsewhere(asked, ids),
        is_held=is_unfit | _again(asked, ids, ~is_unfit, k),
        mixes=_mixes(asked, own),
    )
    places, columns = lists.compose(offer, k)
    given = {
        int(ids[place]): None if column == lists.NO_REASON else said[column][0]
        for place, column in zip(places, columns, strict=True)
    }
    rests = [i is not None for _, i in said]
    is_personal = bool((reasons[places][:, rests] > 0).any()) if places else False
    return Composed(list(given), given, is_personal)


def introducible(
    asked: Asked, ids: Sequence[int], shown: Sequence[int], resources: Mapping[int, Resource]
) -> list[int]:
    """Return which of some newcomers a list may introduce: they obey what its other cards do.

    They are in a language the member reads, within their level, about something they want unless
    nobody knows what, and no edition of what they met or of what is on the list.
    """
    met = [resources[i] for i in {*asked.history.items.tolist(), *shown} if i in resources]
    works = editions.works([*met, *(resources[i] for i in ids)])[len(met) :]
    topics = () if asked.is_topic else tuple(wanted(asked))
    named = set(asked.named)
    fit = set(asked.scores.ids[asked.is_fit].tolist())
    return [
        i
        for i, work in zip(ids, works, strict=True)
        if i in fit
        and work >= len(met)
        and rules.share_a_topic(
            {*resources[i].tags, *(asked.shelf.topics_of(resources[i].tags) & named)}, topics
        )
    ]


def why_new(asked: Asked, one: Resource | None) -> Why | None:
    """Return the reason of a newcomer: that it is new, else an interest that it carries, if any."""
    found = rules.as_new(one, asked.now)
    if found is not None or one is None:
        return found
    carried = asked.shelf.topics_of(one.tags)
    tag = next((tag for tag in asked.named if tag in carried), None)
    return None if tag is None else Why("interest", tag)


def interleaved(
    one: Composed, other: Composed, k: int, rng: np.random.Generator
) -> tuple[Composed, tuple[int, ...]]:
    """Return a list drawn by team draft from two, and who placed each: 1 for the first list."""
    mine, theirs = np.array(one.ids, np.int64), np.array(other.ids, np.int64)
    ids, teams = trials.team_draft(theirs, mine, k, rng)
    reasons = {
        int(i): (one if team else other).reasons.get(int(i))
        for i, team in zip(ids, teams, strict=True)
    }
    return Composed(list(reasons), reasons, one.is_personal), tuple(teams.tolist())


def _unmet(
    asked: Asked, ids: NDArray[np.int64], resources: Mapping[int, Resource]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the ids that are no edition of what the member met, and the number of each's work."""
    met = [resources[i] for i in np.unique(asked.history.items).tolist() if i in resources]
    numbers = np.array(editions.works([*met, *(resources[i] for i in ids.tolist())]), np.int64)
    works = numbers[len(met) :]
    is_new = works >= len(met)
    return ids[is_new], works[is_new]


def wanted(asked: Asked) -> dict[str, float]:
    """Return the topics a list should be made of, as shares of 1: named, and shown by acts."""
    own = settle(asked.history)
    shown: dict[str, float] = {}
    for resource_id, weight in zip(own.items.tolist(), own.weights.tolist(), strict=True):
        tags = asked.shelf.tags_of(resource_id) if weight > 0 else ()
        for tag, share in rules.tag_shares(tags).items():
            shown[tag] = shown.get(tag, 0.0) + weight * share
    evidence = features.evidence(own.weights)
    loud = features.loudness(evidence, rules.MIX_EVIDENCE)
    return rules.wanted_topics(asked.named, shown, features.fading(own), loud)


def _unfit(asked: Asked, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which cards do not suit the reader: they are above their level, or not readable.

    Of an interest for which nothing else is left what is in another language does: it was asked
    for. Next steps always do.
    """
    rows = np.searchsorted(asked.scores.ids, ids)
    may_read, is_within = asked.is_read[rows], asked.is_within[rows]
    is_fit = may_read & is_within
    for tag in asked.named:
        carries = among(ids, asked.shelf.carrying(tag))
        if not (carries & is_fit).any():
            may_read = may_read | carries
    is_next = among(ids, np.array(sorted(asked.coming), np.int64))
    return np.asarray(~(may_read & is_within) & ~is_next)


def _elsewhere(asked: Asked, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which cards are about nothing that the reader named, where they named anything."""
    is_elsewhere = np.full(len(ids), bool(asked.named) and not asked.is_topic)
    for tag in (*asked.named, *wanted(asked)):
        is_elsewhere &= ~among(ids, asked.shelf.carrying(tag))
    return is_elsewhere


def _again(
    asked: Asked, ids: NDArray[np.int64], is_fit: NDArray[np.bool_], k: int
) -> NDArray[np.bool_]:
    """Say which cards of the last answer wait, because there are others.

    Of an interest about which there is nothing else, the best does not; nor do so many of the best
    as there are too few others.
    """
    again = among(ids, np.array(sorted(asked.last), np.int64))
    is_other = is_fit & ~again
    total = asked.total[np.searchsorted(asked.scores.ids, ids)]
    best = [row for row in np.argsort(-total, kind="stable") if again[row]]
    is_wanted = np.full(len(ids), not asked.named)
    for tag in asked.named:
        carries = among(ids, asked.shelf.carrying(tag))
        is_wanted |= carries
        if not (carries & (is_other | ~again)).any():
            again[[row for row in best if carries[row]][:1]] = False
    n_missing = max(0, k - int((is_wanted & is_fit & ~again).sum()))
    again[[row for row in best if again[row] and is_wanted[row]][:n_missing]] = False
    return again


def _mixes(asked: Asked, own: Sequence[Resource]) -> list[Mix]:
    """Return what the list should be made of: topics, unless one was asked for."""
    mix = {} if asked.is_topic else wanted(asked)
    if not mix:
        return []
    column = {topic: at for at, topic in enumerate(mix)}
    shares = np.zeros((len(own), len(column)))
    for row, one in enumerate(own):
        for tag, share in rules.tag_shares(one.tags).items():
            for topic in asked.shelf.topics_of((tag,)) & set(column):
                shares[row, column[topic]] = max(shares[row, column[topic]], share)
    # What is a part of another topic counts for both, and for no more than itself.
    shares /= np.maximum(1.0, shares.sum(1, keepdims=True))
    wish = np.array([*mix.values(), max(0.0, 1 - sum(mix.values()))])
    elsewhere = np.maximum(0.0, 1 - shares.sum(1, keepdims=True))
    said = features.fading(settle(asked.history)) if asked.named else 0.0
    strength = rules.MIX_NAMED * said + rules.MIX_SHOWN * (1 - said)
    return [Mix(np.hstack([shares, elsewhere]), wish, strength)]


def _reasons(
    asked: Asked,
    ids: NDArray[np.int64],
    own: Sequence[Resource],
    resources: Mapping[int, Resource],
) -> tuple[list[tuple[Why, int | None]], Floats]:
    """Return what may be said, and what each adds to the score of each card, 0 where untrue.

    Beside a reason stands the resource in the member's history on which it rests.
    """
    lifts = ranking.lifts(asked.scores, ids)
    said: list[tuple[Why, int | None]] = []
    columns: list[Floats] = []
    for tag in asked.named:
        carries = among(ids, asked.shelf.carrying(tag))
        said.append((Why("interest", tag), None))
        columns.append(np.where(carries, np.maximum(lifts["interest"], 0), 0.0))
    for why, rests_on, column in _resting(asked, ids, own, resources):
        said.append((why, rests_on))
        columns.append(column)
    for number, after in asked.coming.items():
        if (about := resources.get(after)) is not None:
            said.append((Why("follows", about.title), after))
            columns.append(np.where(ids == number, rules.FOLLOWS, 0.0))
    for tag, column in _favourites(asked, ids, own):
        said.append((Why("favourite", tag), None))
        columns.append(column)
    ages = [asked.now - one.since(asked.now) for one in own]
    of_all = {lead: column.tolist() for lead, column in lifts.items()}
    for kind, added in rules.common_reasons(of_all, ages, is_topic=asked.is_topic).items():
        said.append((Why(kind), None))
        columns.append(np.array(added, np.float64))
    return said, np.stack(columns, 1) if columns else np.zeros((len(ids), 0))


def _favourites(
    asked: Asked, ids: NDArray[np.int64], own: Sequence[Resource]
) -> list[tuple[str, Floats]]:
    """Return topics with what it adds to cards to be among the most used of all that carries them.

    A card is known for its first tag, and for what its reader named.
    """
    first = dict.fromkeys(rules.topic(one.tags[0]) for one in own if one.tags)
    found: list[tuple[str, Floats]] = []
    for tag in dict.fromkeys([*asked.named, *first]):
        carriers = asked.shelf.carrying(tag)
        carriers = carriers[among(carriers, asked.scores.ids)]
        use = ranking.lifts(asked.scores, carriers)["popularity"]
        best = rules.favourites(carriers.tolist(), use.tolist())
        column = np.array([rules.FAVOURITE_SHARE * best.get(i, 0.0) for i in ids.tolist()])
        if column.any():
            found.append((tag, column))
    return found


def _resting(
    asked: Asked,
    ids: NDArray[np.int64],
    own: Sequence[Resource],
    resources: Mapping[int, Resource],
) -> list[tuple[Why, int, Floats]]:
    """Return the reasons that rest on what the member did, of the deeds that explain most.

    Where both have topics and share none, what they did is no reason that anybody would believe.
    """
    found = ranking.supports(asked.model, asked.history, asked.scores, ids)
    weight = np.maximum(found.together + found.alike, 0).sum(0)
    weight += np.where(found.items == asked.followed, np.inf, 0.0)
    reasons: list[tuple[Why, int, Floats]] = []
    for at in np.argsort(-weight, kind="stable")[: rules.N_BECAUSE].tolist():
        number = int(found.items[at])
        about, deed = resources.get(number), _deed(asked.past, number)
        if about is None or deed is None:
            continue
        akin = np.array([rules.share_a_topic(about.tags, one.tags) for one in own], np.bool_)
        for why, column in (
            (Why("because", about.title, deed), found.alike[:, at]),
            (Why("together", about.title, deed), found.together[:, at]),
        ):
            is_true = akin & (column >= rules.TASTE_LIFT_MIN)
            reasons.append((why, number, np.where(is_true, column, 0.0)))
    return reasons


def _deed(past: Past, resource_id: int) -> EventKind | None:
    return rules.strongest(past.of(resource_id), resource_id)
