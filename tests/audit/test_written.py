"""Whatever a moderator changes, by command, form or button, is written down.

The commands come from the tree, the forms and buttons from what the client answers: a new one is
missed here until it is said whether it changes anything, and by a test what it writes.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from bot import ui
from bot.audit import rules, views
from bot.i18n import LANGUAGES, Texts, keys
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from storage import audit, feedback
from storage.records import AuditAction, AuditRow, Rating
from storage.schema import audit as audit_table
from storage.schema import audit_about
from tests.discord_sim import World, button_id, staff_channel
from tests.experts.test_invitations import card
from tests.experts.test_reviews import propose, seek
from tests.form_cases import CASES, Case, open_refund, rows, stocked
from tests.insights.test_figures import fill
from tests.levels.test_levels import waiting
from tests.pages.hostile import hostile_server
from tests.questions.scenes import open_forum
from tests.rulebook.test_commands import change
from tests.test_components import registered
from tests.test_docs import commands

FORMS = [case for case in CASES if not case.is_for_everybody and case.stored(1)]
Scene = Callable[[World], Awaitable[Any]]
TITLE = "Ownership"


async def shelved(world: World) -> None:
    catalog = world.app.services.catalog
    raw = {"kind": "article", "title": TITLE, "url": "https://doc.example/1"}
    await catalog.add(world.guild.id, world.moderator.id, raw)


async def other(world: World) -> None:
    catalog = world.app.services.catalog
    raw = {"kind": "article", "title": "Other", "url": "https://doc.example/2"}
    await catalog.add(world.guild.id, world.moderator.id, raw)


async def merged(world: World) -> None:
    await shelved(world)
    await other(world)
    option = {"resource": TITLE, "into": "Other"}
    await world.moderator.slash(world.channel, "resource merge", **option)


async def found_current(world: World) -> None:
    await shelved(world)
    stale = {"published": "2020-01-01"}
    await world.app.services.catalog.edit(world.guild.id, world.moderator.id, 1, stale)
    shown = await world.moderator.slash(world.channel, "resource review")
    one = await world.moderator.select(shown.response, ["1"], custom_id="fresh:pick")
    await world.moderator.click(one.response, custom_id="fresh:do:current:1")


def slash(name: str, /, *before: Scene, **options: Any) -> tuple[str, Scene]:
    """Return a command with the scene it plays in; an option may be made of the world."""

    async def play(world: World) -> None:
        for scene in before:
            await scene(world)
        given = {key: value(world) if callable(value) else value for key, value in options.items()}
        await world.moderator.slash(world.channel, name, **given)

    return name, play


async def weekly(world: World) -> None:
    await WRITING["channel-digest setup"](world)


async def published(world: World) -> None:
    await world.moderator.slash(world.channel, "rules set", **_SET)


async def rewarded(world: World) -> None:
    await world.moderator.slash(world.channel, "levels reward", role=_role(world), level=3)


def _role(world: World) -> Any:
    if "Expert" not in world.guild.roles:
        world.guild.create_role("Expert")
    return world.guild.roles["Expert"]


async def selling(world: World) -> None:
    await shelved(world)
    products = world.app.services.purchases.products
    await products.add(world.guild.id, world.moderator.id, {"title": "Pro"})


async def trying(world: World) -> None:
    await fill(world.app.database, 300, guild_id=world.guild.id, now=world.env.now().timestamp())


async def trial_running(world: World) -> None:
    await trying(world)
    await world.moderator.slash(world.channel, "experiment start", change="digest", value=0.1)


async def off_sale(world: World) -> None:
    await selling(world)
    await world.moderator.slash(world.channel, "product retire", product="Pro")


async def bought(world: World) -> None:
    await selling(world)
    purchases = world.app.services.purchases
    (pro,) = await purchases.products.find(world.guild.id, "Pro")
    who = (world.guild.id, world.moderator.id, world.alice.id)
    await purchases.by_hand.grant(*who, pro.product_id, source_id=7, reason="a gift")


_WEEKLY: dict[str, Any] = {"channel": lambda world: world.channel, "weekday": 0, "hour": 9}
_BOUGHT = {"order": "G7", "reason": "a slip"}
_SET = {"rule": "message", "field": "points", "value": "2", "reason": "talk"}
_CSV = b"kind,title,url\ntool,One,https://x.example/1\n"
_OPML = b'<opml><body><outline text="News" xmlUrl="https://a.example/f"/></body></opml>'
_TOML = ("mine.toml", b"[message]\npoints = 4")


async def followed(world: World) -> None:
    await world.app.services.sources.bring(world.guild.id, world.moderator.id, _OPML)


def alice(world: World) -> Any:
    return world.alice


async def follow(world: World) -> None:
    """Follow a feed of a server of our own."""
    async with hostile_server() as server:
        said = "<rss><channel><item><title>T</title><link>//a.example</link></item></channel></rss>"
        reader = Reader()
        for holder in (world.app.services.sources, world.app.services.sources.looking):
            object.__setattr__(holder, "pages", PagesService(server.fetcher(), reader))
        url = server.says("/feed", said)
        await world.moderator.slash(world.channel, "source add", url=url)
        await reader.close()


async def tagged(world: World) -> None:
    for name in ("web", "frontend"):
        await world.moderator.slash(world.channel, "tags add", name=name)


async def undo_tag(world: World) -> None:
    done = await world.moderator.slash(world.channel, "tags add", name="web")
    undo = button_id(done.response, r"tags:undo:\d+")
    await world.moderator.click(done.response, custom_id=undo)


def forum(world: World) -> Any:
    return world.guild.create_forum_channel("guides")


WRITING: dict[str, Scene] = dict(
    (
        slash("resource add", kind="article", title=TITLE, url="https://doc.example/1"),
        slash("resource edit", shelved, resource=TITLE, minutes=5),
        slash("resource retire", shelved, resource=TITLE),
        slash("award", member=alice, points=5, reason="help"),
        slash(
            "deduct",
            lambda world: WRITING["award"](world),
            member=alice,
            points=1,
            reason="spam",
        ),
        slash("rules set", **_SET),
        slash("rules import", file=_TOML),
        slash("rules rollback", published, version=0, reason="no"),
        slash("levels notices", where="same"),
        slash("levels staff", channel=staff_channel),
        slash("levels reward", role=_role, level=2),
        slash("levels remove-reward", rewarded, role=_role),
        slash("server language", language="zh-CN"),
        slash("channel-digest setup", **_WEEKLY),
        slash("channel-digest stop", weekly),
        slash("server timezone", timezone="Asia/Shanghai"),
        slash("server consent", policy="notice"),
        ("source add", follow),
        slash("source forum", forum=forum),
        slash("source edit", followed, source="News", hours=3),
        slash("source remove", followed, source="News"),
        slash("source import", file=("a.opml", _OPML)),
        slash("resource import", file=("mine.csv", _CSV)),
        slash("resource merge", shelved, other, resource=TITLE, into="Other"),
        slash("resource part", merged, resource=TITLE),
        slash("resource edition", shelved, other, resource=TITLE, of="Other"),
        slash("resource gem", shelved, resource=TITLE),
        slash("tags add", name="web"),
        slash("tags edit", tagged, tag="web", chinese="网页"),
        slash("tags merge", tagged, tag="frontend", into="web"),
        slash("tags remove", tagged, tag="web"),
        slash("tags policy", unknown="refused"),
        slash("model refit"),
        slash("insights holdout", percent=10),
        slash("today", daily=False),
        slash("experiment start", trying, change="digest", value=0.1),
        slash("experiment stop", trial_running),
        slash("product add", title="Pro"),
        slash("product edit", selling, product="Pro", grace=3),
        slash("product opens", selling, product="Pro", resource=TITLE),
        slash("product id", selling, product="Pro", source="stripe", id="price_1"),
        slash("product retire", selling, product="Pro"),
        slash("product restore", off_sale, product="Pro"),
        slash("purchase grant", selling, member=alice, product="Pro", reason="a gift"),
        slash("purchase refund", bought, **_BOUGHT),
        slash("purchase assign", bought, member=lambda world: world.bob, **_BOUGHT),
    )
)
SHOWING = {
    "status",
    "channel-digest preview",
    "levels queue",
    "levels view",
    "resource reported",
    "resource sentences",
    "experiment results",
    "insights exposure",
    "insights show",
    "model status",
    "product list",
    "product renewals",
    "purchase show",
    "resource check",
    "resource export",
    "resource review",
    "rules draft",
    "rules evidence",
    "rules export",
    "rules history",
    "rules list",
    "rules preview",
    "rules publish",
    "server log",
    "server synonyms",
    "server view",
    "source export",
    "source list",
    "shop-admin add",
    "shop-admin edit",
    "shop-admin queue",
    "tags history",
    "tags list",
}
"""Commands that change nothing, or open a form that does."""


async def discard(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    shown = await world.moderator.slash(world.channel, "rules draft")
    drop = button_id(shown.response, r"rulebook:discard:\w+")
    await world.moderator.click(shown.response, custom_id=drop)


async def undo_rule(world: World) -> None:
    done = await world.moderator.slash(world.channel, "rules set", **_SET)
    undo = button_id(done.response, r"rulebook:takeback:1:0")
    await world.moderator.click(done.response, custom_id=undo)


async def decide(world: World) -> None:
    await waiting(world)
    shown = await world.moderator.slash(world.channel, "levels queue")
    yes = button_id(shown.response, r"levels:yes:\d+")
    await world.moderator.click(shown.response, custom_id=yes)


async def undo_award(world: World) -> None:
    award = {"member": world.alice, "points": 5, "reason": "help"}
    done = await world.moderator.slash(world.channel, "award", **award)
    undo = button_id(done.response, r"awards:undo:\d+")
    await world.moderator.click(done.response, custom_id=undo)


async def retire_item(world: World) -> None:
    item_id = await stocked(world)
    card = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    await world.moderator.click(card.response, custom_id=f"shop:item:retire:{item_id}")


async def restore_item(world: World) -> None:
    await retire_item(world)
    card = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    restore = button_id(card.response, r"shop:item:restore:\d+")
    await world.moderator.click(card.response, custom_id=restore)


async def deliver(world: World) -> None:
    await open_refund(world)
    (bought,) = await world.app.services.shop.orders.queue(world.guild.id)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    number = str(bought.redemption_id)
    one = await world.moderator.select(queue.response, [number], custom_id="shop:queued")
    await world.moderator.click(one.response, custom_id=f"shop:queue:done:{number}")


async def switch_reminders(world: World) -> None:
    screen = await world.moderator.slash(world.channel, "questions setup")
    await world.moderator.click(screen.response, custom_id="questions:switch:reminds")


async def watch_channel(world: World) -> None:
    screen = await world.moderator.slash(world.channel, "questions setup")
    await world.moderator.select(screen.response, [world.channel], custom_id="questions:places")


async def choose_helpers(world: World) -> None:
    screen = await world.moderator.slash(world.channel, "questions setup")
    mods = next(role for role in world.guild.roles.values() if role.name == "Mods")
    await world.moderator.select(screen.response, [mods], custom_id="questions:helpers")


async def choose_tag(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    screen = await world.moderator.slash(world.channel, "questions setup")
    menu = f"questions:tag:solved:{forum.channel.id}"
    await world.moderator.select(screen.response, ["51"], custom_id=menu)


async def approve_card(world: World) -> None:
    questions = world.app.services.questions
    await questions.change(world.guild.id, world.moderator.id, approves_experts=True)
    await card(world, world.bob)
    waiting = await world.moderator.slash(world.channel, "expert review")
    press = button_id(waiting.response, r"experts:approve:\d+")
    await world.moderator.click(waiting.response, custom_id=press)


async def undo_grant(world: World) -> None:
    await selling(world)
    options = {"member": world.alice, "product": "Pro", "reason": "a gift"}
    done = await world.moderator.slash(world.channel, "purchase grant", **options)
    undo = button_id(done.response, r"purchase:undo:\d+")
    await world.moderator.click(done.response, custom_id=undo)


async def seek_review(world: World) -> None:
    await card(world, world.bob)
    await propose(world)
    await seek(world)


async def sentence(world: World) -> None:
    await shelved(world)
    said = Rating(guild_id=world.guild.id, resource_id=1, user_id=world.alice.id, stars=4)
    waiting = replace(said, sentence="Clear.", state="waiting")
    await world.app.database.write(lambda conn: feedback.rate(conn, waiting))
    queue = await world.moderator.slash(world.channel, "resource sentences")
    case = await world.moderator.select(queue.response, ["1"], custom_id="feedback:queue")
    await world.moderator.click(case.response, custom_id="feedback:show:1")


async def settle_link(world: World) -> None:
    await shelved(world)
    await world.app.database.write(lambda conn: feedback.ask_check(conn, world.guild.id, 1, 1.0))
    shown = await world.moderator.slash(world.channel, "resource reported")
    await world.moderator.click(shown.response, custom_id="feedback:works:1")


PRESSING: dict[str, Scene] = {
    "feedback:show:1": sentence,
    "feedback:works:1": settle_link,
    "experts:approve:1": approve_card,
    "expert:seek:1": seek_review,
    "questions:switch:reminds": switch_reminders,
    "questions:places": watch_channel,
    "questions:helpers": choose_helpers,
    "questions:tag:solved:1": choose_tag,
    "awards:undo:1": undo_award,
    "fresh:do:current:1": found_current,
    "purchase:undo:1": undo_grant,
    "levels:yes:1": decide,
    "tags:undo:1": undo_tag,
    "rulebook:discard:0": discard,
    "rulebook:takeback:1:0": undo_rule,
    "shop:item:retire:1": retire_item,
    "shop:item:restore:1": restore_item,
    "shop:queue:done:1": deliver,
}
LEADING = [
    "rulebook:draft",
    "audit:newest:0::0:0:0",
    "insights:days:7",
    "audit:file::0:0:0",
    "catalog:post:1",
    "feedback:queue",
    "levels:queue",
    "submissions:asked:1",
    "submissions:case:details:1",
    "submissions:queue",
    "questions:times",
    "rulebook:change:message:points",
    "rulebook:ring:hold:1_2:1:2",
    "rulebook:rings:1:2",
    "rulebook:preview",
    "rulebook:publish:0",
    "rulebook:rollback:0:1",
    "rulebook:rule",
    "rulebook:since",
    "rulebook:rescore:0:1",
    "rulebook:undo:1",
    "rulebook:page:1",
    "rulebook:section",
    "rulebook:field:message",
    "shop:queued",
    "sources:list:1",
    "tags:list:1",
    "fresh:pick",
]
"""Buttons and menus that show something or open a form; posting a card is what `/share` does."""


async def trail(world: World) -> list[AuditRow]:
    async with world.app.database.read() as conn:
        return await audit.rows(conn, world.guild.id, limit=100)


async def must_write(world: World, act: Scene) -> AuditRow:
    """Do it, and return the newest entry, which must be of that moderator and readable."""
    await act(world)
    newest, *_ = await trail(world)
    assert newest.actor_id == world.moderator.id
    shown = await world.moderator.slash(world.channel, "server log")
    assert button_id(shown.response, views.FILE_TEMPLATE)
    return newest


def told(before: set[str], after: set[str]) -> set[str]:
    """Return what changed, apart from the trail itself."""
    ours = (f"{audit_table.name} ", f"{audit_about.name} ", "impressions ", "members ")
    return {row for row in before ^ after if not row.startswith(ours)}


async def test_every_command_of_moderators_is_tried_here(world: World) -> None:
    theirs = {slash.english for slash in await commands(world) if slash.is_for_moderators}
    assert theirs == WRITING.keys() | SHOWING
    assert not WRITING.keys() & SHOWING


@pytest.mark.parametrize("name", WRITING)
async def test_a_command_that_changes_something_is_written_down(world: World, name: str) -> None:
    before = await rows(world)
    await must_write(world, WRITING[name])
    assert told(before, await rows(world)) or name == "model refit"


@pytest.mark.parametrize(
    "name",
    sorted(SHOWING - {"shop-admin edit", "rules preview", "resource check", "resource export"}),
)
async def test_a_command_that_only_shows_changes_nothing(lenient_world: World, name: str) -> None:
    world = lenient_world
    await published(world)
    before = await rows(world)
    options = {"kind": "custom"} if name == "shop-admin add" else {}
    await world.moderator.slash(world.channel, name, **options)
    assert told(before, await rows(world)) == set()
    assert len(await trail(world)) == 1


async def test_every_button_and_menu_of_moderators_is_tried_here(world: World) -> None:
    found = registered(world)
    theirs = [template for template, each in found.items() if each.permissions == ui.MODERATORS]
    for template in theirs:
        fitting = [each for each in (*PRESSING, *LEADING) if re.fullmatch(template, each)]
        assert fitting, template


@pytest.mark.parametrize("name", PRESSING)
async def test_a_button_that_changes_something_is_written_down(world: World, name: str) -> None:
    kind = {
        "rulebook:discard:0": "rules.discard",
        "rulebook:takeback:1:0": "rules.publish",
        "levels:yes:1": "levels.decide",
    }
    newest = await must_write(world, PRESSING[name])
    words = name.split(":")
    if words[0] == "expert":
        assert newest.action == "submission.seek"
        return
    if words[0] == "fresh":
        assert newest.action == "resource.current"
        return
    if words[0] == "experts":
        assert newest.action == "experts.approve"
        return
    if words[0] == "feedback":
        assert newest.action == f"feedback.{words[1]}"
        return
    if words[0] == "questions":
        assert newest.action == "questions.setup"
        return
    action = (
        kind.get(name)
        or {
            "awards": "points.undo",
            "purchase": "purchase.undo",
            "tags": "tags.undo",
            "shop": f"shop.{words[2]}",
        }[words[0]]
    )
    assert newest.action == action.replace("shop.done", "shop.fulfil")


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case.form)
async def test_every_form_of_moderators_is_written_down(world: World, case: Case) -> None:
    shown = await case.open(world)
    before = len(await trail(world))

    async def submit(world: World) -> None:
        await world.moderator.submit_modal(shown, case.filled(7))

    await must_write(world, submit)
    assert len(await trail(world)) > before


def test_every_action_has_a_text_in_both_languages_and_a_kind_or_is_a_members_own() -> None:
    grouped = [action for found in rules.KINDS.values() for action in found]
    assert sorted([*grouped, *rules.OWN]) == sorted(get_args(AuditAction))
    wanted = {f"audit-action-{action.replace('.', '-')}" for action in grouped}
    for language in LANGUAGES:
        found = {key for key in keys(language) if key.startswith("audit-action-")}
        assert found == wanted, language
        assert all(Texts(language)(f"audit-kind-{kind}") for kind in rules.KINDS)
