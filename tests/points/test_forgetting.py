"""What a replay forgets is nothing that a later decision asks for, and it does forget."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import emoji_hash
from bot.rewards.fold import Fold, Move
from bot.rewards.kinds import GIVER_DAYS, KINDS
from bot.rewards.ruleset import DAY_S, General, RuleSet
from bot.rewards.versions import InForce
from storage.records import EventKind, Logged
from tests.points.deliveries import HOUR, START, THUMB

BASE = RuleSet()


def tried(
    lock_h: int, helpful_days: int, answer_days: int, reply_days: int, zone: str, per_day: int
) -> RuleSet:
    return replace(
        BASE,
        message=replace(BASE.message, per_day=100),
        reply=replace(BASE.reply, pair_days=reply_days, pair_per_day=per_day),
        helpful=replace(BASE.helpful, pair_days=helpful_days, pair_per_day=per_day),
        answer=replace(BASE.answer, pair_days=answer_days, pair_per_day=per_day),
        general=replace(General(), lock_h=lock_h, zone=zone),
    )


RULES = st.builds(
    tried,
    st.sampled_from((0, 1, 24, 100)),
    st.sampled_from((0, 1, 7)),
    st.sampled_from((0, 2, 30)),
    st.sampled_from((0, 3)),
    st.sampled_from(("UTC", "Pacific/Apia", "America/New_York")),
    st.sampled_from((0, 1, 3)),
)


def month(seed: int, n_rows: int = 800) -> list[Logged]:
    """Return a busy month of six members: some events come late, some are undone."""
    chance = random.Random(seed)
    rows: list[Logged] = []
    for n in range(1, n_rows + 1):
        at = START + n * 50 * DAY_S / n_rows
        author, other = chance.sample(range(10, 16), 2)
        kind = chance.choice(
            (EventKind.MESSAGE, EventKind.MESSAGE, EventKind.REACTION, EventKind.ACCEPTED)
        )
        row = Logged(
            event_id=n,
            kind=int(kind),
            source_id=n,
            user_id=author,
            qualifier=emoji_hash(THUMB) if kind == EventKind.REACTION else 0,
            occurred_at=at - chance.choice((0, 0, 0, 60, 3 * HOUR, 2 * DAY_S)),
            recorded_at=at,
            target_id=other if kind != EventKind.MESSAGE or chance.random() < 0.6 else None,
            length_class=2,
            novelty=1,
            in_thread=kind == EventKind.MESSAGE,
        )
        gone = next((each for each in rows[-40:] if chance.random() < 0.004), None)
        if gone is not None and not gone.gone_id and gone.kind == EventKind.MESSAGE:
            rows[gone.event_id - 1] = gone._replace(gone_id=n)
            row = row._replace(kind=int(EventKind.MESSAGE_DELETED), source_id=gone.source_id)
        rows.append(row)
    return rows


def decided(of: RuleSet, rows: Sequence[Logged], *, forgets: bool) -> tuple[list[Any], Fold]:
    zone = of.general.zone
    fold = Fold([InForce(effective_at=float("-inf"), version=0, rules=of, time_zone=zone)], zone)
    found: list[Any] = []
    late_s = max(row.recorded_at - row.occurred_at for row in rows)
    for row in rows:
        found += [_plain(move) for move in fold.step(row)]
        if forgets:
            fold.forget(row.recorded_at - late_s)
    return found, fold


def _plain(move: Move) -> tuple[Any, ...]:
    paid = move.payment
    return paid.kind, paid.user_id, paid.giver_id, paid.amount, move.event_id, move.is_back


@given(RULES, st.integers(0, 10**6))
def test_forgetting_after_every_event_changes_no_decision(of: RuleSet, seed: int) -> None:
    rows = month(seed)
    kept, _ = decided(of, rows, forgets=False)
    assert kept
    assert decided(of, rows, forgets=True)[0] == kept


def test_what_is_kept_of_pairs_reaches_no_further_back_than_the_windows() -> None:
    rows = month(5, 4_000)
    of = tried(24, 7, 30, 3, "UTC", 3)
    _, fold = decided(of, rows, forgets=True)
    before = rows[-1].recorded_at - 2 * DAY_S
    reach = {"reply": 3, "helpful": 7, "answer": 30}
    for kind, known in zip(KINDS, fold.windows.pairs, strict=True):
        moments = [moment for each in known.values() for moment in each]
        # It is looked through once a week.
        kept_s = (reach.get(kind, 2) + 7) * DAY_S
        assert all(moment > before - kept_s for moment in moments), kind
        assert all(known.values())
    assert len(fold.windows.days) <= 7
    spoken = [at for of in fold.windows.voices for each in of.values() for at in each]
    assert spoken and all(at > before - (GIVER_DAYS + 7) * DAY_S for at in spoken)
    _, whole = decided(of, rows, forgets=False)
    n_kept, n_whole = (
        sum(len(each) for k in f.windows.pairs for each in k.values()) for f in (fold, whole)
    )
    assert n_kept < n_whole / 2


@pytest.mark.parametrize("undo", [EventKind.UNACCEPTED, None])
def test_an_answer_nobody_can_undo_any_more_is_forgotten(undo: EventKind | None) -> None:
    n_same = 2 if undo else 1
    accepted = Logged(
        event_id=1,
        kind=int(EventKind.ACCEPTED),
        source_id=7,
        user_id=11,
        qualifier=0,
        occurred_at=START,
        recorded_at=START,
        target_id=10,
        length_class=2,
        novelty=1,
    )._replace(n_same=n_same)
    fold = Fold([InForce(effective_at=float("-inf"), version=0, rules=BASE, time_zone="UTC")])
    assert len(fold.step(accepted)) == 1
    assert len(fold.marks) == (undo is not None)
    if undo is not None:
        moves = fold.step(accepted._replace(event_id=2, kind=int(undo)))
        assert [move.is_back for move in moves] == [True]
    assert (fold.marks, fold.open) == ({}, {})
