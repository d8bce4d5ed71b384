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
from recommender.model import FATIGUE, Model
from recommender.pool import Scores
from recommender.popularity import among, positions
from storage.records import EventKind, Level, Resource, Why

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is composed from.

    ``scores`` are of all the member may use, ``total`` what each is worth to them now, and
    ``is_left`` says which may stand on the list, ``is_read`` which are in a language that they are
    known to read or asked for, or that nobody knows, ``is_within`` which are not above their level
    or of one they asked for. ``named`` are the tags of their interests;
    ``followed`` is the resource of their newest act since the last answer, ``coming`` the next
    steps of their paths, each with the step it follows. ``is_topic`` says that they asked for one.
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


def tired(model: Model | None, ids: NDArray[np.int64], shown: rules.Showings, now: float) -> Floats:
    """Return log-odds that each resource loses because it was shown and not opened."""
    cost = FATIGUE if model is None else model.fatigue
    rows, is_listed = positions(ids, np.array([i for i, _ in shown], np.int64))
    ages = now - np.array([at for _, at in shown], np.float64)[is_listed]
    parts = np.exp(-np.maximum(ages, 0.0) / features.FATIGUE_S)
    showings = np.bincount(rows[is_listed], parts, len(ids))
    return np.asarray(cost * np.log1p(showings))


def readable(
    shelf: Shelf, history: Interactions, languages: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Say what of the shelf the member can read; all of it where none of ``languages`` is known.

    Parameters
    ----------
    languages
        Those they are spoken to in, and ask in or for.
    """
    spoken = [rules.language_code(language) for language in languages if language]
    if not spoken:
        return np.ones(len(shelf.items), np.bool_)
    is_wanted = among(shelf.items.ids, history.items[history.weights > 0])
    return ranking.readable(shelf.languages, is_wanted, spoken, share=rules.READ_SHARE)


def within(shelf: Shelf, past: Past, history: Interactions) -> NDArray[np.bool_]:
    """Say what of the shelf is not more than a step above the member's level."""
    return np.asarray(shelf.steps <= rules.ceiling(_levels_of(shelf, past, history)))


def in_order(
    chains: Sequence[Sequence[int]],
    needs: rules.Needs,
    past: Past,
    ids: NDArray[np.int64],
    total: Floats,
    is_left: NDArray[np.bool_],
) -> tuple[Floats, dict[int, int]]:
    """Return scores that heed what comes before what, and the next steps with what each follows.

    What follows what a member finished stands above all that is alike; a step whose turn has not
    come stands below.
    """
    if not chains and not needs:
        return total, {}
    finished = past.finished
    early = np.array(sorted(rules.too_early(chains, set(finished), needs)), np.int64)
    heeded = total - rules.EARLY_COST * among(ids, early)
    coming = rules.following(chains, finished, set(past.seen.tolist()), needs)
    is_next = is_left & among(ids, np.array(sorted(coming), np.int64))
    others = heeded[is_left & ~is_next]
    if is_next.any() and len(others):
        heeded[is_next] = np.maximum(heeded[is_next], others.max() + rules.FOLLOWS)
    return heeded, coming


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
    names = {name: at for at, name in enumerate(sorted({o.creator for o in own if o.creator}))}
    about = {key: at for at, key in enumerate(dict.fromkeys(w.title or w.kind for w, _ in said))}
    offer = Offer(
        total=asked.total[np.searchsorted(asked.scores.ids, ids)],
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
        is_held=_held(asked, ids),
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
    fit = set(asked.scores.ids[asked.is_fit].tolist())
    return [
        i
        for i, work in zip(ids, works, strict=True)
        if i in fit
        and work >= len(met)
        and rules.share_a_topic(asked.shelf.topics_of(resources[i].tags), topics)
    ]


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
        for tag in tags:
            shown[tag] = shown.get(tag, 0.0) + weight / len(tags)
    evidence = features.evidence(own.weights)
    loud = features.loudness(evidence, rules.MIX_EVIDENCE)
    return rules.wanted_topics(asked.named, shown, features.fading(own), loud)


def _held(asked: Asked, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which cards wait until nothing else is left: above the reader's level, or not readable.

    Of an interest for which nothing else is left what is in another language does not wait: it was
    asked for. Next steps never do.
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


def _levels_of(shelf: Shelf, past: Past, history: Interactions) -> list[tuple[Level | None, float]]:
    own = settle(history)
    pairs = zip(own.items.tolist(), own.weights.tolist(), strict=True)
    shown = [(shelf.level_of(i), weight) for i, weight in pairs if weight > 0]
    said = [
        (rules.suited_level(level, kind), rules.MISFIT)
        for kind in (EventKind.TOO_HARD, EventKind.TOO_EASY)
        for number in past.called(kind)
        if (level := shelf.level_of(number)) is not None
    ]
    return [*shown, *said]


def _mixes(asked: Asked, own: Sequence[Resource]) -> list[Mix]:
    """Return what the list should be made of: topics, unless one was asked for."""
    mix = {} if asked.is_topic else wanted(asked)
    if not mix:
        return []
    column = {topic: at for at, topic in enumerate(mix)}
    shares = np.zeros((len(own), len(column)))
    for row, one in enumerate(own):
        for tag in asked.shelf.topics_of(one.tags) & set(column):
            shares[row, column[tag]] = 1 / len(one.tags)
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
    ages = [asked.now - one.since(asked.now) for one in own]
    of_all = {lead: column.tolist() for lead, column in lifts.items()}
    for kind, added in rules.common_reasons(of_all, ages, is_topic=asked.is_topic).items():
        said.append((Why(kind), None))
        columns.append(np.array(added, np.float64))
    return said, np.stack(columns, 1) if columns else np.zeros((len(ids), 0))


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
