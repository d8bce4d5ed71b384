"""Whom to ask for a question: a simulated community, and four ways of asking.

2,000 members ask for 90 days; 60 experts in five time zones have topics, hours, a weekly cap and a
patience that every further question of the week wears. The same questions, spontaneous answers and
dice go to each way: nobody is asked; everybody of the topic is; the expert with the best record
always is; and ours (`bot/experts/rules.py`). What is planted is written in `plant`; every number
printed is counted, and holds of this community only.

    python -m benchmarks.routing [--seeds 5] [--wear 0.5]
"""

import argparse
import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np

from bot.experts import rules
from bot.experts.rules import About
from storage.records import Expert, Invitation, InvitationState, Record

HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S
N_DAYS = 90
N_MEMBERS = 2_000
N_EXPERTS = 60
N_TOPICS = 12
A_DAY = 12
START = 1_772_409_600.0  # Monday, 2 March 2026, 0:00 UTC
INVITE_AFTER_S = 30 * 60
ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Shanghai",
)

Way = Literal["nobody", "everybody", "best", "ours"]
WAYS: tuple[Way, ...] = ("nobody", "everybody", "best", "ours")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: when, about what, and what happens without anybody being asked."""

    number: int
    at: float
    topic: int
    answered_at: float
    is_solving: bool


@dataclass(frozen=True, slots=True)
class Planted:
    """What nobody knows: how willing an expert is, how good, and how fast."""

    expert: Expert
    willing: float
    good: float
    delay_s: float


@dataclass(slots=True)
class Outcome:
    """What a way came to."""

    first_s: list[float] = field(default_factory=list)
    n_solved: int = 0
    asked: Counter[int] = field(default_factory=Counter)
    n_accepted: int = 0
    n_above: int = 0


def plant(rng: np.random.Generator) -> tuple[list[Planted], list[Asked]]:
    """Return the experts and the questions of one community."""
    experts = []
    popular = rng.dirichlet(np.full(N_TOPICS, 1.5))
    for number in range(1, N_EXPERTS + 1):
        topics = rng.choice(N_TOPICS, size=rng.integers(1, 4), replace=False, p=popular)
        first = int(rng.integers(8, 20))
        card = Expert(
            guild_id=1,
            user_id=number,
            topics=tuple(f"topic{topic}" for topic in topics),
            languages=("en",),
            time_zone=str(rng.choice(ZONES)),
            weekdays=tuple(range(7)) if rng.random() < 0.5 else (0, 1, 2, 3, 4),
            from_hour=first,
            to_hour=min(first + int(rng.integers(3, 9)), 24),
            created_at=float(number),
            updated_at=0.0,
            weekly_max=int(rng.choice((2, 3, 3, 3, 5, 8))),
        )
        experts.append(
            Planted(
                expert=card,
                willing=float(rng.beta(4, 3)),
                good=float(rng.beta(8, 3)),
                delay_s=float(rng.lognormal(np.log(1.0 * HOUR_S), 0.6)),
            )
        )
    questions = []
    for number in range(1, N_DAYS * A_DAY + 1):
        at = START + float(rng.random()) * N_DAYS * DAY_S
        topic = int(rng.choice(N_TOPICS, p=popular))
        spontaneous = rng.random() < 0.6  # somebody answers by themselves, some day
        wait_s = float(rng.exponential(14 * HOUR_S)) if spontaneous else np.inf
        questions.append(
            Asked(
                number=number,
                at=at,
                topic=topic,
                answered_at=at + wait_s,
                is_solving=bool(rng.random() < 0.55),
            )
        )
    return experts, sorted(questions, key=lambda each: each.at)


class Community:
    """A community that goes by one way of asking."""

    def __init__(self, way: Way, seed: int, wear: float) -> None:
        self.way, self.wear = way, wear
        self.experts, self.questions = plant(np.random.default_rng(seed))
        self.rng = np.random.default_rng([seed, 1])
        self.by_id = {each.expert.user_id: each for each in self.experts}
        self.invited: dict[int, list[Invitation]] = {q.number: [] for q in self.questions}
        self.history: dict[int, list[Invitation]] = {n: [] for n in self.by_id}
        self.first: dict[int, float] = {}
        self.solved: dict[int, float] = {}
        self.events: list[tuple[float, int, Callable[[float], None]]] = []
        self.count = itertools.count()
        self.n_above = 0

    def run(self) -> Outcome:
        """Let 90 days pass."""
        for question in self.questions:
            if np.isfinite(question.answered_at):
                self._later(question.answered_at, partial(self._chance_answer, question))
            if self.way != "nobody":
                self._later(question.at + INVITE_AFTER_S, partial(self._route, question))
        while self.events:
            at, _, act = heapq.heappop(self.events)
            act(at)
        return self._outcome()

    def _later(self, at: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (at, next(self.count), act))

    def _chance_answer(self, question: Asked, now: float) -> None:
        self._answer(question, now, question.is_solving)

    def _answer(self, question: Asked, now: float, is_solving: bool) -> None:
        """Somebody answers; a question that is solved needs no more."""
        self.first.setdefault(question.number, now)
        if is_solving:
            self.solved.setdefault(question.number, now)

    # ------------------------------------------------------------------------- asking

    def _route(self, question: Asked, now: float) -> None:
        if question.number in self.first:
            return
        for expert, chance in self._whom(question, now):
            self._invite(question, expert, chance, now)

    def _whom(self, question: Asked, now: float) -> list[tuple[Expert, float]]:
        asked = {each.user_id for each in self.invited[question.number]}
        topic = f"topic{question.topic}"
        fitting = [e.expert for e in self.experts if topic in e.expert.topics]
        match self.way:
            case "everybody":
                return [(expert, 1.0) for expert in fitting if expert.user_id not in asked]
            case "best":
                left = [expert for expert in fitting if expert.user_id not in asked][:]
                left.sort(key=lambda expert: -self.rate(expert))
                return [(expert, 1.0) for expert in left[:1]] if len(asked) < 6 else []
        wanted = rules.n_wanted(self.invited[question.number])
        about = About(words=frozenset(), tags=frozenset({topic}), language="en")
        ranked = rules.ranked(
            [each.expert for each in self.experts],
            {n: self._record(n, now) for n in self.by_id},
            about,
            now,
            folded={each.expert.user_id: each.expert.topics for each in self.experts},
            but=asked,
        )
        found = rules.chosen(ranked, wanted, float(self.rng.random()))
        return [(each.expert, each.chance) for each in found]

    def rate(self, expert: Expert) -> float:
        """Return the share of answers that helped: what a leaderboard of answers would say."""
        return (
            rules.acceptance(self._record(expert.user_id, np.inf), 0.5)
            * self.by_id[expert.user_id].good
        )

    def _record(self, user_id: int, now: float) -> Record:
        past = self.history[user_id]
        done = [each for each in past if each.state in ("accepted", "passed", "expired")]
        return Record(
            n_accepted=sum(each.state == "accepted" for each in past),
            n_answered=len(done),
            n_week=sum(now - each.claimed_at < rules.WEEK_S for each in past),
            n_open=sum(each.state == "sent" for each in past),
        )

    def _invite(self, question: Asked, expert: Expert, chance: float, now: float) -> None:
        planted, week = self.by_id[expert.user_id], self._record(expert.user_id, now).n_week
        self.n_above += week >= expert.weekly_max
        sent = Invitation(
            guild_id=1,
            question_id=question.number,
            user_id=expert.user_id,
            state="sent",
            reach="dm",
            claimed_at=now,
            propensity=chance,
        )
        self.invited[question.number].append(sent)
        self.history[expert.user_id].append(sent)
        until = rules.expires_at(expert, now)
        # Patience: beyond what somebody said they want a week, each further one wears it.
        willing = planted.willing / (1 + self.wear * max(0, week - expert.weekly_max + 1))
        reads_at = now + rules.hours_until(expert, now) * HOUR_S
        answers_at = reads_at + float(self.rng.exponential(planted.delay_s))
        if answers_at > until or self.rng.random() > willing:
            is_word = answers_at <= until and self.rng.random() < 0.5
            state: InvitationState = "passed" if is_word else "expired"
            self._later(answers_at if is_word else until, self._ends(question, sent, state))
            return
        self._later(answers_at, self._ends(question, sent, "accepted"))
        write_s = float(self.rng.exponential(0.5 * HOUR_S))
        is_solving = bool(self.rng.random() < planted.good)
        self._later(answers_at + write_s, lambda at: self._answer(question, at, is_solving))

    def _ends(
        self, question: Asked, sent: Invitation, state: InvitationState
    ) -> Callable[[float], None]:
        def act(now: float) -> None:
            ended = replace(sent, state=state)
            for kept in (self.invited[question.number], self.history[sent.user_id]):
                kept[kept.index(sent)] = ended
            if state != "accepted" and self.way != "everybody":
                self._route(question, now)

        return act

    # ------------------------------------------------------------------------ counting

    def _outcome(self) -> Outcome:
        found = Outcome(n_above=self.n_above)
        for question in self.questions:
            found.first_s.append(self.first.get(question.number, np.inf) - question.at)
            solved_at = self.solved.get(question.number, np.inf)
            found.n_solved += solved_at - question.at <= DAY_S
            for each in self.invited[question.number]:
                found.asked[each.user_id] += 1
                found.n_accepted += each.state == "accepted"
        return found


def gini(counts: Sequence[int]) -> float:
    """Return how unequal counts are: 0 for all alike, towards 1 for one with everything."""
    ordered = np.sort(np.asarray(counts, float))
    if not ordered.sum():
        return 0.0
    n = len(ordered)
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1) / n)


def line(way: Way, seed: int, wear: float) -> tuple[float, ...]:
    """Return the figures of a way in one community."""
    found = Community(way, seed, wear).run()
    n_asked, n_questions = sum(found.asked.values()), len(found.first_s)
    each = [found.asked.get(n, 0) for n in range(1, N_EXPERTS + 1)]
    return (
        float(np.median(found.first_s)) / HOUR_S,
        found.n_solved / n_questions,
        n_asked / n_questions,
        n_asked / N_EXPERTS / (N_DAYS / 7),
        gini(each),
        found.n_accepted / max(n_asked, 1),
        float(found.n_above),
    )


def main() -> None:
    """Print a row for each way, the mean over communities and its spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--wear", type=float, default=0.5, help="of patience; 0 for none")
    parser.add_argument("--of", type=int, nargs="+", help="these seeds, instead of the first ones")
    given = parser.parse_args()
    seeds = given.of or range(1, given.seeds + 1)
    head = ("first answer h", "solved in 24 h", "asked/question", "asked/expert/week", "Gini")
    print(f"| way | {' | '.join(head)} | accepted | above their cap |")
    print("|---" * 8 + "|")
    for way in WAYS:
        rows = np.array([line(way, seed, given.wear) for seed in seeds])
        mean, spread = rows.mean(0), rows.std(0)
        cells = [f"{m:.2f} ± {s:.2f}" for m, s in zip(mean[:-1], spread[:-1], strict=True)]
        print(f"| {way} | {' | '.join(cells)} | {mean[-1]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
