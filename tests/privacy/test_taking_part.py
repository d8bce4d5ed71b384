"""Erasing takes what a member asked, proposed, offered and wished for, and what was said of it."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.app import make_jobs
from storage import privacy
from storage.connection import Connection
from storage.database import Database
from storage.schema import (
    audit,
    metadata,
    purchase_facts,
    purchases,
    resources,
    reviews,
    submissions,
)
from tests.discord_sim import World
from tests.privacy.test_bytes import NAME, erase, files, put, tick
from tests.privacy.test_storage import make_row
from tests.questions.scenes import open_forum

HERE, ANN, BEN = 2**60 + 1, 2**60 + 11, 2**60 + 12
WORDS_OF_DECISIONS = {
    "audit.actor_id": "their reason is about somebody else, whom `audit_about` names",
    "ledger.giver_id": "see `traces._forget_decisions`",
    "ledger.actor_id": "the reason is about who was given points",
    "purchase_facts.actor_id": "about who bought",
    "ratings.decided_by": "what the rater wrote",
    "redemptions.handled_by": "about who bought",
    "rescores.created_by": "about the rules",
    "reviews.asked_by": "the reviewer's sentence",
    "rule_sets.created_by": "about the rules",
    "submissions.decided_by": "about who proposed",
    "submissions.sought_by": "about who proposed",
    "works.marked_by": "about whoever handed in",
    "wishes.decided_by": "what others wish for",
}
"""Members whose id leaves a row with words in it, which are about somebody or something else."""


async def propose(world: World, who: Any, what: str) -> int:
    """Begin a submission with words of its own, and return its number."""
    service, here = world.app.services.submissions, world.guild.id
    begun = await service.begin(here, who.id, f"http://10.0.0.1/zz{what}zz")
    assert begun.submission is not None
    number = begun.submission.submission_id
    written = {"title": f"zz{what}zz", "kind": "tool", "summary": f"zz{what}zz", "creator": NAME}
    await service.edit(here, who.id, number, written)
    return number


async def hand_in(world: World, who: Any, what: str) -> int:
    number = await propose(world, who, what)
    await world.app.services.submissions.submit(world.guild.id, who.id, number)
    return number


async def test_what_a_member_asked_proposed_and_wished_for_leaves_the_files(world: World) -> None:
    alice, bob, here, mod = world.alice, world.bob, world.guild.id, world.moderator
    world.env.backend.users[alice.id].global_name = NAME
    forum, deciding = await open_forum(world), world.app.services.submissions.deciding
    await forum.ask(alice, "Why is zzquestionzz slow?")
    await propose(world, alice, "draft")
    asked, rejected, published = [
        await hand_in(world, alice, what) for what in ("asked", "rejected", "published")
    ]
    await deciding.ask(here, mod.id, asked, bob.id)
    scores = dict.fromkeys(("is_correct", "is_clear", "is_current", "is_worth"), 4)
    await deciding.review(here, bob.id, asked, scores, "zzsentencezz on it")
    await deciding.reject(here, mod.id, rejected, "zzreasonzz")
    await deciding.publish(here, mod.id, published)
    form = await alice.slash(world.channel, "expert card")
    card = {"topics": "zztopiczz", "hours": "18-22", "days": ["0"], "reach": ["dm"]}
    await alice.submit_modal(form, card)
    await alice.slash(world.channel, "wish ask", text="zzwishzz")
    await alice.slash(world.channel, "search", query="zzsearchzz")
    for job in make_jobs(world.app, world.client):
        if job.name in ("wishes", "submissions", "questions", "experts"):
            await job.run(world.env.now())
    path = world.app.settings.database_path
    assert files(path).count(b"zzdraftzz")
    await erase(world)
    await tick(world)
    content = files(path)
    words = "question draft asked rejected sentence reason topic wish search"
    left = [word for word in words.split() if f"zz{word}zz".encode() in content]
    assert left == [] and NAME.encode() not in content
    async with world.app.database.read() as conn:
        assert list((await conn.execute(select(resources.c.title))).scalars()) == ["zzpublishedzz"]


async def test_words_of_decisions_about_a_member_go_with_them_and_others_stay(
    database: Database,
) -> None:
    """For every column of words in a row that stays: emptied if about them, kept if not."""

    async def job(conn: Connection) -> None:
        await conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        for table, holder in HOLDERS:
            words = {c.name: "plain" for c in table.columns if c.info.get("words") is True}
            state = {"state": "published"} if table is submissions else {}
            fields = words | state | {"guild_id": HERE, holder: ANN}
            await put(conn, table, **fields)
        await conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
        await privacy.erase(conn, HERE, ANN)

    await database.write(job)
    async with database.read() as conn:
        for table, holder in HOLDERS:
            words = [c for c in table.columns if c.info.get("words") is True]
            rows = (await conn.execute(select(*words).where(table.c[holder] == 0))).all()
            expected = "" if table.c[holder].info["is_subject"] else "plain"
            assert expected in {value for row in rows for value in row}, f"{table.name}.{holder}"


HOLDERS = [
    (table, name)
    for table in metadata.sorted_tables
    for name, action in privacy.marks(table).items()
    if action == "anonymise" and any(c.info.get("words") is True for c in table.columns)
    if table.name != "ledger"
]


def test_every_row_with_words_that_stays_says_whom_they_are_about() -> None:
    for table in metadata.sorted_tables:
        if not any(column.info.get("words") for column in table.columns):
            continue
        for name, action in privacy.marks(table).items():
            if action == "anonymise":
                is_listed = f"{table.name}.{name}" in WORDS_OF_DECISIONS
                is_subject = bool(table.c[name].info["is_subject"])
                assert is_listed != is_subject, f"are the words about {table.name}.{name}?"


async def test_who_asked_for_a_review_does_not_take_it_along(database: Database) -> None:
    async def job(conn: Connection) -> None:
        page = await make_row(conn, submissions, guild_id=HERE, state="waiting")
        asked = {"submission_id": page["submission_id"], "user_id": BEN, "asked_by": ANN}
        await make_row(conn, reviews, guild_id=HERE, sentence="Good", **asked)
        await privacy.erase(conn, HERE, ANN)

    await database.write(job)
    async with database.read() as conn:
        (row,) = (await conn.execute(select(reviews))).all()
    assert (row.user_id, row.asked_by, row.sentence) == (BEN, 0, "Good")


async def test_a_byline_goes_with_who_put_up_the_page_and_stays_for_a_namesake(
    database: Database,
) -> None:
    async def job(conn: Connection) -> None:
        for title, creator, user_id in (
            ("A", "ANN_A", ANN),
            ("B", "Ann A. Other", ANN),
            ("C", "ann_a", BEN),
        ):
            words = {"kind": "tool", "state": "live", "title": title, "creator": creator}
            plain = {"guild_id": HERE, "level": None, "added_by": user_id}
            await make_row(conn, resources, **words, **plain)
        await privacy.erase(conn, HERE, ANN, ("ann_a",))

    await database.write(job)
    async with database.read() as conn:
        rows = await conn.execute(select(resources.c.title, resources.c.creator))
        assert dict(rows.all()) == {"A": "", "B": "Ann A. Other", "C": "ann_a"}


@pytest.mark.parametrize(("user_id", "left"), [(ANN, ""), (BEN, "refused twice")])
async def test_reasons_about_a_purchase_go_with_who_bought_it(
    database: Database, user_id: int, left: str
) -> None:
    async def job(conn: Connection) -> None:
        bought = await make_row(conn, purchases, guild_id=HERE, user_id=user_id)
        number = bought["purchase_id"]
        said = {"kind": "refunded", "reason": "refused twice", "user_id": None}
        await make_row(conn, purchase_facts, guild_id=HERE, purchase_id=number, **said)
        await privacy.erase(conn, HERE, ANN)

    await database.write(job)
    async with database.read() as conn:
        assert await conn.scalar(select(purchase_facts.c.reason)) == left


async def test_a_title_goes_from_the_trail_of_a_proposal_and_of_no_other(
    database: Database,
) -> None:
    async def job(conn: Connection) -> None:
        for user_id in (ANN, BEN):
            row = await make_row(
                conn, submissions, guild_id=HERE, user_id=user_id, state="rejected"
            )
            entry = {"guild_id": HERE, "actor_id": BEN, "action": "submission.reject"}
            entry |= {"subject": str(row["submission_id"]), "occurred_at": 1.0}
            await conn.execute(insert(audit).values(entry | {"details": {"title": str(user_id)}}))
        await privacy.erase(conn, HERE, ANN)

    await database.write(job)
    async with database.read() as conn:
        details = list((await conn.execute(select(audit.c.details))).scalars())
        kept = list((await conn.execute(select(submissions.c.user_id))).scalars())
    assert details == [{}, {"title": str(BEN)}] and kept == [BEN]
