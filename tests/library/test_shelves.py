"""All that a member keeps: progress and notes on cards, `/library`, and its file."""

import csv
import io
from typing import Any

import pytest

from bot.library import rules
from storage.records import Deed, EventKind, Keeping
from storage.schema import keepings
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.feedback.test_commands import labels, more, opened, said, say
from tests.links.test_buttons import seed
from tests.purchases.scenes import grant, later, shelved, sold
from tests.recommend.community import act, settle
from tests.recommend.test_commands import NOW, ask, rows


def kept(resource_id: int, at: float, **fields: Any) -> Keeping:
    return Keeping(guild_id=1, user_id=2, resource_id=resource_id, changed_at=at, **fields)


def test_a_library_is_what_was_saved_and_what_is_kept_the_last_touched_first() -> None:
    deeds = [
        Deed(1, EventKind.SAVE, 1.0),
        Deed(2, EventKind.SAVE, 2.0, stands=False),
        Deed(3, EventKind.OPEN, 3.0),
    ]
    found = rules.entries(deeds, [kept(4, 5.0, note="why"), kept(1, 9.0, state="done")])
    assert [(each.resource_id, sorted(each.shelves), each.note) for each in found] == [
        (1, ["all", "done", "saved"], ""),
        (4, ["all", "noted"], "why"),
    ]


def test_what_was_bought_stands_on_a_shelf_of_its_own() -> None:
    deeds = [Deed(1, EventKind.SAVE, 7.0)]
    found = rules.entries(deeds, [kept(2, 5.0, state="started")], {1: 3.0, 2: 9.0, 3: 0.0})
    assert [(each.resource_id, sorted(each.shelves)) for each in found] == [
        (2, ["all", "bought", "started"]),
        (1, ["all", "bought", "saved"]),
        (3, ["all", "bought"]),
    ]


COURSE, TALK, BOOK = 1, 2, 3
LESSONS = {COURSE: (11, 12, 13)}


@pytest.mark.parametrize(
    ("deeds", "states", "expected"),
    [
        ([], {}, None),  # bought and not begun
        ([(TALK, EventKind.OPEN, 1.0)], {}, None),  # opened, neither bought nor begun
        ([(BOOK, EventKind.OPEN, 1.0)], {}, (BOOK, None)),
        ([(11, EventKind.OPEN, 1.0)], {}, (11, COURSE)),
        ([(11, EventKind.DONE, 1.0)], {}, (12, COURSE)),
        ([(12, EventKind.KNOWN, 2.0), (11, EventKind.DONE, 1.0)], {}, (13, COURSE)),
        ([(n, EventKind.DONE, 1.0) for n in (11, 12, 13)], {}, None),
        ([(11, EventKind.DONE, 1.0)], {COURSE: "done"}, None),
        ([(11, EventKind.DONE, 1.0), (BOOK, EventKind.OPEN, 5.0)], {}, (BOOK, None)),
        ([(11, EventKind.DONE, 9.0), (BOOK, EventKind.OPEN, 5.0)], {}, (12, COURSE)),
        ([(TALK, EventKind.STARTED, 9.0)], {TALK: "started"}, (TALK, None)),
        ([(TALK, EventKind.DONE, 9.0)], {TALK: "done"}, None),
    ],
)
def test_where_somebody_left_off(deeds: Any, states: Any, expected: Any) -> None:
    done = [Deed(number, kind, at) for number, kind, at in deeds]
    states = [kept(number, 1.0, state=state) for number, state in states.items()]
    found = rules.entries(done, states, {COURSE: 0.0, BOOK: 0.0})
    on = rules.onward(found, LESSONS, done)
    assert (on and (on.resource_id, on.course_id)) == expected


async def test_a_bought_course_shows_its_lessons_and_goes_on_with_the_next(
    lenient_world: World,
) -> None:
    world = lenient_world
    course = await shelved(world)
    lessons = [await shelved(world, f"Lesson {n}", f"https://l.example/{n}") for n in range(3)]
    who, paths = (world.guild.id, world.moderator.id), world.app.services.paths
    path = await paths.make(*who, "Rust", "", course, is_moderator=True)
    for one in lessons:
        await paths.place(*who, path.path_id, one.resource_id, None, is_moderator=True)
    product = await sold(world, "Rust course", course)
    for one in lessons:
        await world.app.services.purchases.products.open_resource(
            *who, product.product_id, one, is_open=True
        )
    nothing = await world.alice.slash(world.channel, "library", show="bought")
    assert "Rust from scratch" not in texts_of(nothing.response)
    await grant(world, world.alice)
    result = await world.alice.slash(world.channel, "library", show="bought")
    told = texts_of(result.response)
    assert "4 resources in your library" in told and "🛒 Rust from scratch" in told.replace("*", "")
    assert "0 of 3 lessons done" in told and "Continue" not in told
    await world.app.services.library.keeping.turn(
        world.guild.id, world.alice.id, lessons[0].resource_id, "done", 77, roles_in=nobody
    )
    result = await world.alice.slash(world.channel, "library")
    told = texts_of(result.response)
    assert "Continue where you left off" in told and "1 of 3 lessons done" in told
    assert told.index("Lesson 1") < told.index("the next lesson of “Rust from scratch”")
    opening = next(b for b in buttons_of(result.response) if "Open" in (b.label or ""))
    answer = await world.alice.click(result.response, custom_id=opening.custom_id)
    assert "https://l.example/1" in str(answer.response.components) + texts_of(answer.response)
    refund = world.app.services.purchases
    (bought,) = await refund.by_hand.of_member(world.guild.id, world.alice.id)
    await refund.by_hand.refund(
        *who, bought.purchase.purchase_id, source_id=78, reason="they did not like it"
    )
    later(world, days=1)
    result = await world.alice.slash(world.channel, "library")
    assert "🛒" not in texts_of(result.response) and "Lesson 1" not in texts_of(result.response)


async def nobody(guild_id: int, user_id: int) -> list[int]:
    return []


@pytest.mark.parametrize(
    ("before", "pressed", "after"),
    [
        (None, "started", "started"),
        ("started", "started", None),
        ("started", "done", "done"),
        ("done", "done", None),
        ("done", "started", "started"),
    ],
)
def test_progress_turns(before: Any, pressed: Any, after: Any) -> None:
    assert rules.turned(before, pressed) == after


async def note(world: World, message: Any, text: str) -> Any:
    form = await world.alice.click(message, custom_id=f"say:note:{world.guild.id}:1")
    result = await world.alice.submit_modal(form, {"note": text})
    return result.response or message


async def test_progress_and_a_note_are_kept_and_taken_back(world: World) -> None:
    await seed(world)
    message = await opened(world, world.alice)
    for what in ("started", "done", "started", "started", "done"):
        message = await say(world, world.alice, message, what)
    assert {"In progress", "Done ✓"} <= labels(message)
    started, done = int(EventKind.STARTED), int(EventKind.DONE)
    assert await said(world, world.alice) == [
        ("STARTED", 0),
        ("DONE", 0),
        ("RETRACTED", done),
        ("STARTED", 0),
        ("RETRACTED", started),
        ("DONE", 0),
    ]
    message = await note(world, message, "Read **chapter 4** again")
    assert "Note ✓" in labels(message) and "📝 Read" in texts_of(message)
    assert "📝 Read" in texts_of(await more(world, world.alice))
    assert "📝" not in texts_of(await more(world, world.bob))
    message = await note(world, message, "")
    assert "Note" in labels(message) and "📝" not in texts_of(message)
    await say(world, world.alice, message, "done")
    assert not await rows(world, keepings)


async def test_the_library_has_filters_pages_and_a_file(world: World) -> None:
    found = await settle(world.app.database, world.guild.id)
    database, here, alice = world.app.database, world.guild.id, world.alice.id
    assert "Nothing here yet" in texts_of(await ask(world, world.alice, "library"))
    await act(database, here, alice, EventKind.SAVE, found.rockets[:9], NOW - 60)
    shown = await world.alice.slash(world.channel, "recommend")
    panel = await world.alice.click(
        shown.response, custom_id=button_id(shown.response, r"card:more:\d+")
    )
    done = button_id(panel.response, r"say:done:\d+:\d+")
    await world.alice.click(panel.response, custom_id=done)
    first = await ask(world, world.alice, "library")
    assert "10 resources in your library" in texts_of(first)
    assert "Page 1 of 2" in texts_of(first) and "✅ **" in texts_of(first)
    turned = await world.alice.click(first, custom_id="library:page:all::2")
    assert "Page 2 of 2" in texts_of(turned.response or first)
    narrowed = await world.alice.select(first, ["done"], custom_id="library:shelf:")
    assert "One resource" in texts_of(narrowed.response or first)
    courses = await ask(world, world.alice, "library", show="saved", kind="course")
    assert "3 resources in your library\n-# course" in texts_of(courses)
    sent = await world.alice.click(courses, custom_id="library:file:saved:course")
    (attached,) = sent.response.attachments
    content = (await attached.read()).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(content)))
    assert table[0][:2] == ["title", "kind"] and len(table) == 4


async def test_the_library_speaks_chinese_and_leads_to_the_card(world: World) -> None:
    await seed(world)
    set_locale(world.alice, "zh-CN")
    message = await opened(world, world.alice)
    await say(world, world.alice, message, "started")
    shown = await ask(world, world.alice, "library")
    assert "资料库里有 1 个资源" in texts_of(shown) and "▶️ **Owner" in texts_of(shown)
    (button,) = [b for b in buttons_of(shown) if (b.custom_id or "").startswith("card:more")]
    panel = await world.alice.click(shown, custom_id=button.custom_id)
    assert "在学 ✓" in labels(panel.response)
