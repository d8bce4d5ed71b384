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
