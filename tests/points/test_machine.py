"""Whatever members, moderators and Discord do next: the ledger stays right.

A state machine over the services that the bot itself is made of and a real database. Its rules
are single acts, in any order: members write, click, accept, save, check in, buy here and
elsewhere and erase themselves; moderators publish rules, re-score, give, take, hold, release,
reverse and refund; Discord delivers things twice, late and before what they undo. After each step
`proofs` reads the whole ledger.
"""

import asyncio
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.activity.rules import Posted, Reacted
from bot.app import make_services
from bot.emoji import emoji_hash
from bot.errors import UserError
from bot.purchases.rules import Heard
from bot.rewards import fields
from bot.rewards.kinds import KINDS
from bot.rulebook.rescoring import Progress
from bot.services import Services
from bot.settings import Settings
from bot.tasks.service import Who, Written
from storage import consistency
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Event, EventKind, Fact, LedgerEntry, Verdict
from storage.schema import events as log
from storage.schema import redemptions, shop_items
from tests.points import proofs
from tests.points.deliveries import GUILD, START, message
from tests.points.proofs import Books

PEOPLE = (10, 11, 12, 13)
"""The last of them is new; everybody else has been here for two months."""
CROWD = tuple(range(60, 68))
"""They keep resources, and do nothing else."""
MODERATOR = 99
TEACHERS = 7
"""A role whose members mark what is handed in."""
CHANNELS = (5, 6)
EMOJI = ("👍", "❤️", "🥱")
MESSAGES = range(1, 6)
DAY_S = 86_400.0

people = st.sampled_from(PEOPLE)
numbers = st.sampled_from(MESSAGES)
emojis = st.sampled_from(EMOJI).map(emoji_hash)
picks = st.integers(0, 10**6)

TIGHT = (
    ("general", "daily_cap", "7"),
    ("message", "per_day", "2"),
    ("helpful", "per_day", "3"),
    ("answer", "per_day", "2"),
    ("answer", "giver_taper", "1"),
    ("savers", "step", "2"),
    ("task", "points", "2"),
    ("task", "points", "0"),
    ("purchase", "points", "2"),
)
"""Published where an example begins with narrow rules, so that few acts reach the caps."""
CHANGES = (
    *TIGHT,
    ("general", "daily_cap", "100"),
    ("general", "lock_h", "0"),
    ("general", "lock_h", "48"),
    ("general", "zone", "Asia/Shanghai"),
    ("general", "zone", "America/New_York"),
    ("message", "cooldown_s", "0"),
    ("message", "cooldown_s", "7200"),
    ("message", "taper", "1"),
    ("reply", "pair_per_day", "1"),
    ("reply", "is_capped", "no"),
    ("helpful", "pair_per_day", "1"),
    ("helpful", "pair_days", "0"),
    ("helpful", "emoji", "🥱"),
    ("helpful", "points", "0"),
    ("helpful", "points", "2.5"),
    ("answer", "is_capped", "yes"),
    ("savers", "step", "3"),
    ("purchase", "points", "3"),
    ("purchase", "points", "0"),
    ("purchase", "per_day", "1"),
    ("newcomer", "percent", "0"),
    ("newcomer", "guild_days", "0"),
    ("multipliers", "channels", "6=50"),
    ("multipliers", "channels", "5=300, 6=0"),
)


class Engine(RuleBasedStateMachine):
    """One guild, from its first day."""

    runner: ClassVar[asyncio.Runner]
    folder: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / "example.sqlite3"
        for old in self.folder.glob("example.sqlite3*"):
            old.unlink()
        shutil.copy(self.folder / "new.sqlite3", path)
        self.now = START
        self.opening = open_database(path)
        self.database: Database = self.run(self.opening.__aenter__())
        clock = lambda: datetime.fromtimestamp(self.now, UTC)  # noqa: E731
        rng = np.random.default_rng(0)
        self.services: Services = make_services(Settings(), self.database, clock, rng)
        self.n_acts = 10**6
        self.resources: list[int] = []
        self.items: dict[int, int] = {}
        self.is_untouched = True
        """No moderator reversed or held, and nobody was erased: a replay gives the ledger."""
        self.was_erased = False
        self.authors: dict[int, int] = {}
        self.left: dict[str, set[int]] = {"accepted": set(), "shelved": set()}
        self.counted: tuple[int, int, dict[Any, int]] | None = None
        """The last count: its id, how long the ledger was after it, and what stood before it."""

    def teardown(self) -> None:
        try:
            self.undo_everything()
        finally:
            self.run(self.opening.__aexit__(None, None, None))

    def undo_everything(self) -> None:
        """Undo whatever events can undo, and see that nothing of it is left."""
        happened, paid = self.run(self.happened()), self.books().paid
        undo = [
            Event(
                guild_id=GUILD,
                source_id=e.source_id,
                kind=kind,
                user_id=98,
                occurred_at=self.now,
                qualifier=e.qualifier,
                resource_id=e.resource_id,
            )
            for e in happened
            if (kind := UNDO.get(e.kind)) is not None
        ]
        for e in paid:  # of somebody who was erased only the entries are left
            if e.kind in ("resource", "savers"):
                undo.append(
                    Event(
                        guild_id=GUILD,
                        source_id=e.source_id,
                        kind=EventKind.RETIRED,
                        user_id=97,
                        occurred_at=self.now,
                        qualifier=0,
                        channel_id=None,
                        resource_id=e.source_id,
                    )
                )
            elif e.kind in proofs.ABOUT_MESSAGES:
                undo.append(
                    Event(
                        guild_id=GUILD,
                        source_id=e.source_id,
                        kind=EventKind.MESSAGE_DELETED,
                        user_id=97,
                        occurred_at=self.now,
                    )
                )
        self.run(self.services.activity.record(undo))
        found = self.books()
        paid = [e for e in found.paid if e.kind not in ("checkin", "review")]
        assert found.net(paid) == 0
        self.everything_holds()

    # ------------------------------------------------------------------ asking

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(act)

    def books(self) -> Books:
        async def read() -> Books:
            async with self.database.read() as conn:
                return await proofs.books(conn, GUILD)

        found: Books = self.run(read())
        return found

    async def happened(self) -> list[Event]:
        """Return the log."""
        names = [name for name in Event.__dataclass_fields__]
        async with self.database.read() as conn:
            rows = (await conn.execute(select(log).order_by(log.c.event_id))).mappings()
            return [
                Event(**{n: row[n] for n in names} | {"kind": EventKind(row["kind"])})
                for row in rows
            ]

    def next_id(self) -> int:
        self.n_acts += 1
        return self.n_acts

    def attempt(self, act: Coroutine[Any, Any, Any]) -> Any:
        """Do what may be refused; a refusal changes nothing."""
        before = self.books().entries
        try:
            return self.run(act)
        except UserError:
            assert self.books().entries == before
            return None

    def entry(self, pick: int) -> LedgerEntry | None:
        paid = self.books().paid
        return paid[pick % len(paid)] if paid else None

    # ------------------------------------------------------------------ beginning

    @initialize(is_tight=st.booleans())
    def begin(self, is_tight: bool) -> None:
        known = [
            message(10**9 + user, user, START - 60 * DAY_S, length_class=0)
            for user in (*PEOPLE[:-1], *CROWD)
        ]
        self.run(self.services.activity.record(known))
        for each in TIGHT if is_tight else ():
            self.set_rule(*each)
        for title, kind, stock in (("mug", "custom", "2"), ("badge", "role", "3")):
            written = {"title": title, "description": "", "price": "1.5", "stock": stock}
            role_id = 700 if kind == "role" else None
            stocked = self.run(
                self.services.shop.goods.add(GUILD, MODERATOR, kind, written, role_id=role_id)  # type: ignore[arg-type]
            )
            self.items[stocked.item.item_id] = int(stock)
        products = self.services.purchases.products
        for title in ("pro", "book"):
            made = self.run(products.add(GUILD, MODERATOR, {"title": title}))
            who = (GUILD, MODERATOR, made.product_id)
            self.run(products.identify(*who, "standard", title, is_known=True))

    # ------------------------------------------------------------------ members

    @rule(
        number=numbers,
        author=people,
        channel=st.sampled_from(CHANNELS),
        to=st.none() | people,
        length=st.sampled_from((None, 1, 2, 2, 3)),
        novelty=st.sampled_from((None, 0, 1, 1)),
        late_s=st.sampled_from((0, 0, 0, 1, 50, 3_600, 2 * DAY_S)),
    )
    def post(
        self,
        number: int,
        author: int,
        channel: int,
        to: int | None,
        length: int | None,
        novelty: int | None,
        late_s: float,
    ) -> None:
        # Whoever wrote a message first did; read again it is nobody else's.
        author = self.authors.setdefault(number, author)
        posted = Posted(
            guild_id=GUILD,
            channel_id=channel,
            message_id=number,
            author_id=author,
            posted_at=self.now - late_s,
            length_class=length,
            novelty=novelty,
            in_thread=to is not None,
            thread_owner=to,
        )
        self.run(self.services.activity.post([posted]))

    @rule(number=numbers, giver=people, emoji=emojis)
    def react(self, number: int, giver: int, emoji: int) -> None:
        self.run(
            self.services.activity.react(
                Reacted(guild_id=GUILD, channel_id=5, message_id=number, user_id=giver, emoji=emoji)
            )
        )

    @rule(number=numbers, giver=people, emoji=emojis)
    def unreact(self, number: int, giver: int, emoji: int) -> None:
        self.run(
            self.services.activity.unreact(
                Reacted(guild_id=GUILD, channel_id=5, message_id=number, user_id=giver, emoji=emoji)
            )
        )

    @rule(number=numbers, emoji=st.none() | emojis)
    def clear(self, number: int, emoji: int | None) -> None:
        given = None if emoji is None else {emoji}
        self.run(self.services.activity.clear_reactions(GUILD, number, given))

    @rule(number=numbers, is_heard_of=st.booleans())
    def delete(self, number: int, is_heard_of: bool) -> None:
        """Delete a message, perhaps one that is heard of only afterwards."""
        if is_heard_of:
            self.run(self.services.activity.delete(GUILD, [number]))
        else:
            gone = Event(
                guild_id=GUILD,
                source_id=number,
                kind=EventKind.MESSAGE_DELETED,
                user_id=MODERATOR,
                occurred_at=self.now,
            )
            self.run(self.services.activity.record([gone]))

    @rule(number=numbers, asker=people, turn=st.integers(0, 2), is_undo=st.booleans(), pick=people)
    def accept(self, number: int, asker: int, turn: int, is_undo: bool, pick: int) -> None:
        """Accept an answer, or take an acceptance back that may not have been heard of yet."""
        author = next(
            (
                e.user_id
                for e in self.run(self.happened())
                if e.source_id == number and e.kind == EventKind.MESSAGE
            ),
            pick,
        )
        kind = EventKind.UNACCEPTED if is_undo else EventKind.ACCEPTED
        act = Event(
            guild_id=GUILD,
            source_id=number,
            kind=kind,
            user_id=asker,
            occurred_at=self.now,
            qualifier=turn,
            target_id=author,
        )
        self.run(self.services.activity.record([act]))

    @rule(creator=people, publisher=st.sampled_from((*PEOPLE, MODERATOR)))
    def publish(self, creator: int, publisher: int) -> None:
        number = self.next_id()
        raw = {"kind": "article", "title": f"No {number}", "url": f"https://example.org/{number}"}
        added = self.services.catalog.add(GUILD, publisher, raw, creator_id=creator)
        self.resources.append(self.run(added).resource_id)

    @precondition(lambda self: self.resources)
    @rule(pick=picks, savers=st.sets(st.sampled_from((*PEOPLE, *CROWD)), max_size=6))
    def save(self, pick: int, savers: set[int]) -> None:
        """Press Save, or press it again."""
        resource_id = self.resources[pick % len(self.resources)]
        for saver in savers:
            pressed = self.services.library.toggle_shared(GUILD, saver, resource_id, self.next_id())
            self.attempt(pressed)

    @precondition(lambda self: self.resources)
    @rule(pick=picks, state=st.sampled_from(("retired", "live")))
    def shelve(self, pick: int, state: Any) -> None:
        resource_id = self.resources[pick % len(self.resources)]
        self.attempt(self.services.catalog.set_state(GUILD, MODERATOR, resource_id, state))

    @rule(reviewer=people)
    def review(self, reviewer: int) -> None:
        act = Event(
            guild_id=GUILD,
            source_id=self.next_id(),
            kind=EventKind.REVIEWED,
            user_id=MODERATOR,
            occurred_at=self.now,
            target_id=reviewer,
        )
        self.run(self.services.activity.record([act]))

    @precondition(lambda self: self.resources)
    @rule(pick=picks, member=people, marker=people, verdict=st.sampled_from(get_args(Verdict)))
    def hand_in(self, pick: int, member: int, marker: int, verdict: Verdict) -> None:
        """Hand something in, and have it marked; what was marked before, otherwise."""
        tasks, title = self.services.tasks, f"About {self.resources[pick % len(self.resources)]}"
        moderator, own = self.asks(MODERATOR), self.asks(member)
        known = [one for one in self.run(tasks.named(moderator, title)) if one.title == title]
        if not known:
            self.attempt(self.set_task(moderator, self.resources[pick % len(self.resources)]))
            return
        self.attempt(tasks.hand_in(own, known[0].task_id, "mine", ""))
        work = self.run(tasks.doing(own, known[0].task_id)).work
        if work is not None:
            who = replace(self.asks(marker), role_ids=[TEACHERS])
            self.attempt(tasks.marking.mark(who, work, verdict, "A word."))

    async def set_task(self, who: Who, resource_id: int) -> None:
        shelved = await self.services.catalog.live(GUILD, resource_id)
        written = Written(title=f"About {resource_id}", text="Do it.", due="")
        await self.services.tasks.make(who, shelved, written, TEACHERS)

    def asks(self, user_id: int) -> Who:
        is_moderator = user_id == MODERATOR
        roles: list[int] | None = None if is_moderator else []
        return Who(guild_id=GUILD, user_id=user_id, role_ids=roles, is_moderator=is_moderator)

    @rule(member=people)
    def check_in(self, member: int) -> None:
        note = "what I learned today about indexes"
        self.attempt(
            self.services.checkins.check_in(
                GUILD, member, note, source_id=self.next_id(), channel_id=5
            )
        )

    @rule(
        number=st.integers(1, 5),
        member=people,
        title=st.sampled_from(("pro", "book")),
        is_back=st.booleans(),
        amount=st.sampled_from((0, 900, 900)),
    )
    def trade(self, number: int, member: int, title: str, is_back: bool, amount: int) -> None:
        """Pay an order at a shop, or get the money back, perhaps before it was heard of."""
        key = f"{'back' if is_back else 'paid'}-{number}-{title}"
        fact = Fact(
            guild_id=0,
            source="standard",
            key=key,
            kind="refunded" if is_back else "paid",
            happened_at=self.now,
            product_key="" if is_back else title,
            payments=(f"pay-{number}-{title}",),
            amount_minor=None if is_back else amount,
            currency="USD",
        )
        name = f"order-{number}"
        heard = Heard(
            source="standard", number=name, refs=(name,), facts=(fact,), discord_id=member
        )
        self.run(self.services.purchases.hearing.take([heard]))

    @rule(member=people, is_tracking_stopped=st.booleans())
    def erase(self, member: int, is_tracking_stopped: bool) -> None:
        before = self.books().balances
        stood = undone(self.run(self.happened()))
        self.run(
            self.services.privacy.erase(GUILD, member, is_tracking_stopped=is_tracking_stopped)
        )
        self.was_erased, self.is_untouched = True, False
        stands = undone(self.run(self.happened()))
        for what, left in self.left.items():
            left |= stood[what] - stands[what]
        after = self.books().balances
        assert after == {user: kept for user, kept in before.items() if user != member}

    # ------------------------------------------------------------------ Discord

    @rule(picked=st.lists(picks, min_size=1, max_size=6), is_one_call=st.booleans())
    def deliver_again(self, picked: list[int], is_one_call: bool) -> None:
        """Deliver what is in the log once more, in whatever order: nothing may move."""
        happened, before = self.run(self.happened()), self.books()
        again = [happened[pick % len(happened)] for pick in picked]
        calls = [again] if is_one_call else [[event] for event in again]
        self.run(self.at_once([self.services.activity.record(call) for call in calls]))
        assert self.books() == before

    @rule(seed=picks, n_calls=st.integers(1, 4))
    def burst(self, seed: int, n_calls: int) -> None:
        """Deliver a conversation out of order, partly twice, in calls that run at once."""
        chance = random.Random(seed)
        events: list[Event] = []
        for _ in range(chance.randint(1, 4)):
            number, author = self.next_id(), chance.choice(PEOPLE)
            at = self.now - chance.choice((0, 30, 90, 4_000))
            events.append(message(number, author, at, novelty=1))
            for giver in chance.sample(PEOPLE, 2):
                emoji = emoji_hash(chance.choice(EMOJI))
                kinds = (EventKind.REACTION, EventKind.REACTION_REMOVED)[: chance.randint(1, 2)]
                events += [
                    Event(
                        guild_id=GUILD,
                        source_id=number,
                        kind=kind,
                        user_id=giver,
                        occurred_at=at,
                        qualifier=emoji,
                        channel_id=5,
                        target_id=author,
                        novelty=1,
                    )
                    for kind in kinds
                ]
            if chance.random() < 0.3:
                events.append(
                    Event(
                        guild_id=GUILD,
                        source_id=number,
                        kind=EventKind.MESSAGE_DELETED,
                        user_id=author,
                        occurred_at=at,
                    )
                )
        events += chance.choices(events, k=2)
        chance.shuffle(events)
        calls = [events[n::n_calls] for n in range(n_calls)]
        self.run(self.at_once([self.services.activity.record(call) for call in calls]))

    async def at_once(self, calls: Sequence[Coroutine[Any, Any, Any]]) -> None:
        await asyncio.gather(*calls)

    @rule(seconds=st.sampled_from((1, 30, 61, 3_600, 9 * 3_600, DAY_S, 8 * DAY_S)))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    # ------------------------------------------------------------------ moderators

    @rule(zone=st.sampled_from(("UTC", "Asia/Shanghai", "Pacific/Honolulu")))
    def live_in(self, zone: str) -> None:
        """Change the server's time zone: days that were stay what they were."""
        self.now += 1
        self.attempt(self.services.profile.set_server(GUILD, MODERATOR, "time_zone", zone))
        self.now += 1

    @rule(change=st.sampled_from(CHANGES))
    def change_rules(self, change: tuple[str, str, str]) -> None:
        before = self.books().entries
        self.set_rule(*change)
        assert self.books().entries == before

    def set_rule(self, name: str, field: str, written: str) -> None:
        self.now += 1
        changed = fields.field_of(name, field)
        self.attempt(
            self.services.rulebook.publishing.set_value(
                GUILD, MODERATOR, changed, written, "a test"
            )
        )
        self.now += 1

    @rule(
        change=st.sampled_from(CHANGES),
        days=st.sampled_from((0, 0.02, 1, 9, 50)),
        happening=st.sets(numbers, max_size=2),
    )
    def count_anew(self, change: tuple[str, str, str], days: float, happening: set[int]) -> None:
        """Publish a change, and count what was earned since then; things happen meanwhile."""
        book, before = self.services.rulebook, self.books()
        rule, name, written = change
        self.now += 1
        draft = self.run(book.drafts.edit(GUILD, MODERATOR, fields.field_of(rule, name), written))
        since = self.now - days * DAY_S
        made = self.attempt(
            book.publishing.publish(GUILD, MODERATOR, draft.stamp, "fairer", since=since)
        )
        if made is None:
            return
        self.is_untouched = False
        assert self.books().entries == before.entries
        gone = [
            Event(
                guild_id=GUILD,
                source_id=n,
                kind=EventKind.MESSAGE_DELETED,
                user_id=MODERATOR,
                occurred_at=self.now,
            )
            for n in happening
        ]
        self.run(self.services.activity.record(gone))
        assert self.books().entries == before.entries  # they wait
        self.run(book.rescoring.carry_out(made.rescore, Progress()))
        after = self.books()
        self.nobody_owes_more(before, after)
        self.counted = None
        if not happening:
            self.counted = made.rescore.rescore_id, len(after.entries), standing(before)

    @rule()
    def take_a_count_back(self) -> None:
        """Take the last count back: where nothing happened since, all is as before."""
        book, before = self.services.rulebook, self.books()
        found = self.run(book.versions.history(GUILD)).undoable
        if found is None:
            return
        undo = self.run(book.rescoring.undo(GUILD, MODERATOR, found.rescore_id, "a mistake"))
        self.run(book.rescoring.carry_out(undo, Progress()))
        self.nobody_owes_more(before, self.books())
        known = self.counted
        if known and known[:2] == (found.rescore_id, len(before.entries)):
            assert standing(self.books()) == known[2]
        self.counted = None

    def nobody_owes_more(self, before: Books, after: Books) -> None:
        for user, (amount, _) in after.balances.items():
            assert amount >= min(before.balances.get(user, (0, 0))[0], 0)

    @rule(member=people, points=st.integers(1, 9), is_deduction=st.booleans())
    def give(self, member: int, points: int, is_deduction: bool) -> None:
        given = self.services.awards.give(
            GUILD,
            MODERATOR,
            member,
            points,
            "for a test",
            source_id=self.next_id(),
            is_deduction=is_deduction,
        )
        self.attempt(given)

    @rule(pick=picks)
    def take_back_what_was_given(self, pick: int) -> None:
        given = [e for e in self.books().entries if e.kind in ("award", "deduct")]
        if given:
            entry_id = given[pick % len(given)].entry_id
            self.attempt(self.services.awards.undo(GUILD, MODERATOR, entry_id))

    @rule(pick=picks)
    def hold(self, pick: int) -> None:
        self.decide(pick, self.services.points.entries.hold)

    @rule(pick=picks)
    def release(self, pick: int) -> None:
        self.decide(pick, self.services.points.entries.release)

    def decide(self, pick: int, deed: Callable[..., Coroutine[Any, Any, list[int]]]) -> None:
        entry = self.entry(pick)
        if entry is None:
            return
        self.is_untouched = False

        async def job(conn: Connection) -> list[int]:
            return await deed(conn, [entry.entry_id], actor_id=MODERATOR, reason="looking")

        before, held_before = self.books().balances[entry.user_id], self.books().net([entry])
        done = self.run(self.database.write(job))
        after, net = self.books().balances[entry.user_id], self.books().net([entry])
        assert after[0] - before[0] == after[1] - before[1] == net - held_before
        assert net in (0, entry.amount) and (net != held_before) == bool(done)

    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        """Reverse a payment: exactly what is left of it goes, once."""
        entry = self.entry(pick)
        if entry is None:
            return
        self.is_untouched = False
        last = self.books().chain(entry)[-1]  # itself, or what restored it
        target = last if last.amount > 0 else entry

        async def job(conn: Connection) -> int | None:
            return await self.services.points.entries.reverse(
                conn, target.entry_id, actor_id=MODERATOR, reason="a ring"
            )

        left, before = self.books().net([entry]), self.books().balances[entry.user_id]
        self.run(self.database.write(job))
        after = self.books().balances[entry.user_id]
        assert self.books().net([entry]) == 0
        assert before[0] - after[0] == before[1] - after[1] == left

    @rule(pick=picks)
    def restore(self, pick: int) -> None:
        """Reverse a moderator's reversal: what it took is there again, unless it was undone."""
        backs = [e for e in self.books().reversal_of.values() if e.actor_id == MODERATOR]
        backs = [e for e in backs if e.kind in KINDS and e.amount < 0]
        if not backs:
            return
        back = backs[pick % len(backs)]

        async def job(conn: Connection) -> int | None:
            return await self.services.points.entries.reverse(
                conn, back.entry_id, actor_id=MODERATOR, reason="I was wrong"
            )

        before = self.books().balances[back.user_id]
        is_done = self.run(self.database.write(job)) is not None
        after = self.books().balances[back.user_id]
        is_undone = any(e.event_id for e in self.books().chain(back)[1:])
        expected = -back.amount if is_done and not is_undone else 0
        assert after == (before[0] + expected, before[1] + expected)

    # ------------------------------------------------------------------ the shop

    @rule(member=people, pick=picks, n_presses=st.integers(1, 2))
    def buy(self, member: int, pick: int, n_presses: int) -> None:
        """Press a confirmation, or the same one twice at the same moment."""
        item_id = list(self.items)[pick % len(self.items)]
        number = self.next_id()
        before = self.books()

        async def press() -> list[Any]:
            calls = [
                self.services.shop.orders.redeem(
                    GUILD, member, item_id, price=150, source_id=number
                )
                for _ in range(n_presses)
            ]
            return await asyncio.gather(*calls, return_exceptions=True)

        done = self.run(press())
        assert all(isinstance(each, UserError) or each.redemption for each in done)
        after = self.books()
        have = before.balances.get(member, (0, 0))
        if isinstance(done[0], UserError):
            assert after == before
        else:
            assert have[0] >= 150
            assert after.balances[member] == (have[0] - 150, have[1])

    @rule(pick=picks, deed=st.sampled_from(("refund", "fulfil", "granted", "ended")))
    def look_after_an_order(self, pick: int, deed: str) -> None:
        orders = self.run(self.orders())
        if not orders:
            return
        number = orders[pick % len(orders)]
        shop = self.services.shop
        match deed:
            case "refund":
                self.attempt(shop.orders.refund(GUILD, MODERATOR, number, "sorry"))
            case "fulfil":
                self.attempt(shop.orders.fulfil(GUILD, MODERATOR, number))
            case _:
                bought = self.run(shop.orders.queued(GUILD, number))
                if bought.role_id is not None:
                    self.attempt(
                        shop.delivery.granted(bought)
                        if deed == "granted"
                        else shop.delivery.ended(bought)
                    )

    async def orders(self) -> list[int]:
        async with self.database.read() as conn:
            rows = await conn.execute(
                select(redemptions.c.redemption_id).order_by(redemptions.c.redemption_id)
            )
            return list(rows.scalars())

    # ------------------------------------------------------------------ what holds

    @invariant()
    def everything_holds(self) -> None:
        self.run(self.prove())

    async def prove(self) -> None:
        happened = await self.happened()
        async with self.database.read() as conn:
            found = await proofs.books(conn, GUILD)
            for holds in proofs.ALWAYS:
                holds(found)
            stands = undone(happened)
            for what, left in self.left.items():
                stands[what] |= left  # by an act that is not known any more
            proofs.undone_pays_nothing(found, **stands, was_erased=self.was_erased)
            assert await consistency.disagreements(conn) == []
            await self.prove_stock(conn, found)
            if self.is_untouched:
                assert await proofs.replayed(conn, GUILD) == proofs.moves_of(found)

    async def prove_stock(self, conn: Connection, found: Books) -> None:
        """Nothing is sold twice, and what was spent is what the standing orders cost."""
        left = {
            row.item_id: row.stock
            for row in await conn.execute(select(shop_items.c.item_id, shop_items.c.stock))
        }
        rows = await conn.execute(select(redemptions).where(redemptions.c.state != "refunded"))
        sold = [row.item_id for row in rows]
        for item_id, stock in self.items.items():
            n_sold = sold.count(item_id)
            assert 0 <= left[item_id] <= stock - n_sold
            assert self.was_erased or left[item_id] == stock - n_sold
        spent = -sum(e.amount for e in found.entries if e.kind == "spend")
        assert spent == 150 * len(sold)


def standing(found: Books) -> dict[Any, int]:
    """Return what is left by member, day, kind and source; and of what everybody may spend."""
    sums: defaultdict[Any, int] = defaultdict(int)
    for e in found.entries:
        if e.kind not in ("hold", "rescore"):
            sums[e.user_id, e.day, e.kind, e.source_id] += e.amount
        sums[e.user_id] += e.amount
    return {key: amount for key, amount in sums.items() if amount}


UNDO = {
    EventKind.MESSAGE: EventKind.MESSAGE_DELETED,
    EventKind.ACCEPTED: EventKind.UNACCEPTED,
    EventKind.PUBLISHED: EventKind.RETIRED,
    EventKind.PAID: EventKind.PAID_BACK,
    EventKind.TASK_DONE: EventKind.TASK_UNDONE,
}


def undone(happened: Sequence[Event]) -> dict[str, Any]:
    """Return what the log says stands now, told without the fold."""
    seen: dict[EventKind, set[Any]] = {kind: set() for kind in EventKind}
    keeps: dict[tuple[int | None, int], bool] = {}
    for e in happened:
        is_click = e.kind in (EventKind.REACTION, EventKind.REACTION_REMOVED)
        seen[e.kind].add((e.source_id, e.user_id if is_click else 0, e.qualifier))
        if e.kind in (EventKind.SAVE, EventKind.UNSAVE):
            keeps[e.resource_id, e.user_id] = e.kind == EventKind.SAVE
    kept = [resource_id for (resource_id, _), is_kept in keeps.items() if is_kept]
    clicks = seen[EventKind.REACTION] - seen[EventKind.REACTION_REMOVED]
    return {
        "deleted": {source for source, _, _ in seen[EventKind.MESSAGE_DELETED]},
        "clicked": {(source, giver) for source, giver, _ in clicks},
        "accepted": {s for s, _, _ in seen[EventKind.ACCEPTED] - seen[EventKind.UNACCEPTED]},
        "shelved": {s for s, _, _ in seen[EventKind.PUBLISHED] - seen[EventKind.RETIRED]},
        "bought": {s for s, _, _ in seen[EventKind.PAID] - seen[EventKind.PAID_BACK]},
        "marked": {s for s, _, _ in seen[EventKind.TASK_DONE] - seen[EventKind.TASK_UNDONE]},
        "n_savers": {each: kept.count(each) for each in set(kept)},
    }


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[type[Engine]]:
    """The machine with a migrated database to begin from."""

    async def migrate() -> None:
        async with open_database(tmp_path / "new.sqlite3"):
            pass

    with asyncio.Runner() as runner:
        runner.run(migrate())
        Engine.runner, Engine.folder = runner, tmp_path
        yield Engine


def of_size(n_examples: int, n_steps: int) -> settings:
    return settings(
        max_examples=n_examples,
        stateful_step_count=n_steps,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_the_ledger_stays_right_whatever_happens_next(engine: type[Engine]) -> None:
    run_state_machine_as_test(engine, settings=of_size(18, 30))


@pytest.mark.slow
def test_the_ledger_stays_right_for_longer(engine: type[Engine]) -> None:
    run_state_machine_as_test(engine, settings=of_size(40, 50))
