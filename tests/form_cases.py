"""Every form of the bot: how it is opened, filled in, and what it leaves in the database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.rewards import calendar, fields
from bot.rulebook import history_screen, publish_screen
from bot.submissions.rules import SCORES
from bot.tasks.service import Who
from storage.schema import metadata
from tests.discord_sim import START, World, button_id
from tests.evidence.test_evidence import make_ring
from tests.questions.scenes import open_forum
from tests.rulebook.test_rescore import day, wrote


async def rows(world: World, guild_id: int | None = None) -> set[str]:
    """Return every row of the database, or those of one server."""
    found = set()
    async with world.app.database.read() as conn:
        for table in metadata.sorted_tables:
            wanted = select(table)
            if guild_id is not None:
                if "guild_id" not in table.c:
                    continue
                wanted = wanted.where(table.c.guild_id == guild_id)
            found |= {f"{table.name} {row}" for row in await conn.execute(wanted)}
    return found


async def stocked(world: World) -> int:
    """Put an item on the shelf of a world's server and return its number."""
    written = {"title": "Thing", "description": "", "price": "5"}
    shop = world.app.services.shop
    made = await shop.goods.add(world.guild.id, world.moderator.id, "custom", written)
    return made.item.item_id


async def open_add(world: World) -> Any:
    return await world.moderator.slash(world.channel, "shop-admin add", kind="custom")


async def press_item(world: World, deed: str) -> Any:
    item_id = await stocked(world)
    card = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    return await world.moderator.click(card.response, custom_id=f"shop:item:{deed}:{item_id}")


async def open_edit(world: World) -> Any:
    return await press_item(world, "edit")


async def open_stock(world: World) -> Any:
    return await press_item(world, "stock")


async def open_terms(world: World) -> Any:
    return await press_item(world, "terms")


async def open_refund(world: World) -> Any:
    item_id, services = await stocked(world), world.app.services
    here, buyer = world.guild.id, world.alice.id
    await world.app.database.write(
        lambda conn: services.points.entries.give(
            conn, here, buyer, kind="award", amount=500, source_id=1
        )
    )
    await services.shop.orders.redeem(here, buyer, item_id, price=500, source_id=here)
    (bought,) = await services.shop.orders.queue(here)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    number = str(bought.redemption_id)
    one = await world.moderator.select(queue.response, [number], custom_id="shop:queued")
    return await world.moderator.click(one.response, custom_id=f"shop:queue:refund:{number}")


async def proposed(world: World, who: Any) -> Any:
    """Begin a submission that needs no page, and return the draft as its member sees it."""
    return await who.slash(world.channel, "submit", url="http://10.0.0.1/page")


async def press_draft(world: World, step: str) -> Any:
    shown = await proposed(world, world.moderator)
    pressed = button_id(shown.response, rf"submissions:draft:{step}:\d+")
    return await world.moderator.click(shown.response, custom_id=pressed)


async def open_proposal(world: World) -> Any:
    return await press_draft(world, "edit")


async def open_proposal_details(world: World) -> Any:
    return await press_draft(world, "details")


async def submitted(world: World) -> int:
    """Hand in something of somebody else's and return its number."""
    service, here, who = world.app.services.submissions, world.guild.id, world.alice.id
    begun = await service.begin(here, who, "http://10.0.0.1/page")
    assert begun.submission is not None
    number = begun.submission.submission_id
    await service.edit(here, who, number, {"title": "Page", "kind": "tool"})
    await service.submit(here, who, number)
    return number


async def press_case(world: World, step: str) -> Any:
    number = await submitted(world)
    queue = await world.moderator.slash(world.channel, "review")
    shown = await world.moderator.select(
        queue.response, [str(number)], custom_id="submissions:queue"
    )
    pressed = f"submissions:case:{step}:{number}"
    return await world.moderator.click(shown.response, custom_id=pressed)


async def open_rejection(world: World) -> Any:
    return await press_case(world, "reject")


async def open_correction(world: World) -> Any:
    return await press_case(world, "edit")


async def open_task(world: World) -> Any:
    await world.app.services.catalog.add(
        world.guild.id,
        world.moderator.id,
        {"kind": "course", "title": "Ownership", "url": "https://doc.example/1"},
    )
    return await world.moderator.slash(world.channel, "task new", resource="Ownership")


async def set_task(world: World) -> Any:
    form = await open_task(world)
    return await world.moderator.submit_modal(form, {"title": "Borrow it", "text": "Do it."})


async def open_task_edit(world: World) -> Any:
    await set_task(world)
    return await world.moderator.slash(world.channel, "task edit", task="Borrow it")


async def open_work(world: World) -> Any:
    made = await set_task(world)
    pressed = button_id(made.response, r"tasks:hand-in:\d+")
    return await world.moderator.click(made.response, custom_id=pressed)


async def open_mark(world: World) -> Any:
    await set_task(world)
    shown = await world.alice.slash(world.channel, "task show", task="Borrow it")
    pressed = button_id(shown.response, r"tasks:hand-in:\d+")
    form = await world.alice.click(shown.response, custom_id=pressed)
    await world.alice.submit_modal(form, {"text": "mine"})
    queue = await world.moderator.slash(world.channel, "task mark")
    who = Who(guild_id=world.guild.id, user_id=world.moderator.id, role_ids=None, is_moderator=True)
    ((_, work), *_), _ = await world.app.services.tasks.marking.queue(who)
    case = await world.moderator.select(
        queue.response, [str(work.work_id)], custom_id="tasks:queue"
    )
    pressed = button_id(case.response, r"tasks:mark:again:\d+:\d+")
    return await world.moderator.click(case.response, custom_id=pressed)


async def open_review(world: World) -> Any:
    number, moderator = await submitted(world), world.moderator
    deciding = world.app.services.submissions.deciding
    await deciding.ask(world.guild.id, moderator.id, number, moderator.id)
    shown = await moderator.slash(world.channel, "review")
    return await moderator.click(shown.response, custom_id=f"submissions:expert:review:{number}")


async def open_interests(world: World) -> Any:
    card = await world.moderator.slash(world.channel, "profile view")
    return await world.moderator.click(card.response, custom_id="profile:interests")


async def open_change(world: World) -> Any:
    draft = await world.moderator.slash(world.channel, "rules draft")
    section = await world.moderator.select(
        draft.response, ["message"], custom_id="rulebook:section"
    )
    return await world.moderator.select(
        section.response, ["points"], custom_id="rulebook:field:message"
    )


async def drafted(world: World) -> None:
    book, field = world.app.services.rulebook, fields.field_of("message", "points")
    await book.drafts.edit(world.guild.id, world.moderator.id, field, "3")


async def asked(world: World, template: str) -> Any:
    shown = await world.moderator.slash(world.channel, "rules publish")
    return await world.moderator.click(
        shown.response, custom_id=button_id(shown.response, template)
    )


async def open_publish(world: World) -> Any:
    await drafted(world)
    return await asked(world, publish_screen.PUBLISH_TEMPLATE)


async def earned(world: World) -> None:
    """Let a member earn something that the draft would pay otherwise."""
    await wrote(world, world.alice, 3, 1_000)
    await drafted(world)


async def open_since(world: World) -> Any:
    await earned(world)
    return await asked(world, publish_screen.SINCE_TEMPLATE)


async def open_rescore(world: World) -> Any:
    await earned(world)
    since = {"rescore-since": day(world)}
    shown = await world.moderator.slash(world.channel, "rules publish", **since)
    again = button_id(shown.response, publish_screen.RESCORE_TEMPLATE)
    return await world.moderator.click(shown.response, custom_id=again)


async def open_undo(world: World) -> Any:
    await earned(world)
    book = world.app.services.rulebook
    stamp = (await book.drafts.draft(world.guild.id)).stamp
    since = calendar.day_start(day(world), "UTC")
    await book.publishing.publish(world.guild.id, world.moderator.id, stamp, "fairer", since=since)
    await world.app.services.points.go_on()
    shown = await world.moderator.slash(world.channel, "rules history")
    undo = button_id(shown.response, history_screen.UNDO_TEMPLATE)
    return await world.moderator.click(shown.response, custom_id=undo)


async def open_rollback(world: World) -> Any:
    book, points = world.app.services.rulebook, fields.field_of("message", "points")
    await book.publishing.set_value(world.guild.id, world.moderator.id, points, "3", "more")
    shown = await world.moderator.slash(world.channel, "rules history")
    back = button_id(shown.response, history_screen.ROLLBACK_TEMPLATE)
    return await world.moderator.click(shown.response, custom_id=back)


async def open_ring(world: World) -> Any:
    await make_ring(world)
    seen = await world.app.services.evidence.evidence(world.guild.id)
    shown = await world.moderator.slash(world.channel, "rules evidence")
    rings = f"rulebook:rings:{seen.since}:{seen.last}"
    (ring,) = seen.found.rings
    one = await world.moderator.select(shown.response, [ring.key], custom_id=rings)
    hold = button_id(one.response, r"rulebook:ring:hold:.*")
    return await world.moderator.click(one.response, custom_id=hold)


async def open_synonyms(world: World) -> Any:
    return await world.moderator.slash(world.channel, "server synonyms")


async def open_ask(world: World) -> Any:
    await open_forum(world)
    return await world.moderator.slash(world.channel, "ask")


async def opened_resource(world: World, who: Any) -> Any:
    """Have a member open a resource of the catalogue, and return what they see."""
    raw = {"kind": "tool", "title": "Cargo", "url": "https://doc.example/cargo"}
    made = await world.app.services.catalog.add(world.guild.id, world.bob.id, raw)
    shown = await who.slash(world.channel, "search", query="cargo")
    opened = await who.click(shown.response, custom_id=button_id(shown.response, r"card:open:\d+"))
    return opened.response, f"{world.guild.id}:{made.resource_id}"


async def open_sentence(world: World) -> Any:
    message, about = await opened_resource(world, world.moderator)
    rated = await world.moderator.select(message, ["4"], custom_id=f"say:stars:{about}")
    return await world.moderator.click(rated.response or message, custom_id=f"say:sentence:{about}")


async def open_note(world: World) -> Any:
    message, about = await opened_resource(world, world.moderator)
    return await world.moderator.click(message, custom_id=f"say:note:{about}")


async def open_times(world: World) -> Any:
    screen = await world.moderator.slash(world.channel, "questions setup")
    return await world.moderator.click(screen.response, custom_id="questions:times")


async def open_card(world: World) -> Any:
    return await world.moderator.slash(world.channel, "expert card")


@dataclass(frozen=True)
class Case:
    """A form: where in the code it is shown, how it is opened, filled in, and what it leaves."""

    form: str
    place: str
    open: Callable[[World], Awaitable[Any]]
    filled: Callable[[int], dict[str, Any]]
    stored: Callable[[int], str]
    """What the server's rows hold afterwards that they did not hold before, "" for nothing."""
    wrong: dict[str, Any]
    """What is refused for what it says."""
    is_for_everybody: bool = False


def reason(n: int) -> dict[str, Any]:
    return {"reason": f"reason {n}"}


CASES = [
    Case(
        form="shop:add",
        place="shop/cog.py:add",
        open=open_add,
        filled=lambda n: {"title": f"Item {n}", "price": "5"},
        stored=lambda n: f"Item {n}",
        wrong={"title": "A *loud* sticker", "description": "First line,\nsecond.", "price": "lots"},
    ),
    Case(
        form="shop:edit",
        place="shop/cog.py:on_item",
        open=open_edit,
        filled=lambda n: {"title": f"Better {n}", "price": "5"},
        stored=lambda n: f"Better {n}",
        wrong={"title": "Better", "description": "", "price": "free"},
    ),
    Case(
        form="shop:stock",
        place="shop/cog.py:on_item",
        open=open_stock,
        filled=lambda n: {"stock": f"4{n}"},
        stored=lambda n: f"4{n}",
        wrong={"stock": "some"},
    ),
    Case(
        form="shop:terms",
        place="shop/cog.py:on_item",
        open=open_terms,
        filled=lambda n: {"per_member": f"7{n}"},
        stored=lambda n: f"7{n}",
        wrong={"per_member": "7", "min_level": "high", "from_at": "2026-04-01"},
    ),
    Case(
        form="shop:refund",
        place="shop/cog.py:on_queue",
        open=open_refund,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
    Case(
        form="feedback:sentence",
        place="feedback/cog.py:_sentence",
        open=open_sentence,
        filled=lambda n: {"sentence": f"sentence {n}"},
        stored=lambda n: f"sentence {n}",
        wrong={"sentence": "see https://elsewhere.example"},
        is_for_everybody=True,
    ),
    Case(
        form="library:note",
        place="library/shelf_cog.py:_note",
        open=open_note,
        filled=lambda n: {"note": f"note {n}"},
        stored=lambda n: f"note {n}",
        wrong={"note": "\u2800"},
        is_for_everybody=True,
    ),
    Case(
        form="submissions:words",
        place="submissions/cog.py:_correct",
        open=open_proposal,
        filled=lambda n: {"title": f"Page {n}", "kind": ["tool"]},
        stored=lambda n: f"Page {n}",
        wrong={"title": "Page", "kind": ["tool"], "tags": "x" * 31},
        is_for_everybody=True,
    ),
    Case(
        form="submissions:details",
        place="submissions/cog.py:_correct",
        open=open_proposal_details,
        filled=lambda n: {"minutes": f"7{n}"},
        stored=lambda n: f"7{n}",
        wrong={"minutes": "7", "price": "cheap"},
        is_for_everybody=True,
    ),
    Case(
        form="submissions:reject",
        place="submissions/review_cog.py:_reject",
        open=open_rejection,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
    Case(
        form="submissions:words",
        place="submissions/review_cog.py:_edit",
        open=open_correction,
        filled=lambda n: {"title": f"Better {n}", "kind": ["tool"]},
        stored=lambda n: f"Better {n}",
        wrong={"title": "Better", "kind": ["tool"], "tags": "x" * 31},
    ),
    Case(
        form="tasks:task",
        place="tasks/cog.py:new",
        open=open_task,
        filled=lambda n: {"title": f"Task {n}", "text": "Do it."},
        stored=lambda n: f"Task {n}",
        wrong={"title": "A *loud* task", "text": "First line,\nsecond.", "due": "soon"},
        is_for_everybody=True,
    ),
    Case(
        form="tasks:task",
        place="tasks/cog.py:edit",
        open=open_task_edit,
        filled=lambda n: {"title": f"Better {n}", "text": "Do it."},
        stored=lambda n: f"Better {n}",
        wrong={"title": "Better", "text": "\u2800"},
        is_for_everybody=True,
    ),
    Case(
        form="tasks:work",
        place="tasks/cog.py:_hand_in",
        open=open_work,
        filled=lambda n: {"text": f"work {n}"},
        stored=lambda n: f"work {n}",
        wrong={"text": "mine", "link": "javascript:alert(1)"},
        is_for_everybody=True,
    ),
    Case(
        form="tasks:mark",
        place="tasks/cog.py:on_mark",
        open=open_mark,
        filled=lambda n: {"sentence": f"sentence {n}"},
        stored=lambda n: f"sentence {n}",
        wrong={"sentence": "\u2800"},
        is_for_everybody=True,
    ),
    Case(
        form="submissions:review",
        place="submissions/cog.py:on_expert",
        open=open_review,
        filled=lambda n: {
            **{name: ["4"] for name in SCORES},
            "sentence": f"sentence {n}",
        },
        stored=lambda n: f"sentence {n}",
        wrong={
            **{name: ["4"] for name in SCORES},
            "sentence": "\u2800",
        },
        is_for_everybody=True,
    ),
    Case(
        form="profile:interests",
        place="profile/cog.py:press_interests",
        open=open_interests,
        filled=lambda n: {"interests": f"topic {n}"},
        stored=lambda n: f"topic {n}",
        wrong={"interests": "x" * 31},
        is_for_everybody=True,
    ),
    Case(
        form="search:synonyms",
        place="search/cog.py:synonyms",
        open=open_synonyms,
        filled=lambda n: {"lines": f"cluster {n}, 集群 {n}"},
        stored=lambda n: f"cluster {n}",
        wrong={"lines": "cluster, 集群\nalone"},
    ),
    Case(
        form="questions:ask",
        place="questions/asking.py:open",
        open=open_ask,
        filled=lambda n: {"title": f"Question {n}"},
        stored=lambda n: "",
        wrong={"title": "Why?", "tags": "x" * 31},
        is_for_everybody=True,
    ),
    Case(
        form="experts:card",
        place="experts/cog.py:card",
        open=open_card,
        filled=lambda n: {
            "topics": f"topic {n}",
            "hours": "18-22",
            "days": ["0"],
            "reach": ["dm"],
        },
        stored=lambda n: f"topic {n}",
        wrong={"topics": "sql", "hours": "late", "days": ["0"], "reach": ["dm"]},
        is_for_everybody=True,
    ),
    Case(
        form="questions:times",
        place="questions/cog.py:on_times",
        open=open_times,
        filled=lambda n: {
            "nudge_h": f"7{n}",
            "still_d": "5",
            "stale_d": "7",
            "invite_min": "30",
        },
        stored=lambda n: f"7{n}",
        wrong={"nudge_h": "soon", "still_d": "5", "stale_d": "7", "invite_min": "30"},
    ),
    Case(
        form="rulebook:change",
        place="rulebook/presses.py:_ask",
        open=open_change,
        filled=lambda n: {"value": f"7{n}"},
        stored=lambda n: f"7{n}",
        wrong={"value": "a few"},
    ),
    Case(
        form="rulebook:publish",
        place="rulebook/presses.py:on_publish",
        open=open_publish,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "spring", "at": "yesterday"},
    ),
    Case(
        form="rulebook:since",
        place="rulebook/presses.py:on_since",
        open=open_since,
        filled=lambda n: {"day": START.strftime("%Y-%m-%d")},
        stored=lambda n: "",
        wrong={"day": "soon"},
    ),
    Case(
        form="rulebook:rescore",
        place="rulebook/presses.py:on_rescore",
        open=open_rescore,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
    Case(
        form="rulebook:undo",
        place="rulebook/presses.py:on_undo",
        open=open_undo,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
    Case(
        form="rulebook:rollback",
        place="rulebook/presses.py:on_rollback",
        open=open_rollback,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
    Case(
        form="rulebook:ring",
        place="evidence/cog.py:on_ring",
        open=open_ring,
        filled=reason,
        stored=lambda n: f"reason {n}",
        wrong={"reason": "\u2800"},
    ),
]
BY_NAME = pytest.mark.parametrize("case", CASES, ids=lambda case: case.form)
