"""What was merged or replaced is followed by everything that names a resource, and parted again.

The columns come from the schema: a new one is missed here until it is said how it follows.
"""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.recommend import arrays
from bot.recommend.refit import load
from storage import (
    access,
    catalog,
    deeds,
    events,
    feedback,
    gaps,
    impressions,
    keepings,
    members,
    orders,
    prerequisites,
    training,
)
from storage import paths as paths_of
from storage.connection import Connection
from storage.records import (
    Event,
    EventKind,
    Impression,
    Keeping,
    Path,
    Prerequisite,
    Rating,
    Redemption,
)
from storage.schema import metadata, resource_joins, resources
from tests.catalog.test_joining import put
from tests.discord_sim import World

READ = {
    "events.resource_id": "what members did, in lists, libraries and training",
    "impressions.resource_id": "what tires, and what training knows was shown",
    "links.resource_id": "where a link leads",
    "resource_messages.resource_id": "which card a reaction is to: the event follows",
    "opinions.resource_id": "what members say, one voice each",
    "ratings.resource_id": "the latest of a member's stars",
    "keepings.resource_id": "notes and progress",
    "path_steps.resource_id": "steps, each once",
    "paths.course_id": "whose lessons the steps are",
    "prerequisites.resource_id": "what needs something",
    "prerequisites.needs_id": "what comes before",
    "tasks.resource_id": "what there is to do beside it",
    "product_resources.resource_id": "what products open (`storage.opened`)",
    "shop_items.resource_id": "what an item gives access to",
    "redemptions.resource_id": "what was redeemed",
    "wishes.resource_id": "what a wish came true as",
    "questions.solved_resource_id": "what solved a question",
}
"""Columns that keep the id they were written with: whoever reads them asks what stands for it."""
MOVED = {"resources.moved_to", "resources.edition_of"}
"""Columns that are changed, and given back (`storage.joins`)."""
OWN = {
    "resources.resource_id": "itself",
    "resource_joins.resource_id": "what is given back",
    "catalogue_changes.resource_id": "what changed, for the index of searches",
    "checks.resource_id": "about the link of its own",
    "link_checks.resource_id": "about the link of its own",
    "submissions.resource_id": "what was handed in",
    "questions.made_resource_id": "what was made of a question, and nothing else",
    "tag_moves.resource_id": "what is given back when tags are",
}
"""Columns that mean this entry itself, whatever stands for it."""


def test_every_column_that_names_a_resource_says_how_it_follows() -> None:
    found = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            points = any(key.column is resources.c.resource_id for key in column.foreign_keys)
            if points or column.name in {"resource_id", "edition_of", "moved_to"}:
                found.add(f"{table.name}.{column.name}")
    assert found == READ.keys() | MOVED | OWN.keys()


async def lived(world: World, old: int, new: int, third: int) -> None:
    """Have a member do, say and keep everything of the old one."""
    here, alice, now = world.guild.id, world.alice.id, world.app.clock().timestamp()
    blank = Event(guild_id=here, source_id=1, kind=EventKind.OPEN, user_id=alice, occurred_at=now)

    async def job(conn: Connection) -> None:
        for number, kind in enumerate((EventKind.OPEN, EventKind.SAVE, EventKind.DONE)):
            done = replace(blank, source_id=100 + number, kind=kind, resource_id=old)
            await events.append(conn, done, now)
        for user_id, one in ((alice, old), (alice, new), (world.bob.id, old)):
            await feedback.mark(conn, here, user_id, one, "useful", now)
        rated = Rating(guild_id=here, resource_id=old, user_id=alice, stars=5, rated_at=now)
        await feedback.rate(conn, rated)
        await feedback.rate(conn, replace(rated, resource_id=new, stars=1, rated_at=now - 9))
        kept = Keeping(guild_id=here, user_id=alice, resource_id=old, note="mine", changed_at=now)
        await keepings.keep(conn, replace(kept, state="done"))
        shown = Impression(
            guild_id=here,
            user_id=alice,
            resource_id=old,
            surface="recommend",
            position=1,
            arm="model",
            shown_at=now,
        )
        await impressions.append(conn, shown)
        steps = Path(guild_id=here, title="P", steps=(old, third), course_id=old, made_by=alice)
        await paths_of.add(conn, steps)
        said = Prerequisite(
            guild_id=here, resource_id=third, needs_id=old, added_by=alice, created_at=now
        )
        await prerequisites.add(conn, said)

    await world.app.database.write(job)


async def seen(world: World, old: int, new: int) -> dict[str, Any]:
    """Return what is read of both resources, wherever it is."""
    here, alice = world.guild.id, world.alice.id
    async with world.app.database.read() as conn:
        past = arrays.past(alice, await deeds.columns(conn, here, alice))
        found: dict[str, Any] = {
            "deeds": [deed.resource_id for deed in await deeds.of(conn, here, alice)],
            "past": past.finished,
            "tired": [one for one, *_ in await impressions.lately(conn, here, alice, 0.0, 9)],
            "chains": await paths_of.chains(conn, here),
            "needs": await prerequisites.of(conn, here),
            "kept": [
                (one.resource_id, one.note, one.state)
                for one in await keepings.of(conn, here, alice)
            ],
        }
        for number in (old, new):
            voices = await feedback.voices(conn, here, number)
            stars = await feedback.rating_of(conn, here, alice, number)
            kept = await keepings.one(conn, here, alice, number)
            found[f"voices {number}"] = voices.useful, voices.n_ratings, voices.stars
            found[f"stars {number}"] = stars.stars if stars else None
            found[f"kept {number}"] = kept.note, kept.state
            found[f"saved {number}"] = await deeds.is_saved(conn, here, alice, number)
            found[f"met {number}"] = await feedback.has_met(conn, here, alice, number)
        data = await load(conn, here, await training.watermark(conn, here))
        found["trained"] = sorted(set(data.items.tolist()))
        found["standing"] = {
            number: one.resource_id
            for number, one in (await catalog.standing_for(conn, here, [old, new])).items()
        }
    page = await world.app.services.library.keeping.page(here, alice)
    found["library"] = [one.shown.resource.resource_id for one in page.kept]
    walk = await world.app.services.paths.walk(here, alice, 1, role_ids=None)
    found["walk"] = [one.resource_id for one in walk.steps], walk.n_done
    found["course"] = walk.course.resource_id if walk.course else None
    return found


@pytest.mark.parametrize("is_merged", [True, False])
async def test_what_members_did_said_and_kept_follows_and_comes_back(
    world: World, is_merged: bool
) -> None:
    old, new, third = [await put(world, title) for title in ("Old", "New", "Third")]
    await lived(world, old, new, third)
    await world.app.database.write(
        lambda conn: allowed(conn, world.guild.id, world.alice.id, world.app.clock().timestamp())
    )
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    before = await seen(world, old, new)
    assert before["trained"] == [old] and before[f"voices {old}"] == (2, 1, 5)
    join = joining.merge if is_merged else joining.replace
    await join(world.guild.id, world.moderator.id, old, new)
    assert await seen(world, old, new) | {f"{k} {old}": 0 for k in OF_OLD} == {
        "deeds": [new] * 3,
        "past": [new],
        "tired": [new],
        "chains": ((new, third),),
        "needs": {third: frozenset({new})},
        "kept": [(new, "mine", "done")],
        f"voices {new}": (2, 1, 5),  # Alice once, by what she rated last
        f"stars {new}": 5,
        f"kept {new}": ("mine", "done"),
        f"met {new}": True,
        f"saved {new}": True,
        "trained": [new],
        "standing": {old: new, new: new},
        "library": [new],
        "walk": ([new, third], 1),
        "course": new,
        **{f"{k} {old}": 0 for k in OF_OLD},
    }
    await joining.part(world.guild.id, world.moderator.id, old)
    assert await seen(world, old, new) == before


OF_OLD = ("voices", "stars", "kept", "met", "saved")
"""What nobody asks any more of what is retired."""


async def allowed(conn: Connection, guild_id: int, user_id: int, now: float) -> None:
    await members.change_member(conn, guild_id, user_id, now, consent="granted")


async def test_what_is_taken_back_where_it_went_is_not_learned_from(world: World) -> None:
    old, new = await put(world, "Old"), await put(world, "New")
    here, alice = world.guild.id, world.alice.id
    library = world.app.services.library
    await library.toggle_shared(here, alice, old, 1)
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    await joining.merge(here, world.moderator.id, old, new)
    await world.env.advance_time(5)
    await library.toggle_shared(here, alice, old, 2)  # the old card's button
    async with world.app.database.read() as conn:
        assert not await deeds.is_saved(conn, here, alice, new)
        past = arrays.past(alice, await deeds.columns(conn, here, alice))
    assert len(past.lessons) == 0


async def test_a_chain_of_merges_and_its_editions_part_as_they_were(world: World) -> None:
    first, second, third, other = [await put(world, f"R {n}") for n in range(4)]
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    here, who = world.guild.id, world.moderator.id
    await joining.set_edition(here, who, other, second)
    await joining.set_edition(here, who, third, second)

    async def stored() -> list[tuple[int, int | None, int | None, str]]:
        async with world.app.database.read() as conn:
            rows = await conn.execute(select(resources).order_by(resources.c.resource_id))
            return [(r.resource_id, r.moved_to, r.edition_of, r.state) for r in rows]

    await joining.merge(here, who, first, second)
    before = await stored()
    await joining.merge(here, who, second, third)
    assert [row[1:3] for row in await stored()] == [
        (third, None),
        (third, None),
        (None, None),
        (None, third),
    ]
    await joining.part(here, who, second)
    assert await stored() == before
    await joining.part(here, who, first)
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(resource_joins))).all() == []


async def test_wishes_and_what_was_redeemed_are_told_of_as_what_they_are_now(world: World) -> None:
    old, new = await put(world, "Old"), await put(world, "New")
    here, alice, now = world.guild.id, world.alice.id, world.app.clock().timestamp()

    async def job(conn: Connection) -> None:
        number = await gaps.speak(conn, here, alice, "old things", "wished", now)
        await gaps.change(conn, number, state="fulfilled", resource_id=old, decided_at=now)

    await world.app.database.write(job)
    written = {"title": "Key", "description": "", "price": "5"}
    item = await world.app.services.shop.goods.add(
        here, world.moderator.id, "resource", written, resource_id=old
    )
    bought = Redemption(
        guild_id=here,
        user_id=alice,
        item_id=item.item.item_id,
        source_id=9,
        kind="resource",
        title="Key",
        price=0,
        state="done",
        created_at=now,
        changed_at=now,
        resource_id=old,
    )
    await world.app.database.write(lambda conn: orders.add_redemption(conn, bought))
    joining = world.client.get_cog("CuratingCog").service  # type: ignore[union-attr]
    await joining.merge(here, world.moderator.id, old, new)
    ((_, _, came),) = await world.app.services.gaps.to_tell()
    assert came is not None and came.resource_id == new
    (receipt,) = await world.app.services.shop.orders.redeemed(here, alice)
    assert receipt.resource is not None and receipt.resource.resource_id == new
    async with world.app.database.read() as conn:
        assert await access.owned(conn, here, alice, [], now) == {new}
