"""Setting tasks, handing in, marking: as members, creators and moderators see them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import StaleError
from bot.tasks.service import Who
from storage import catalog, tasks
from storage.schema import works
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.experts.test_invitations import letters
from tests.purchases.scenes import COURSE, grant, shelved, sold, tick
from tests.recommend.test_commands import ask, rows

TITLE = COURSE


async def set_task(world: World, who: Any, title: str = "Borrow it", **values: str) -> Any:
    """Set a task through the form, and return what its maker sees."""
    form = await who.slash(world.channel, "task new", resource=TITLE)
    filled = {"title": title, "text": "Write a function that borrows.", **values}
    return (await who.submit_modal(form, filled)).response


async def hand_in(world: World, who: Any, text: str = "", link: str = "") -> Any:
    shown = await ask(world, who, "task show", task="Borrow")
    form = await who.click(shown, custom_id=button_id(shown, r"tasks:hand-in:\d+"))
    return (await who.submit_modal(form, {"text": text, "link": link})).response


async def mark(world: World, who: Any, verdict: str, sentence: str = "") -> Any:
    """Mark the oldest that waits, and return what the marker sees next."""
    queue = await ask(world, who, "task mark")
    (waiting, *_), _ = await world.app.services.tasks.marking.queue(asks(world, who))
    case = await who.select(queue, [str(waiting[1].work_id)], custom_id="tasks:queue")
    pressed = button_id(case.response, rf"tasks:mark:{verdict}:\d+:\d+")
    form = await who.click(case.response, custom_id=pressed)
    return (await who.submit_modal(form, {"sentence": sentence})).response


def asks(world: World, who: Any) -> Who:
    is_moderator = who is world.moderator
    return Who(
        guild_id=world.guild.id,
        user_id=who.id,
        role_ids=None if is_moderator else [],
        is_moderator=is_moderator,
    )


async def test_a_task_is_set_handed_in_sent_back_and_done(world: World) -> None:
    await shelved(world)
    assert "nothing to do here yet" in texts_of(await ask(world, world.alice, "task list"))
    made = texts_of(await set_task(world, world.moderator, due="2026-12-31"))
    assert "The task is set" in made and "📘 Rust from scratch" in made and "until" in made
    listed = await ask(world, world.alice, "task list")
    assert "One task" in texts_of(listed) and "due" in texts_of(listed)
    done = texts_of(await hand_in(world, world.alice, "fn f(s: &str)\n    with *care*"))
    assert "```\nfn f(s: &str)\n    with *care*\n```" in done and "📨 handed in" in done
    queue = texts_of(await mark(world, world.moderator, "again", "And a mutable one?"))
    assert "🔁 to do again" in queue and "Nothing waits" in queue
    shown = texts_of(await ask(world, world.alice, "task show", task="Borrow"))
    assert "🔁 to do again" in shown and "And a mutable one?" in shown
    await hand_in(world, world.alice, "fn f(s: &mut str)", "https://example.org/mine")
    await mark(world, world.moderator, "excellent")
    shown = await ask(world, world.alice, "task show", task="Borrow")
    assert "🌟 excellent" in texts_of(shown) and "https://example.org/mine" in texts_of(shown)
    assert not [b for b in buttons_of(shown) if "hand-in" in str(b)]
    (kept,) = await rows(world, works)
    assert (kept.text, kept.mark, kept.sentence) == ("fn f(s: &mut str)", "excellent", "")


async def test_a_member_hears_once_how_it_was_marked_and_not_of_a_slip(world: World) -> None:
    await shelved(world)
    await set_task(world, world.moderator)
    await hand_in(world, world.alice, "mine")
    marked = await mark(world, world.moderator, "again", "Not yet.")
    await tick(world, "tasks")
    assert letters(world.alice) == []
    again = await world.moderator.click(marked, custom_id=button_id(marked, r"tasks:case:\d+"))
    pressed = button_id(again.response, r"tasks:mark:done:\d+:\d+")
    form = await world.moderator.click(again.response, custom_id=pressed)
    await world.moderator.submit_modal(form, {"sentence": "It is fine."})
    await world.env.advance_time(61)
    for _ in range(2):
        await tick(world, "tasks")
    (letter,) = letters(world.alice)
    assert "“Borrow it” in" in texts_of(letter) and "is done" in texts_of(letter)
    assert "It is fine." in texts_of(letter)


async def test_others_see_a_solution_only_where_its_member_says_so_and_it_is_done(
    world: World,
) -> None:
    await shelved(world)
    await set_task(world, world.moderator)
    shown = await hand_in(world, world.alice, "my secret way")
    await world.alice.click(shown, custom_id=button_id(shown, r"tasks:share:\d+"))
    assert "works" not in str(buttons_of(await ask(world, world.bob, "task show", task="Borrow")))
    await mark(world, world.moderator, "done")
    seen = await ask(world, world.bob, "task show", task="Borrow")
    opened = await world.bob.click(seen, custom_id=button_id(seen, r"tasks:works:\d+"))
    assert "my secret way" in texts_of(opened.response)
    shown = await ask(world, world.alice, "task show", task="Borrow")
    await world.alice.click(shown, custom_id=button_id(shown, r"tasks:share:\d+"))
    gone = await world.bob.click(seen, custom_id=button_id(seen, r"tasks:works:\d+"))
    assert "my secret way" not in texts_of(gone.response)


async def test_who_may_set_change_and_mark(lenient_world: World) -> None:
    world = lenient_world
    number = (await shelved(world)).resource_id
    refused = await ask(world, world.alice, "task new", resource=TITLE)
    assert "set by moderators, and by whoever made" in texts_of(refused)
    async with world.app.database.read() as conn:
        known = await catalog.resource(conn, world.guild.id, number)
    assert known is not None
    own = replace(known, creator_id=world.alice.id)
    await world.app.database.write(lambda conn: catalog.change(conn, own))
    await set_task(world, world.alice)
    await hand_in(world, world.bob, "Bob's")
    await hand_in(world, world.alice, "Alice's own")
    assert "doesn't match exactly one" in texts_of(
        await ask(world, world.bob, "task edit", task="Borrow")
    )
    assert "Nothing waits" in texts_of(await ask(world, world.bob, "task mark"))
    assert "One member waits" in texts_of(await ask(world, world.alice, "task mark"))
    await mark(world, world.alice, "done")
    ended = texts_of(await ask(world, world.alice, "task end", task="Borrow"))
    assert "out of sight" in ended
    assert "nothing to do" in texts_of(await ask(world, world.bob, "task list"))
    await ask(world, world.alice, "task end", task="Borrow", restore=True)
    assert "✅ done" in texts_of(await ask(world, world.bob, "task list"))


async def test_what_is_behind_a_role_or_a_price_shows_its_tasks_to_nobody_else(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = next(each for each in world.guild.roles.values() if each.name == "Mods")
    await shelved(world, role_id=role.id)
    await set_task(world, world.moderator)
    assert "nothing to do" in texts_of(await ask(world, world.alice, "task list"))
    assert "doesn't match" in texts_of(await ask(world, world.alice, "task show", task="id:1"))
    with pytest.raises(StaleError, match="error-tasks-gone"):
        await world.app.services.tasks.hand_in(asks(world, world.alice), 1, "mine", "")


async def test_the_tasks_of_what_is_sold_are_seen_by_who_bought_it(world: World) -> None:
    course = await shelved(world)
    await set_task(world, world.moderator)
    assert "One task" in texts_of(await ask(world, world.alice, "task list"))
    await sold(world, "Rust course", course)
    assert "nothing to do" in texts_of(await ask(world, world.alice, "task list"))
    await grant(world, world.alice)
    assert "One task" in texts_of(await ask(world, world.alice, "task list"))
    assert "nothing to do" in texts_of(await ask(world, world.bob, "task list"))


@pytest.mark.parametrize(
    ("due", "said"), [("soon", "“soon” is no day"), ("2020-01-01", "2020-01-01 is over")]
)
async def test_a_day_that_is_none_or_over_is_refused_and_nothing_typed_is_lost(
    lenient_world: World, due: str, said: str
) -> None:
    world = lenient_world
    await shelved(world)
    refused = texts_of(await set_task(world, world.moderator, due=due))
    assert said in refused and "Write a function that borrows." in refused


async def test_a_mark_of_what_was_handed_in_again_meanwhile_is_refused(
    lenient_world: World,
) -> None:
    world = lenient_world
    await shelved(world)
    await set_task(world, world.moderator)
    await hand_in(world, world.alice, "first")
    service, who = world.app.services.tasks, asks(world, world.moderator)
    ((_, seen),), _ = await service.marking.queue(who)
    queue = await ask(world, world.moderator, "task mark")
    case = await world.moderator.select(queue, [str(seen.work_id)], custom_id="tasks:queue")
    pressed = button_id(case.response, r"tasks:mark:done:\d+:\d+")
    form = await world.moderator.click(case.response, custom_id=pressed)
    await world.env.advance_time(5)
    await hand_in(world, world.alice, "second")
    refused = await world.moderator.submit_modal(form, {"sentence": "Well done."})
    assert "handed in again meanwhile" in texts_of(refused.response)
    pressed_late = await world.moderator.click(case.response, custom_id=pressed)
    assert "handed in again meanwhile" in texts_of(pressed_late.response)
    async with world.app.database.read() as conn:
        found = await tasks.work_of(conn, 1, world.alice.id)
    assert found is not None and (found.text, found.mark) == ("second", None)


async def test_tasks_in_chinese(world: World) -> None:
    await shelved(world)
    await set_task(world, world.moderator, "借用")
    set_locale(world.alice, "zh-CN")
    text = texts_of(await ask(world, world.alice, "task list"))
    assert "1 份作业" in text and "不限时间" in text
