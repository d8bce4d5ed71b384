"""What moderators see of the rules fits Discord and a phone, and its buttons do what they say."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot import ui
from bot.i18n import LANGUAGES, Texts
from bot.points.service import Effect
from bot.rewards import fields
from bot.rewards.kinds import KINDS
from bot.rewards.ruleset import RuleSet
from bot.rewards.tally import MOVERS, Figures, Place
from bot.rulebook import draft_screen, history_screen, list_screen, preview_screen, publish_screen
from bot.rulebook.drafts import Draft
from bot.rulebook.previews import Besides, Preview, Rescored
from bot.rulebook.publishing import Publication
from bot.rulebook.rules import differences
from bot.rulebook.versions import Entry, History, Published, Version
from storage import rulebook
from storage.connection import Connection
from storage.records import Rescore, RuleUse
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    form_parts,
    press_at_once,
    send_forms,
    set_locale,
    texts_of,
)
from tests.rulebook.test_commands import change, in_force, publish, set_rule, version

COMPONENTS_MAX = 40
UNDO = publish_screen.TAKEBACK_TEMPLATE
BACK = history_screen.ROLLBACK_TEMPLATE
HOSTILE = ("**_~`|> @everyone <@1> [a](http://b) \u202e\u2066x\n# y " * 9)[:200]


def everything() -> RuleSet:
    """Return rules in which every value differs from the defaults, as long as they may be."""
    longest: dict[str, Any] = {
        "zone": "America/Argentina/ComodRivadavia",
        "emoji": tuple("🙏💡✅🔥🎉🥇🏆🚀👏🤝🌟💬📚🎓🧠🛠🐍🦀☕🍀"),
        "weights": tuple((10**18 + n, 999) for n in range(100)),
        "amounts": tuple(10**9 + n for n in range(200)),
        "dates": tuple(20_260_101 + 100 * month for month in range(12)),
    }
    rules = RuleSet()
    for field in fields.FIELDS:
        now = fields.value_of(rules, field)
        if field.kind == "switch":
            value: Any = not now
        elif field.kind == "choice":
            value = field.choices[-1]
        elif field.kind in longest:
            value = longest[field.kind]
        else:
            value = field.high
        rules = fields.with_value(rules, field, value)
    return rules


def published(reason: str = HOSTILE, effective_at: float = 2e9) -> Published:
    return Published(by=2**62, at=2e9, effective_at=effective_at, reason=reason)


def every_screen(texts: Texts) -> Iterator[tuple[str, discord.ui.LayoutView]]:
    """Yield every screen as full as it can be."""
    full, live = everything(), Version(version=1_000_000, rules=RuleSet(), published=published())
    newest = Version(version=1_000_001, rules=full, published=published())
    found = differences(RuleSet(), full)
    draft = Draft(
        live=live,
        newest=newest,
        rules=replace(full, message=RuleSet().reply),
        differences=found,
        by=2**62,
        at=2e9,
        time_zone="America/Argentina/ComodRivadavia",
    )
    yield "list", list_screen.rules_list(replace(live, rules=full), texts)
    used = RuleUse(paid=10**9, n_paid=10**6, held=10**9, n_held=10**6)
    for rule in fields.SECTIONS:
        yield f"list {rule}", list_screen.rule(replace(live, rules=full), rule, used, texts)
        yield f"draft {rule}", draft_screen.section(draft, rule, texts)
    yield "draft", draft_screen.draft(draft, texts, texts("rulebook-draft-discarded"))
    yield "publish", publish_screen.ask(draft, texts)
    yield "nothing", publish_screen.ask(replace(draft, rules=full), texts)
    yield "published", publish_screen.published(publication(found), texts, may_undo=True)
    yield "re-scored", publish_screen.rescored(publication(found), count(), "2026-01-01", texts)
    yield "preview", preview_screen.preview(preview(draft), texts)
    yield (
        "re-score",
        preview_screen.preview(replace(preview(draft), rescored=rescored(found)), texts),
    )
    yield "history", history_screen.history(full_history(found), texts)


def publication(found: Any) -> Publication:
    return Publication(
        version=1_000_002,
        before=1_000_000,
        effective_at=2e9,
        is_later=False,
        differences=found,
        withdrawn=tuple(range(1_000_000, 1_000_009)),
    )


def preview(draft: Draft) -> Preview:
    place = Place(user_id=2**62, before=50, after=49, amount_before=10**11, amount_after=10**11)
    figures = Figures(
        minted=10**12, n_earning=10**6, gini=0.99, top_share=1.0, n_at_cap=10**6, n_at_limit=10**6
    )
    return Preview(
        days=90,
        rescored=None,
        n_events=10**9,
        version=1_000_000,
        differences=draft.differences,
        minted=tuple((kind, 10**12, 10**12) for kind in KINDS),
        before=figures,
        after=figures,
        places=(place,),
        rising=(place,) * MOVERS,
        falling=(place,) * MOVERS,
        levels=(10**6, 10**6),
        stamp=draft.stamp,
    )


def rescored(found: Any) -> Rescored:
    effect = Effect(10**9, {n: 10**12 for n in range(9)})
    besides = Besides(versions=tuple(range(10**6, 10**6 + 40)), differences=found * 40)
    return Rescored(since=2 * 10**9, day="2026-01-01", effect=effect, besides=besides)


def count() -> Rescore:
    return Rescore(
        guild_id=1,
        version=1_000_000,
        from_version=1,
        since_at=2e9,
        until_event=1,
        paid_until=1,
        created_by=2**62,
        reason=HOSTILE,
        created_at=2e9,
        finished_at=2e9,
        n_entries=10**9,
        n_members=10**9,
        amount=-(10**12),
        rescore_id=1,
    )


def full_history(found: Any) -> History:
    entry = Entry(
        version=Version(version=1_000_000, rules=RuleSet(), published=published()),
        state="past",
        differences=found,
    )
    return History(
        entries=(entry,) * 5,
        newest=1_000_001,
        page=7,
        has_more=True,
        rescores=(replace(count(), undoes=1), count()) * 4,
        undoable=count(),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits_discord_however_much_it_says(language: str) -> None:
    for name, view in every_screen(Texts(language)):
        assert view.content_length() <= ui.LAYOUT_TEXT_MAX, name
        assert view.total_children_count <= COMPONENTS_MAX, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_screen_is_cut_nowhere_and_says_how_much_more_there_is(language: str) -> None:
    texts = Texts(language)
    screens = dict(every_screen(texts))
    draft = "\n".join(shown(screens["draft"]))
    for name in ("preview", "re-score"):
        figures = "\n".join(shown(screens[name]))
        assert texts("rulebook-figure-limit") in figures
        assert texts("rulebook-preview-falling") in figures
        assert shown(screens[name])[-1].endswith((".", "。", "。"))
    for rule in fields.SECTIONS:
        assert f"✏️ **{texts(f'points-rule-{rule}')}**" in draft
    weights = "\n".join(shown(screens["draft multipliers"]))
    assert texts("rulebook-value-more", shown="999%", count=90) in weights
    assert weights.count("<#") + weights.count("<@&") == weights.count(">") == 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_fit_the_screen_of_a_phone(language: str) -> None:
    view = list_screen.rules_list(Version(version=0, rules=RuleSet()), Texts(language))
    lines = "\n".join(shown(view)).split("\n")
    assert len(lines) == len(fields.SECTIONS) + 2
    seen = [line.removeprefix("-# ").replace("**", "") for line in lines]  # marks are not drawn
    assert sum(1 + len(line) // 40 for line in seen) <= 26
    assert view.total_children_count <= 8


def shown(view: discord.ui.LayoutView) -> list[str]:
    """Return every text of a view."""
    return [
        each.content for each in view.walk_children() if isinstance(each, discord.ui.TextDisplay)
    ]


# ------------------------------------------------------------------------------ what is erased


@pytest.mark.parametrize(("locale", "colon"), [("en-US", ":"), ("zh-CN", "：")])
async def test_a_reason_that_was_erased_is_a_dash(world: World, locale: str, colon: str) -> None:
    await set_rule(world, "message", "points", "2", "about somebody")
    await set_rule(world, "message", "points", "3", "about somebody")
    await world.app.database.write(forget_reasons)
    set_locale(world.moderator, locale)
    for command in ("rules list", "rules history"):
        said = texts_of((await world.moderator.slash(world.channel, command)).response)
        assert f"{colon} –" in said or f"{colon}–" in said
        assert not [line for line in said.split("\n") if line.rstrip().endswith(colon)]
    choices = await world.moderator.autocomplete(world.channel, "rules rollback", "version", "")
    assert all(choice["name"].rstrip()[-1] != colon for choice in choices)


async def forget_reasons(conn: Connection) -> None:
    await conn.exec_driver_sql("UPDATE rule_sets SET reason = ''")


# ------------------------------------------------------------------------------ nothing drafted


async def test_publishing_without_a_draft_says_so_and_leads_on(world: World) -> None:
    asked = await world.moderator.slash(world.channel, "rules publish")
    assert "There is nothing to publish" in texts_of(asked.response)
    assert "version 0 stays in force" in texts_of(asked.response)
    listed = await world.moderator.click(asked.response, custom_id="rulebook:list")
    assert "Reward rules · version 0" in texts_of(listed.response)
    asked = await world.moderator.slash(world.channel, "rules publish")
    history = await world.moderator.click(asked.response, custom_id="rulebook:page:1")
    assert "Versions of the rules" in texts_of(history.response)
    asked = await world.moderator.slash(world.channel, "rules publish")
    section = await world.moderator.select(
        asked.response, ["message"], custom_id="rulebook:section"
    )
    assert "cooldown" in texts_of(section.response)
    set_locale(world.moderator, "zh-CN")
    asked = await world.moderator.slash(world.channel, "rules publish")
    assert "没有可发布的内容" in texts_of(asked.response)


async def test_the_draft_shows_what_it_would_publish_and_is_previewed_beside_the_change(
    world: World,
) -> None:
    changed = await change(world, "message", "points", {"value": "2.5"})
    button_id(changed.response, "rulebook:preview")
    opened = await world.moderator.slash(world.channel, "rules draft")
    said = texts_of(opened.response)
    assert "✏️ **Message** · 2.5 points · ≤\u00a010/day\n-# points: 1 → **2.5**" in said
    assert "\n**Reply in a thread** · 2 points" in said
    button_id(opened.response, "rulebook:preview")


# ------------------------------------------------------------------------------ the way back


async def test_any_version_and_the_defaults_are_rolled_back_to_from_the_history(
    world: World,
) -> None:
    await set_rule(world, "message", "points", "5")
    await set_rule(world, "message", "points", "7")
    history = await world.moderator.slash(world.channel, "rules history")
    assert [b.custom_id for b in buttons_of(history.response)] == [
        "rulebook:rollback:1:2",
        "rulebook:rollback:0:2",
    ]
    await world.restart()
    form = await world.moderator.click(history.response, custom_id="rulebook:rollback:1:2")
    assert "Publishes it again as version 3 and changes one value immediately." in str(form.modal)
    done = await world.moderator.submit_modal(form, {"reason": "too much"})
    assert "Message · points: 7 → **5**" in texts_of(done.response)
    assert await version(world) == 3
    history = await world.moderator.slash(world.channel, "rules history")
    form = await world.moderator.click(history.response, custom_id="rulebook:rollback:0:3")
    done = await world.moderator.submit_modal(form, {"reason": "as it was"})
    assert await in_force(world) == RuleSet()
    undone = await world.moderator.click(done.response, custom_id=button_id(done.response, UNDO))
    assert "says the same as version 3" in texts_of(undone.response)
    assert (await in_force(world)).message.points == 500


async def test_what_another_moderator_published_meanwhile_is_not_rolled_over(
    lenient_world: World,
) -> None:
    world = lenient_world
    await set_rule(world, "message", "points", "5")
    history = await world.moderator.slash(world.channel, "rules history")
    form = await world.moderator.click(history.response, custom_id="rulebook:rollback:0:1")
    await set_rule(world, "reply", "points", "9")
    done = await world.moderator.submit_modal(form, {"reason": "late"})
    assert "Another version was published in the meantime" in texts_of(done.response)
    pressed = await world.moderator.click(history.response, custom_id="rulebook:rollback:0:1")
    assert "Another version was published in the meantime" in texts_of(pressed.response)
    assert await version(world) == 2


async def test_a_version_that_says_what_is_in_force_needs_no_rolling_back_to(
    lenient_world: World,
) -> None:
    world = lenient_world
    for points in ("5", "7", "5"):
        await set_rule(world, "message", "points", points)
    history = await world.moderator.slash(world.channel, "rules history")
    pressed = await world.moderator.click(history.response, custom_id="rulebook:rollback:1:3")
    assert "changes nothing" in texts_of(pressed.response)


async def test_rolling_back_withdraws_what_was_scheduled(world: World) -> None:
    await set_rule(world, "message", "points", "5")
    await change(world, "message", "points", {"value": "9"})
    await publish(world, "spring", "2026-03-03 08:00")
    draft = texts_of((await world.moderator.slash(world.channel, "rules draft")).response)
    assert "Version 2 is published and takes effect" in draft
    asked = texts_of((await world.moderator.slash(world.channel, "rules publish")).response)
    assert "There is nothing to publish" in asked and "Version 2 is published" in asked
    back = await world.moderator.slash(world.channel, "rules rollback", version=1, reason="no")
    assert "It replaces version 2, which was scheduled for later." in texts_of(back.response)
    history = texts_of((await world.moderator.slash(world.channel, "rules history")).response)
    assert "**2** · never in force" in history and "**3** · 🟢 in force" in history
    await world.env.advance_time(2 * 86_400)
    assert (await in_force(world)).message.points == 500


# ----------------------------------------------------------------------------------- undoing


async def test_one_value_that_was_set_is_undone_with_a_button(world: World) -> None:
    done = await set_rule(world, "message", "points", "5")
    await world.restart()
    undone = await world.moderator.click(done.response, custom_id=button_id(done.response, UNDO))
    said = texts_of(undone.response)
    assert "Version 1 is undone: version 2, in force now, says the same as version 0" in said
    assert "Message · points: 5 → **1**" in said
    assert await in_force(world) == RuleSet()
    history = texts_of((await world.moderator.slash(world.channel, "rules history")).response)
    assert "Undo of version 1" in history
    async with world.app.database.read() as conn:
        stored = await rulebook.rule_set(conn, world.guild.id)
    assert stored is not None and stored.created_by == world.moderator.id


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("zh-CN", "zh-CN")])
async def test_what_was_published_or_drafted_since_is_not_undone(
    lenient_world: World, locale: str, language: str
) -> None:
    world, texts = lenient_world, Texts(language)
    set_locale(world.moderator, locale)
    done = await set_rule(world, "message", "points", "5")
    undo = button_id(done.response, UNDO)
    await change(world, "reply", "points", {"value": "3"})
    refused = await world.moderator.click(done.response, custom_id=undo)
    sentence = texts("error-rulebook-takeback-drafted", version=1)
    assert texts_of(refused.response) == sentence and refused.ephemeral
    await world.app.services.rulebook.drafts.discard(world.guild.id, world.moderator.id)
    await set_rule(world, "reply", "points", "4")
    refused = await world.moderator.click(done.response, custom_id=undo)
    assert texts_of(refused.response) == texts("error-rulebook-takeback")
    assert await version(world) == 2


async def test_a_draft_that_was_there_before_does_not_keep_one_from_undoing(world: World) -> None:
    await change(world, "reply", "points", {"value": "3"})
    await world.env.advance_time(60)
    done = await set_rule(world, "message", "points", "5")
    await world.moderator.click(done.response, custom_id=button_id(done.response, UNDO))
    await publish(world, "replies")
    rules = await in_force(world)
    assert (rules.message.points, rules.reply.points) == (100, 300)


async def test_a_button_that_is_pressed_three_times_at_once_undoes_once(
    lenient_world: World,
) -> None:
    world = lenient_world
    done = await set_rule(world, "message", "points", "5")
    press = (world.moderator, done.response, button_id(done.response, UNDO))
    answers = [texts_of(each.response) for each in await press_at_once(world.env, [press] * 3)]
    assert sum("Version 1 is undone" in each for each in answers) >= 1
    assert await version(world) == 2


async def test_a_preview_is_published_from_after_a_restart(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    previewed = await world.moderator.slash(world.channel, "rules preview")
    await world.restart()
    go = button_id(previewed.response, r"rulebook:previewed:.*")
    form = await world.moderator.click(previewed.response, custom_id=go)
    await world.moderator.submit_modal(form, {"reason": "fine"})
    assert (await in_force(world)).message.points == 200


@pytest.mark.parametrize("deed", ["before the form", "while it is filled in"])
async def test_a_draft_that_was_discarded_since_its_preview_is_not_published(
    lenient_world: World, deed: str
) -> None:
    world = lenient_world
    drafts, here = world.app.services.rulebook.drafts, (world.guild.id, world.moderator.id)
    await change(world, "message", "points", {"value": "2"})
    previewed = await world.moderator.slash(world.channel, "rules preview")
    go = button_id(previewed.response, r"rulebook:previewed:.*")
    if deed == "before the form":
        await drafts.discard(*here)
        answer = await world.moderator.click(previewed.response, custom_id=go)
    else:
        form = await world.moderator.click(previewed.response, custom_id=go)
        await drafts.discard(*here)
        answer = await world.moderator.submit_modal(form, {"reason": "fine"})
    assert "This is no longer the draft" in texts_of(answer.response)
    assert await version(world) == 0


async def test_two_moderators_who_publish_the_same_draft_publish_it_once(
    lenient_world: World,
) -> None:
    world = lenient_world
    mods = world.guild.create_role("Deputies", permissions=discord.Permissions(manage_guild=True))
    deputy = world.guild.add_member(world.env.create_user("deputy"), roles=[mods])
    await change(world, "message", "points", {"value": "2"})
    sent = []
    for who in (world.moderator, deputy):
        asked = await who.slash(world.channel, "rules publish")
        go = button_id(asked.response, r"rulebook:publish:.*")
        form = await who.click(asked.response, custom_id=go)
        parts = form_parts(who, world.channel, form, {"reason": who.user.name, "at": ""})
        sent.append((who, world.channel, parts))
    answers = [texts_of(each.response) for each in await send_forms(world.env, sent)]
    assert sum("is published and in force" in each for each in answers) == 1
    assert sum("This is no longer the draft" in each for each in answers) == 1
    assert await version(world) == 1


async def test_a_hostile_reason_acts_on_no_screen(world: World) -> None:
    await set_rule(world, "message", "points", "2", HOSTILE)
    await set_rule(world, "message", "points", "3")
    for command in ("rules list", "rules history"):
        said = texts_of((await world.moderator.slash(world.channel, command)).response)
        assert "@everyone" not in said and "<@1>" not in said and "](" not in said
        assert not [line for line in said.split("\n") if line.startswith("# y")]
