"""What rows about something else say of a member goes, and what they say of others stays."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Integer, LargeBinary, Text, insert, select

from bot.i18n import LANGUAGES, Texts
from bot.privacy import views
from storage import privacy, traces
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import EventKind, Holdings
from storage.schema import (
    audit,
    audit_about,
    cursors,
    events,
    ledger,
    level_settings,
    metadata,
    rescores,
    rule_sets,
)

HERE, ELSEWHERE = 2**60 + 1, 2**60 + 2
ANN, BEN, CLEO, MO = (2**60 + n for n in (11, 12, 13, 14))
NAMES = ("ann_a", "Ann A.", "安娜")


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        (f"see <@{ANN}>", True),
        (f"see {ANN}0", False),
        ("ANN_A spams", True),
        ("thanks, ann a.", True),
        ("感谢Ann_a的帮助", True),
        ("感谢安娜的帮助", True),
        ("ｆｏｒ ａｎｎ＿ａ", True),
        ("joann_a is somebody else", False),
        ("ann_ab too", False),
        ("for helping", False),
    ],
)
def test_a_name_is_found_where_it_stands_for_itself(words: str, is_named: bool) -> None:
    named = traces.naming(ANN, NAMES)
    assert bool(named.search(folded(words))) == is_named


def test_a_name_of_one_letter_is_a_word_and_an_empty_one_is_none() -> None:
    named = traces.naming(ANN, ("a", "", " "))
    assert not named.search("for a good answer")


def entry(n: int, user_id: int, **fields: Any) -> dict[str, Any]:
    common = {"kind": "helpful", "amount": 100, "rule_set": 1, "day": 20260302}
    moments = {"earned_at": 1.0, "recorded_at": 1.0}
    row = {"entry_id": n, "guild_id": HERE, "user_id": user_id, "source_id": n, "giver_id": 0}
    blank = {"reverses": None, "actor_id": 0, "reason": "", "event_id": None}
    return common | moments | row | blank | fields


async def reasons(conn: Connection) -> dict[int, str]:
    rows = await conn.execute(select(ledger.c.entry_id, ledger.c.reason))
    return {entry_id: reason for entry_id, reason in rows}


async def test_reasons_about_a_member_go_and_others_keep_theirs(database: Database) -> None:
    rows = [
        entry(1, BEN, kind="award", actor_id=MO, reason="for the talk"),
        entry(2, BEN, kind="award", actor_id=MO, reason="for ANN_A's sake"),
        entry(3, BEN, kind="spend", reason="A mug", is_spending=True),
        entry(4, BEN, giver_id=ANN),
        entry(5, BEN, kind="hold", source_id=4, actor_id=MO, reason="they trade"),
        entry(6, ANN, kind="hold", source_id=9, actor_id=MO, reason="they trade"),
        entry(7, BEN, reverses=4, giver_id=ANN, actor_id=MO, reason="enough"),
        entry(8, CLEO, kind="award", actor_id=MO, reason="they trade"),
        entry(9, CLEO, kind="award", actor_id=MO, reason="ann_a", guild_id=ELSEWHERE),
    ]
    await database.write(
        lambda conn: conn.execute(insert(ledger), [{"is_spending": False} | row for row in rows])
    )
    await database.write(lambda conn: privacy.erase(conn, HERE, ANN, NAMES))
    async with database.read() as conn:
        assert await reasons(conn) == {
            1: "for the talk",
            2: "",
            3: "A mug",
            4: "",
            5: "",
            7: "",
            8: "they trade",
            9: "ann_a",
        }


async def test_entries_of_the_log_and_the_rules_lose_reasons_that_name_or_are_about_a_member(
    database: Database,
) -> None:
    async def job(conn: Connection) -> None:
        about = {
            "award": ("for the talk", ANN),
            "ring": ("they trade", ANN),
            "other": ("fair", BEN),
        }
        for n, (action, (reason, user_id)) in enumerate(about.items(), 1):
            details = {"reason": reason, "amount": 5}
            row = {"audit_id": n, "guild_id": HERE, "actor_id": MO, "action": action}
            await conn.execute(insert(audit).values(row | {"details": details, "occurred_at": 1.0}))
            named = {"audit_id": n, "n": 0, "guild_id": HERE, "user_id": user_id}
            await conn.execute(insert(audit_about).values(named))
        published: dict[str, Any] = {"guild_id": HERE, "rules": {}, "created_by": MO}
        published |= {"created_at": 1, "effective_at": 1}
        for version, reason in ((1, "安娜 is right"), (2, "more talk")):
            await conn.execute(
                insert(rule_sets).values(published | {"version": version, "reason": reason})
            )
        count = {
            "guild_id": HERE,
            "version": 1,
            "from_version": 0,
            "since_at": 1.0,
            "until_event": 1,
        }
        done = {"paid_until": 1, "created_by": MO, "created_at": 1.0, "finished_at": 2.0}
        await conn.execute(insert(rescores).values(count | done | {"reason": f"after <@{ANN}>"}))
        await privacy.erase(conn, HERE, ANN, NAMES)

    await database.write(job)
    async with database.read() as conn:
        details = dict((await conn.execute(select(audit.c.action, audit.c.details))).all())
        said = list((await conn.execute(select(rule_sets.c.reason))).scalars())
        counted = await conn.scalar(select(rescores.c.reason))
    assert details["award"] == details["ring"] == {"amount": 5}
    assert details["other"] == {"amount": 5, "reason": "fair"}
    assert said == ["", "more talk"]
    assert counted == ""


async def test_ids_of_their_messages_go_from_what_others_did_and_others_keep_theirs(
    database: Database,
) -> None:
    hers, his, thread, unseen = (2**59 + n for n in (1, 2, 3, 4))

    def event(n: int, kind: EventKind, user_id: int, source_id: int, **more: Any) -> dict[str, Any]:
        row = {"event_id": n, "guild_id": HERE, "kind": int(kind), "user_id": user_id}
        moments = {"occurred_at": 1.0, "recorded_at": 1.0, "target_id": None}
        return row | moments | {"source_id": source_id} | more

    kinds = EventKind
    rows = [
        event(1, kinds.MESSAGE, ANN, hers),
        event(2, kinds.REACTION, BEN, hers, target_id=ANN),
        event(3, kinds.REACTION_REMOVED, BEN, hers, target_id=ANN),
        event(4, kinds.ACCEPTED, CLEO, hers, target_id=ANN),
        event(5, kinds.REACTION, BEN, unseen, target_id=ANN),
        event(6, kinds.REACTION, BEN, hers, target_id=None, guild_id=ELSEWHERE),
        event(7, kinds.MESSAGE, BEN, his, target_id=ANN),
        event(8, kinds.REACTION, CLEO, his, target_id=BEN),
        event(9, kinds.PUBLISHED, MO, 77, target_id=ANN),
        event(10, kinds.THREAD, ANN, thread),
        event(11, kinds.REACTION, ANN, his, target_id=BEN),
    ]

    async def job(conn: Connection) -> None:
        await conn.execute(insert(events), rows)
        blank = {"is_spending": False}
        paid = [entry(1, BEN, kind="reply", source_id=his, giver_id=ANN, event_id=7) | blank]
        paid += [entry(2, CLEO, kind="answer", source_id=hers, event_id=4) | blank]
        paid += [entry(3, BEN, kind="hold", source_id=1) | blank]
        await conn.execute(insert(ledger), paid)
        places = {5: hers, 6: his, 7: thread}
        await conn.execute(
            insert(cursors),
            [
                {"guild_id": HERE, "channel_id": n, "message_id": message, "moved_at": 1.0}
                for n, message in places.items()
            ],
        )
        await conn.execute(
            insert(level_settings).values(
                guild_id=HERE, rule_set=0, queue_told_at=0, sweep_from=ANN
            )
        )
        await privacy.erase(conn, HERE, ANN)

    await database.write(job)
    async with database.read() as conn:
        found = dict((await conn.execute(select(events.c.event_id, events.c.source_id))).all())
        paid = dict((await conn.execute(select(ledger.c.entry_id, ledger.c.source_id))).all())
        read = dict((await conn.execute(select(cursors.c.channel_id, cursors.c.message_id))).all())
        swept = await conn.scalar(select(level_settings.c.sweep_from))
    assert found == {2: -2, 3: -3, 4: -4, 5: -5, 6: hers, 7: his, 8: his, 9: 77}
    assert paid == {1: his, 2: -2, 3: 1}
    assert read == {5: hers + 1, 6: his, 7: thread + 1}
    assert swept == ANN - 1


async def test_samples_of_values_that_some_builds_of_sqlite_keep_are_dropped(
    database: Database,
) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute("CREATE TABLE sqlite_stat4 (tbl, idx, neq, nlt, ndlt, sample)")
        raw.execute("INSERT INTO sqlite_stat4 VALUES ('events', 'x', 1, 1, 1, ?)", (str(ANN),))
    await database.write(traces.forget_samples)
    with closing(sqlite3.connect(database.path)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_stat4").fetchone() == (0,)
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute("DROP TABLE sqlite_stat4")


# ------------------------------------------------------------------- no column is forgotten

OURS = set(
    """guild_id event_id audit_id resource_id impression_id snapshot_id item_id unit_id entry_id
    submission_id review_id rating_id experiment_id path_id course_id followed_to
    redemption_id grant_id delivery_id draft_id rescore_id reverses undoes until_event paid_until
    season_id version from_version rule_set catalogue questions training n question_id
    post_id invitation_id
    product_id task_id work_id paid_event_id purchase_id fact_id notice_id
    duplicate_of solved_resource_id made_resource_id bounty_entry turn wish_id
    edition_of moved_to needs_id tag_id under_id merged_into change_id""".split()
)
"""Numbers of ours."""
DISCORDS = {
    *("role_id", "channel_id", "staff_channel_id", "needs_role_id", "parent_id", "thread_id"),
    *("helper_role_id", "given_role_id", "solved_tag_id", "stale_tag_id"),
}
"""Ids of roles and channels. A thread opened on a message has that message's id: as the place where
others write it stays."""
SOURCES = {"sources.source_id", "source_entries.source_id", "submissions.source_id"}
"""Where entries come from by themselves; elsewhere a column of that name holds a message."""
MESSAGES = {
    "events.source_id": "traces",
    "ledger.source_id": "traces",
    "cursors.message_id": "traces",
    "redemptions.source_id": "the row goes",
    "deliveries.message_id": "the row goes",
    "resource_messages.message_id": "posted by the bot",
    "question_posts.message_id": "posted by the bot",
    "invitations.message_id": "posted by the bot",
    "question_answers.message_id": "the row goes",
    "purchase_notices.message_id": "the row goes",
    "questions.last_word_id": "traces",
    "questions.offered_id": "traces",
    "questions.bounty_answer": "traces",
}
"""Ids of messages and interactions, and what becomes of a member's."""
COUNTS = set(
    """amount earned day first_day next_day period level minutes price_minor price stock per_member
    min_level days grace_days amount_minor position n_entries n_members n_events n_resources kind
    qualifier
    length_class novelty weekday hour n_asked n_coming n_sought from_hour to_hour weekly_max
    n_wished n_missed n_readers n_askers n_hard n_failures n_found every_s daily_max status
    n_gated stage
    nudge_h still_d stale_d invite_min bounty is_correct is_clear is_current is_worth
    stars""".split()
)
CODED = set(
    """key value language time_zone consent_policy consent kind url_key level currency state surface
    arm token action subject period nonce error locale due_zone place problem metrics rules changes
    role_ids role_problem notice solved_by bounty_state
    languages weekdays reach etag modified result result_params trust source term ref number
    email_hash product_key payments undoes cadence policy metric
    buy_url mark makes tags_made moved_ids edition_ids day month salt who""".split()
)
"""Words of the program's own, and settings that name nobody."""
PUBLIC = {"title", "url", "summary", "tags", "creator", "description", "code", "folded", "synonyms"}
PUBLIC |= {"tag", "moved_url", "archived_url", "name", "english", "chinese", "aliases"}
PUBLIC |= {"other_tag", "tags_before", "given_tag", "taken_tags", "told_words"}
"""What is put up for everybody: the catalogue, the shop, and what threads are called."""
FITTED = {
    "deliveries.note",
    "experiments.result",
    "snapshots.arrays",
    "snapshots.reason",
    "members.interests",
    "deliveries.items",
} | {
    "experts.topics",
    "experts.offer",
    "submissions.fields",
    "tasks.text",
    "works.text",
    "works.link",
    "source_entries.fields",
}
"""What the model is made of, without members; and what goes with a member's row;
what a submission says of its page, as the catalogue will; what there is to do, put up for all who
may open what it is beside."""


def test_every_column_of_numbers_says_what_it_holds() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, BigInteger | Integer):
                continue
            is_known = column.name in OURS | DISCORDS | COUNTS
            is_known |= f"{table.name}.{column.name}" in SOURCES
            is_marked = bool(column.info.get("member") or column.info.get("passes"))
            is_message = f"{table.name}.{column.name}" in MESSAGES
            what = f"what does {table.name}.{column.name} hold? Name it in one list above"
            assert is_known + is_marked + is_message == 1, what


def test_every_column_of_text_says_whether_it_may_name_a_member() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Text | JSON | LargeBinary):
                continue
            is_known = column.name in CODED | PUBLIC or f"{table.name}.{column.name}" in FITTED
            what = f"may {table.name}.{column.name} name a member? Make it of words, or list it"
            assert is_known != bool(column.info.get("words")), what


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_every_kind_of_event_has_a_line_for_its_member(language: str) -> None:
    tables = [table.name for table in privacy.personal_tables()]
    events = {kind: number for number, kind in enumerate(EventKind, 1)}
    rows = {table: 1_000 + number for number, table in enumerate(tables)}
    lines = views.stored_lines(Holdings(rows, events, 0.0), Texts(language))
    assert len(lines) == len(set(lines)) == len(tables) + len(EventKind)
