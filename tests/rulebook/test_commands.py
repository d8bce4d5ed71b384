"""The rules as moderators work on them: by command, menus and forms, in both languages."""

from typing import Any

import pytest
import simcord

from bot.i18n import LANGUAGES, Texts
from bot.refusals import AGAIN_TEMPLATE
from bot.rewards import fields, formats
from bot.rewards.ruleset import RuleSet
from bot.rulebook import draft_screen, values, wording
from storage import audit, rulebook
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.points.deliveries import PLAIN, go_by
from tests.test_access import give_roles

PUBLISH = r"rulebook:publish:.*"


async def set_rule(world: World, rule: str, field: str, value: str, reason: str = "because") -> Any:
    return await world.moderator.slash(
        world.channel, "rules set", rule=rule, field=field, value=value, reason=reason
    )


async def version(world: World) -> int:
    return (await world.app.services.rulebook.versions.in_force(world.guild.id)).version


async def in_force(world: World) -> RuleSet:
    return (await world.app.services.rulebook.versions.in_force(world.guild.id)).rules


async def change(world: World, rule: str, field: str, filled: dict[str, Any]) -> Any:
    """Change a value of the draft as a moderator does: command, two menus, a form."""
    opened = await world.moderator.slash(world.channel, "rules draft")
    section = await world.moderator.select(opened.response, [rule], custom_id="rulebook:section")
    form = await world.moderator.select(
        section.response, [field], custom_id=f"rulebook:field:{rule}"
    )
    return await world.moderator.submit_modal(form, filled)


async def publish(world: World, reason: str, at: str = "") -> Any:
    asked = await world.moderator.slash(world.channel, "rules publish")
    form = await world.moderator.click(asked.response, custom_id=button_id(asked.response, PUBLISH))
    return await world.moderator.submit_modal(form, {"reason": reason, "at": at})


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


async def test_moderators_see_the_rules_in_words(world: World) -> None:
    result = await world.moderator.slash(world.channel, "rules list")
    shown = texts_of(result.response)
    assert result.ephemeral
    assert "version 0" in shown
    assert "**Helpful reaction received** · 2 points · ≤\u00a030/day" in shown
    assert "**Answer accepted** · 15 points · ≤\u00a010/day · outside the daily cap" in shown
    assert "**Resource saved by others** · 1 point for 5 saves · ≤\u00a05/day" in shown
    assert "**General** · daily cap 100 points" in shown
    assert "nobody has changed them yet" in shown
    one = await world.moderator.select(result.response, ["message"], custom_id="rulebook:rule")
    shown = texts_of(one.response)
    assert "Message · version 0" in shown
    assert "cooldown (seconds): 60" in shown
    assert "minimum length: 2 (a short sentence)" in shown
    assert "counts towards the daily cap: yes" in shown
    back = await world.moderator.click(one.response, custom_id="rulebook:list")
    assert "**General** · daily cap" in texts_of(back.response)
    set_locale(world.moderator, "zh-CN")
    result = await world.moderator.slash(world.channel, "rules list")
    assert "**收到“有帮助”的表情反应** · 2 积分 · 每天最多 30 次" in texts_of(result.response)
    one = await world.moderator.select(result.response, ["message"], custom_id="rulebook:rule")
    assert "最短长度" in texts_of(one.response)


async def test_a_moderator_changes_a_rule_and_sees_before_and_after(world: World) -> None:
    result = await set_rule(world, "message", "points", "2.5", reason="more *talk*")
    shown = texts_of(result.response)
    assert "version 1" in shown
    assert "Message · points: 1 → **2.5**" in shown
    assert "already earned stay" in shown
    assert "takes effect" not in shown
    listed = texts_of((await world.moderator.slash(world.channel, "rules list")).response)
    assert "**Message** · 2.5 points" in listed
    assert f"Changed by <@{world.moderator.id}>" in listed
    assert r"more \*talk\*" in listed
    async with world.app.database.read() as conn:
        (row,) = await audit.rows(conn, world.guild.id)
        assert row.actor_id == world.moderator.id
        assert row.details["reason"] == "more *talk*"
        assert (await rulebook.rule_set(conn, world.guild.id)) is not None


async def test_a_rule_may_be_typed_by_its_name_in_ones_language(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    result = await set_rule(
        world, "收到“有帮助”的表情反应", "“有帮助”的表情", "🙏💡", reason="精简"
    )
    shown = texts_of(result.response)
    assert "第 1 版" in shown
    assert "→ **🙏 💡**" in shown


async def test_a_choice_may_be_typed_by_its_name(world: World) -> None:
    shown = await set_rule(world, "levels", "curve", "The same for every level")
    assert "**the same for every level**" in texts_of(shown.response)
    assert (await in_force(world)).levels.curve == "linear"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_choice_names_every_choice(language: str) -> None:
    texts = Texts(language)
    chosen = [field for field in fields.FIELDS if field.kind == "choice"]
    assert len(chosen) == 2
    for field in chosen:
        said = texts("error-points-choice", **values.bounds(field))
        assert [
            name for name in wording.choice_names(field, texts).values() if name not in said
        ] == []


async def test_rules_and_their_fields_are_suggested(world: World) -> None:
    async def suggested(option: str, typed: str, **options: Any) -> list[tuple[str, str]]:
        choices = await world.moderator.autocomplete(
            world.channel, "rules set", option, typed, **options
        )
        return [(choice["name"], choice["value"]) for choice in choices]

    assert ("Message", "message") in await suggested("rule", "")
    assert await suggested("rule", "help") == [("Helpful reaction received", "helpful")]
    fields = await suggested("field", "", rule="general")
    assert fields == [
        ("daily point cap (100)", "daily_cap"),
        ("hours before return thanks earn points (24)", "lock_h"),
        ("time zone for days (–)", "zone"),
        ("manual points per moderator in 24 hours (500)", "by_hand"),
    ]
    assert await suggested("field", "", rule="nonsense") == []
    set_locale(world.moderator, "zh-CN")
    assert await suggested("rule", "发言") == [("发言", "message")]


async def test_a_bad_value_is_refused_with_the_bounds(lenient_world: World) -> None:
    world = lenient_world

    async def refused(rule: str, field: str, value: str) -> str:
        result = await set_rule(world, rule, field, value)
        assert result.ephemeral
        return texts_of(result.response)

    assert "from 0 to 1,000" in await refused("message", "points", "lots")
    assert "seconds from 0 to 86,400" in await refused("reply", "cooldown_s", "-1")
    assert "from 0 to 100" in await refused("helpful", "pair_per_day", "101")
    assert "1 to 20 emoji" in await refused("helpful", "emoji", "nice")
    assert "yes or no" in await refused("message", "is_capped", "maybe")
    assert "“every month”, “every quarter”" in await refused("seasons", "kind", "yearly")
    assert "no such rule" in await refused("nonsense", "points", "1")
    assert "no such setting" in await refused("general", "points", "1")
    assert "already" in await refused("message", "points", "1")
    set_locale(world.moderator, "zh-CN")
    assert "请填 0 到 365 之间的整数天" in await refused("helpful", "pair_days", "900")
    assert "“每级相同”“Skool 式九级”" in await refused("levels", "curve", "steep")
    assert await version(world) == 0


async def test_members_do_not_see_the_moderators_commands(world: World) -> None:
    for command in ("rules list", "rules set"):
        with pytest.raises(simcord.SetupError):
            await world.alice.slash(world.channel, command)


async def test_members_whom_the_server_lets_in_are_still_refused(lenient_world: World) -> None:
    world = lenient_world
    for command in world.env.backend.commands[None].values():
        command["default_member_permissions"] = None
    listed = await world.alice.slash(world.channel, "rules list")
    assert "Manage Server" in texts_of(listed.response)
    change = {"rule": "message", "field": "points", "value": "1000", "reason": "me"}
    changed = await world.alice.slash(world.channel, "rules set", **change)
    assert "Manage Server" in texts_of(changed.response)
    assert await version(world) == 0


async def test_a_draft_is_made_in_menus_and_forms_and_published_with_a_reason(
    world: World,
) -> None:
    opened = await world.moderator.slash(world.channel, "rules draft")
    assert opened.ephemeral
    assert "There is no draft yet" in texts_of(opened.response)
    section = await world.moderator.select(
        opened.response, ["message"], custom_id="rulebook:section"
    )
    assert "cooldown (seconds): 60" in texts_of(section.response)
    form = await world.moderator.select(
        section.response, ["points"], custom_id="rulebook:field:message"
    )
    assert "Enter a number of points from 0 to 1,000" in str(form.modal)
    assert "'value': '1'" in str(form.modal)
    changed = await world.moderator.submit_modal(form, {"value": "1.5"})
    assert "points: 1 → **1.5**" in texts_of(changed.response)
    await change(world, "helpful", "emoji", {"value": "🙏 💡"})
    assert await version(world) == 0  # nobody notices a draft

    asked = await world.moderator.slash(world.channel, "rules publish")
    shown = texts_of(asked.response)
    assert "Publish the draft as version 1?" in shown
    assert "Message · points: 1 → **1.5**" in shown
    assert "points already earned stay" in shown
    await world.restart()
    form = await world.moderator.click(asked.response, custom_id=button_id(asked.response, PUBLISH))
    done = await world.moderator.submit_modal(form, {"reason": "they write well", "at": ""})
    assert "Version 1 is published and in force since" in texts_of(done.response)
    rules = await in_force(world)
    assert (rules.message.points, rules.helpful.emoji) == (150, ("🙏", "💡"))
    async with world.app.database.read() as conn:
        assert await rulebook.draft(conn, world.guild.id) is None
        row, *drafted = await audit.rows(conn, world.guild.id)
    assert [each.action for each in drafted] == ["rules.draft"] * 2
    assert drafted[-1].details == {"changes": {"message.points": ["1", "1.5"]}}
    assert row.details["changes"] == {
        "message.points": ["1", "1.5"],
        "helpful.emoji": ["👍 ❤️ 🙏 💡 💯 ✅ ⭐", "🙏 💡"],
    }


async def test_the_draft_speaks_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    changed = await change(world, "message", "cooldown_s", {"value": "90"})
    assert "两次间隔（秒）：60 → **90**" in texts_of(changed.response)
    back = await world.moderator.click(changed.response, custom_id="rulebook:draft")
    assert "改动了 1 项" in texts_of(back.response)
    assert "✏️ **发言** · 1 积分 · 每天最多 20 次\n-# 两次间隔（秒）：60 → **90**" in texts_of(
        back.response
    )
    done = await publish(world, "太快了")
    assert "第 1 版已发布，即刻生效" in texts_of(done.response)


async def test_a_refused_form_says_why_and_loses_nothing(world: World) -> None:
    refused = await change(world, "message", "per_day", {"value": "a few"})
    shown = texts_of(refused.response)
    assert refused.ephemeral
    assert "Enter a whole number from 1 to 1,000." in shown
    assert "You entered:\n**max times a day**: a few" in shown
    again = await world.moderator.click(
        refused.response, custom_id=button_id(refused.response, AGAIN_TEMPLATE)
    )
    assert "a few" in str(again.modal)
    taken = await world.moderator.submit_modal(again, {"value": "30"})
    assert "times a day: 20 → **30**" in texts_of(taken.response)
    set_locale(world.moderator, "zh-CN")
    refused = await change(world, "message", "per_day", {"value": "几个"})
    assert "请填 1 到 1,000 之间的整数" in texts_of(refused.response)
    assert "你填写的内容：" in texts_of(refused.response)
    assert "：几个" in texts_of(refused.response)


async def test_switches_and_choices_are_chosen_not_typed(world: World) -> None:
    changed = await change(world, "message", "needs_new", {"value": ["no"]})
    assert "only new text (no repeats): yes → **no**" in texts_of(changed.response)
    changed = await change(world, "levels", "curve", {"value": ["linear"]})
    assert "curve: like MEE6 → **the same for every level**" in texts_of(changed.response)
    asked = await world.moderator.slash(world.channel, "rules publish")
    assert "everyone's level is recalculated" in texts_of(asked.response)


async def test_channels_are_chosen_and_given_a_percentage(world: World) -> None:
    help_ = world.guild.create_text_channel("help")
    await world.env.settle()
    filled = {"chosen": [world.channel, help_], "percent": "150", "value": ""}
    changed = await change(world, "multipliers", "channels", filled)
    assert f"<#{help_.id}> 150%" in texts_of(changed.response)
    refused = await change(world, "multipliers", "channels", filled | {"percent": "lots"})
    assert "whole percentage from 0 to 1,000" in texts_of(refused.response)
    listed = f"{world.channel.id}=150, {help_.id}=150"
    off = {"chosen": [help_], "percent": "100", "value": listed}
    changed = await change(world, "multipliers", "channels", off)
    assert str(help_.id) not in texts_of(changed.response)
    await publish(world, "general is quiet")
    assert (await in_force(world)).multipliers.channels == ((world.channel.id, 150),)


async def test_a_draft_does_not_undo_what_others_publish_meanwhile(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    await set_rule(world, "reply", "points", "3")
    await publish(world, "more")
    rules = await in_force(world)
    assert (rules.message.points, rules.reply.points) == (200, 300)


async def test_only_what_was_shown_is_published(lenient_world: World) -> None:
    world = lenient_world
    await change(world, "message", "points", {"value": "2"})
    asked = await world.moderator.slash(world.channel, "rules publish")
    button = button_id(asked.response, PUBLISH)
    form = await world.moderator.click(asked.response, custom_id=button)
    await change(world, "message", "points", {"value": "900"})
    refused = await world.moderator.submit_modal(form, {"reason": "more", "at": ""})
    assert "This is no longer the draft" in texts_of(refused.response)
    refused = await world.moderator.click(asked.response, custom_id=button)
    assert "This is no longer the draft" in texts_of(refused.response)
    assert await version(world) == 0


async def test_a_version_may_take_effect_later(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    refused = await publish(world, "spring", "2026-03-01")
    assert "Enter a future time" in texts_of(refused.response)
    done = await publish(world, "spring", "2026-03-03 08:00")
    assert "takes effect <t:1772524800:f>" in texts_of(done.response)
    assert await version(world) == 0
    opened = await world.moderator.slash(world.channel, "rules draft")
    assert "Version 1 is published and takes effect" in texts_of(opened.response)
    listed = await world.moderator.slash(world.channel, "rules history")
    assert "⏳ from <t:1772524800:f>" in texts_of(listed.response)
    await world.env.advance_time(86_400)
    assert await version(world) == 1


def second(world: World) -> Any:
    """Return another moderator."""
    mods = next(role for role in world.guild.roles.values() if role.name == "Mods")
    return world.guild.add_member(world.env.create_user("mo2", global_name="Mia"), roles=[mods])


async def test_what_another_moderator_drafted_since_is_not_discarded(lenient_world: World) -> None:
    world = lenient_world
    other = second(world)
    await change(world, "message", "points", {"value": "3"})
    seen = await world.moderator.slash(world.channel, "rules draft")
    theirs = await other.slash(world.channel, "rules draft")
    section = await other.select(theirs.response, ["message"], custom_id="rulebook:section")
    form = await other.select(section.response, ["cooldown_s"], custom_id="rulebook:field:message")
    await other.submit_modal(form, {"value": "90"})
    discard = button_id(seen.response, draft_screen.DISCARD_TEMPLATE)
    refused = await world.moderator.click(seen.response, custom_id=discard)
    assert "no longer the draft" in texts_of(refused.response)
    kept = await world.app.services.rulebook.drafts.draft(world.guild.id)
    assert len(kept.differences) == 2


async def test_two_moderators_with_the_same_form_overwrite_nothing_unseen(
    lenient_world: World,
) -> None:
    world = lenient_world
    other, drafts = second(world), world.app.services.rulebook.drafts
    forms = {}
    for one in (world.moderator, other):
        opened = await one.slash(world.channel, "rules draft")
        section = await one.select(opened.response, ["message"], custom_id="rulebook:section")
        forms[one] = await one.select(
            section.response, ["points"], custom_id="rulebook:field:message"
        )
    await other.submit_modal(forms[other], {"value": "4"})
    refused = await world.moderator.submit_modal(forms[world.moderator], {"value": "3"})
    assert "Somebody has set this to 4 in the meantime" in texts_of(refused.response)
    assert (await drafts.draft(world.guild.id)).rules.message.points == 400
    again = await world.moderator.click(
        refused.response, custom_id=button_id(refused.response, AGAIN_TEMPLATE)
    )
    await world.moderator.submit_modal(again, {"value": "3"})
    assert (await drafts.draft(world.guild.id)).rules.message.points == 300


async def test_a_draft_can_be_discarded(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    opened = await world.moderator.slash(world.channel, "rules draft")
    gone = await world.moderator.click(
        opened.response, custom_id=button_id(opened.response, draft_screen.DISCARD_TEMPLATE)
    )
    assert "Draft discarded" in texts_of(gone.response)
    asked = await world.moderator.slash(world.channel, "rules publish")
    assert "There is nothing to publish" in texts_of(asked.response)


async def test_history_says_who_when_why_and_what(world: World) -> None:
    empty = await world.moderator.slash(world.channel, "rules history")
    assert "**0** · 🟢 in force · the original defaults" in texts_of(empty.response)
    assert buttons_of(empty.response) == []
    for n in range(10):
        await set_rule(world, "message", "points", str(n + 2), f"reason {n}")
    shown = await world.moderator.slash(world.channel, "rules history")
    text = texts_of(shown.response)
    assert "**10** · 🟢 in force" in text and "reason 9" in text
    assert f"<@{world.moderator.id}>" in text
    assert "Message · points: 10 → **11**" in text
    assert "**2** ·" not in text
    older = await world.moderator.click(shown.response, custom_id="rulebook:page:2")
    assert "Message · points: 1 → **2**" in texts_of(older.response)
    assert "**0** ·" not in texts_of(older.response)
    last = await world.moderator.click(older.response, custom_id="rulebook:page:3")
    assert "**0** · the original defaults" in texts_of(last.response)
    back = [b.custom_id for b in buttons_of(last.response)]
    assert back == ["rulebook:rollback:0:10", "rulebook:page:2", "rulebook:page:4"]


async def test_a_rollback_is_a_new_version(lenient_world: World) -> None:
    world = lenient_world
    await set_rule(world, "message", "points", "5", "generous")
    await set_rule(world, "message", "points", "7", "more generous")
    choices = await world.moderator.autocomplete(world.channel, "rules rollback", "version", "")
    assert [choice["value"] for choice in choices] == [2, 1, 0]
    back = await world.moderator.slash(
        world.channel, "rules rollback", version=1, reason="too much"
    )
    assert "Message · points: 7 → **5**" in texts_of(back.response)
    assert await version(world) == 3
    back = await world.moderator.slash(world.channel, "rules rollback", version=0, reason="as was")
    assert "**1**" in texts_of(back.response)
    assert await in_force(world) == RuleSet()
    none = await world.moderator.slash(world.channel, "rules rollback", version=9, reason="?")
    assert "no such version" in texts_of(none.response)
    same = await world.moderator.slash(world.channel, "rules rollback", version=4, reason="?")
    assert "changes nothing" in texts_of(same.response)


async def test_rules_are_exported_and_imported_as_toml(world: World) -> None:
    await set_rule(world, "message", "points", "2.5")
    out = await world.moderator.slash(world.channel, "rules export")
    (attached,) = out.response.attachments
    assert attached.filename == "rules-1.toml"
    toml = (await attached.read()).decode()
    assert formats.from_toml(toml) == await in_force(world)
    written = toml.replace("points = 2.5", "points = 4").encode()
    shown = await world.moderator.slash(world.channel, "rules import", file=("mine.toml", written))
    assert "✏️ **Message** · 4 points" in texts_of(shown.response)
    assert "-# points: 2.5 → **4**" in texts_of(shown.response)
    assert await version(world) == 1
    await publish(world, "from a file")
    assert (await in_force(world)).message.points == 400


async def test_an_import_says_whose_draft_it_replaced(lenient_world: World) -> None:
    world = lenient_world
    other, drafts = second(world), world.app.services.rulebook.drafts
    points = fields.field_of("message", "points")
    await drafts.edit(world.guild.id, other.id, points, "7")
    data = formats.to_toml(RuleSet()).replace("points = 1", "points = 3", 1).encode()
    shown = await world.moderator.slash(world.channel, "rules import", file=("mine.toml", data))
    assert f"replaced the draft of <@{other.id}>" in texts_of(shown.response)
    again = await world.moderator.slash(world.channel, "rules import", file=("mine.toml", data))
    assert "replaced" not in texts_of(again.response)


async def test_a_bad_file_is_refused_with_the_place(lenient_world: World) -> None:
    world = lenient_world

    async def refused(data: bytes) -> str:
        result = await world.moderator.slash(
            world.channel, "rules import", file=("mine.toml", data)
        )
        return texts_of(result.response)

    assert "not TOML" in await refused(b"[message")
    assert "“message.colour”" in await refused(b"[message]\ncolour = 1")
    assert "“message.points” is not accepted" in await refused(b"[message]\npoints = 1e9")
    assert "UTF-8" in await refused(b"\xff\x00\xfa")
    assert "64 kB" in await refused(b"#" * 70_000)


async def test_buttons_outlive_permissions(lenient_world: World) -> None:
    world = lenient_world
    opened = await world.moderator.slash(world.channel, "rules list")
    give_roles(world, world.moderator)
    pressed = await world.moderator.click(opened.response, custom_id="rulebook:draft")
    assert "Manage Server" in texts_of(pressed.response)
