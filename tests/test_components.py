"""Every button and menu asks again who presses it, however old the answer it stands in."""

import re
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import cards, saying, ui
from bot.boards import views as boards
from bot.catalog import views as catalog
from bot.digest import channel_views as channel_digest
from bot.digest import views as digest
from bot.experts import views as experts
from bot.gaps import views as gaps
from bot.i18n import Texts
from bot.library import shelf_screen
from bot.library import views as library
from bot.paths import views as paths
from bot.points import views as points
from bot.privacy import views as privacy
from bot.profile import views as profile
from bot.purchases import counter, receipt_screen
from bot.questions import ask_screen
from bot.questions import views as questions
from bot.recommend import views as recommend
from bot.refusals import AGAIN_TEMPLATE
from bot.shop import views as shop
from bot.start import views as start
from bot.submissions import views as submissions
from tests.discord_sim import World, set_locale, texts_of
from tests.form_cases import rows
from tests.test_access import give_roles
from tests.test_forms import REFUSED

BOT = Path(__file__).parent.parent / "bot"

MODERATORS = [
    "audit:newest:0::0:0:0",
    "audit:file::0:0:0",
    "awards:undo:1",
    "catalog:post:1",
    "feedback:show:1",
    "feedback:queue",
    "feedback:works:1",
    "insights:days:30",
    "fresh:do:current:1",
    "fresh:pick",
    "levels:yes:1",
    "levels:queue",
    "experts:approve:1",
    "expert:seek:1",
    "questions:places",
    "questions:helpers",
    "questions:tag:solved:1",
    "questions:switch:reminds",
    "questions:times",
    "rulebook:discard:0",
    "rulebook:draft",
    "rulebook:ring:hold:1_2:1:2",
    "rulebook:rings:1:2",
    "rulebook:preview",
    "rulebook:publish:0",
    "rulebook:rollback:1:1",
    "rulebook:rule",
    "rulebook:since",
    "rulebook:rescore:0:1",
    "rulebook:takeback:1:0",
    "rulebook:undo:1",
    "rulebook:page:1",
    "rulebook:section",
    "rulebook:field:message",
    "shop:item:retire:1",
    "shop:queue:done:1",
    "shop:queued",
    "sources:list:1",
    "tags:list:1",
    "tags:undo:1",
    "submissions:case:publish:1",
    "submissions:queue",
    "submissions:asked:1",
    "purchase:undo:1",
]
"""One of each button and menu that moderators only may use."""

EVERYBODYS = {
    r"tasks:(?P<step>show|hand-in|share|works):(?P<task_id>\d+)",
    r"tasks:case:(?P<work_id>\d+)",
    r"tasks:mark:(?P<mark>done|again|excellent):(?P<work_id>\d+):(?P<at>\d+)",
    "tasks:queue",
    boards.SHOW_TEMPLATE,
    boards.TEXT_TEMPLATE,
    cards.ASK_TEMPLATE,
    cards.BOOK_TEMPLATE,
    cards.DISMISS_TEMPLATE,
    experts.ANSWER_TEMPLATE,
    cards.OPEN_TEMPLATE,
    cards.PUBLIC_OPEN_TEMPLATE,
    cards.PUBLIC_SAVE_TEMPLATE,
    cards.SAVE_TEMPLATE,
    cards.WISH_TEMPLATE,
    catalog.PAGE_TEMPLATE,
    gaps.LIST_TEMPLATE,
    gaps.VOICE_TEMPLATE,
    recommend.OTHERS_TEMPLATE,
    channel_digest.OWN_TEMPLATE,
    digest.KEEP_TEMPLATE,
    digest.SAY_TEMPLATE,
    digest.STOP_TEMPLATE,
    AGAIN_TEMPLATE,
    cards.MORE_TEMPLATE,
    library.PAGE_TEMPLATE,
    saying.KEEP_TEMPLATE,
    saying.MARK_TEMPLATE,
    saying.RATE_TEMPLATE,
    shelf_screen.FILE_TEMPLATE,
    shelf_screen.PAGE_TEMPLATE,
    shelf_screen.SHELF_TEMPLATE,
    library.UNDO_TEMPLATE,
    paths.SHOW_TEMPLATE,
    points.BOARDS_TEMPLATE,
    points.WHY_TEMPLATE,
    privacy.CARD_ID,
    privacy.CONFIRM_TEMPLATE,
    privacy.ERASE_ID,
    privacy.EXPORT_ID,
    privacy.LEARN_TEMPLATE,
    privacy.NOTICE_ID,
    privacy.SHOW_ID,
    privacy.TRACK_TEMPLATE,
    profile.CONSENT_TEMPLATE,
    profile.INTERESTS_ID,
    profile.LANGUAGE_TEMPLATE,
    profile.LEARN_TEMPLATE,
    ask_screen.CHANGE_TEMPLATE,
    ask_screen.POST_TEMPLATE,
    ask_screen.SOLVED_TEMPLATE,
    questions.DO_TEMPLATE,
    questions.FOLLOW_TEMPLATE,
    questions.LIST_TEMPLATE,
    questions.MORE_TEMPLATE,
    questions.PICK_TEMPLATE,
    questions.RESOURCE_TEMPLATE,
    questions.TAKE_TEMPLATE,
    shop.BUY_TEMPLATE,
    shop.MINE_TEMPLATE,
    shop.PICK_TEMPLATE,
    shop.SHELF_TEMPLATE,
    shop.TIME_TEMPLATE,
    start.DONE_ID,
    start.HELP_TEMPLATE,
    start.TOPIC_TEMPLATE,
    counter.NOTED_TEMPLATE,
    counter.OFFER_TEMPLATE,
    receipt_screen.MONTHLY_TEMPLATE,
    receipt_screen.SHOW_TEMPLATE,
    receipt_screen.STOP_TEMPLATE,
    submissions.DRAFT_TEMPLATE,
    submissions.EXPERT_TEMPLATE,
}
"""What anybody may press, for themselves."""


def registered(world: World) -> dict[str, Any]:
    """Return the class that answers each template, of every cog."""
    store: Any = world.client._connection._view_store
    return {pattern.pattern: each for pattern, each in store._dynamic_items.items()}


async def message_with(world: World, custom_id: str) -> list[discord.Message]:
    """Have the bot post a message with a button of that id, and one with a menu."""
    channel = world.client.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    options = [discord.SelectOption(label="One", value="1")]
    rows = ([ui.button("Press", custom_id)], [ui.select(custom_id, options, "Choose")])
    posted = [await channel.send(view=ui.panel("Old", rows=[row])) for row in rows]
    await world.env.settle()
    return posted


async def test_each_button_and_menu_says_who_may_use_it(world: World) -> None:
    found = registered(world)
    everybodys = {template for template, each in found.items() if each.permissions == ui.ANYBODY}
    assert everybodys == EVERYBODYS, "whose is a new one? It belongs in one of the lists above"
    assert all(found[each].permissions == ui.MODERATORS for each in found.keys() - everybodys)
    for template in found.keys() - everybodys:
        fitting = [each for each in MODERATORS if re.fullmatch(template, each)]
        assert len(fitting) == 1, template


@pytest.mark.parametrize("custom_id", MODERATORS)
async def test_who_is_no_moderator_any_more_presses_in_vain(
    lenient_world: World, custom_id: str
) -> None:
    world = lenient_world
    pressed, chosen = await message_with(world, custom_id)
    before = await rows(world)

    async def both(member: Any) -> list[Any]:
        press = await member.click(pressed, custom_id=custom_id)
        return [press, await member.select(chosen, ["1"], custom_id=custom_id)]

    held = list(world.env.backend.guilds[world.guild.id].members[world.moderator.id].role_ids)
    give_roles(world, world.moderator)
    for member in (world.alice, world.moderator):
        for answer in await both(member):
            assert texts_of(answer.response) == REFUSED
            assert answer.ephemeral
    assert await rows(world) == before
    world.env.backend.guilds[world.guild.id].members[world.moderator.id].role_ids = held
    for answer in await both(world.moderator):
        assert answer.modal is not None or texts_of(answer.response) != REFUSED


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh-CN")])
async def test_a_button_that_nobody_knows_any_more_is_answered(
    world: World, locale: str, language: str
) -> None:
    set_locale(world.alice, locale)
    pressed, chosen = await message_with(world, "rules:of-an-earlier-version")
    sentence = Texts(language)("error-component-unknown")
    press = await world.alice.click(pressed, custom_id="rules:of-an-earlier-version")
    assert texts_of(press.response) == sentence and press.ephemeral
    press = await world.alice.select(chosen, ["1"], custom_id="rules:of-an-earlier-version")
    assert texts_of(press.response) == sentence


LINKED = {
    "cards.py": "the address of `Shown`, which `bot.links` made for this member",
    "experts/views.py": "what the expert wrote on their own card",
    "gaps/views.py": "unless it is sold; the run has asked for the role",
    "links/views.py": "`bot.links` has asked who opens it",
    "purchases/counter.py": "where a product is bought, not what it opens",
    "questions/ask_screen.py": "a thread",
    "questions/views.py": "a thread",
    "shop/views.py": "`shop.orders` says that it is open to the buyer",
}
"""Every file with a link in it that leaves Discord, and who has asked whether it may be seen."""


def test_no_link_is_shown_that_nobody_asked_about() -> None:
    found = {
        path.relative_to(BOT).as_posix()
        for path in BOT.rglob("*.py")
        if path.name != "ui.py" and "link_button(" in path.read_text("utf-8")
    }
    assert found == LINKED.keys()
