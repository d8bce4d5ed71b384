from typing import Any

import pytest

from storage import members
from storage.records import Member
from tests.discord_sim import World, buttons_of, set_locale, texts_of


async def stored(world: World, person: Any) -> Member:
    async with world.app.database.read() as conn:
        return await members.member(conn, world.guild.id, person.id)


async def test_the_profile_of_a_newcomer_shows_the_defaults(world: World) -> None:
    result = await world.alice.slash(world.channel, "profile view")
    assert result.ephemeral
    text = texts_of(result.response)
    assert "**Language:** automatic, like your Discord" in text
    assert "**Time zone:** the server's, UTC (09:00)" in text
    assert "**Interests:** none yet" in text
    assert "**Learning from you:** no, you have not been asked" in text
    assert [button.custom_id for button in buttons_of(result.response)] == [
        "profile:language:en",
        "profile:language:zh-CN",
        "profile:language:auto",
        "profile:interests",
        "privacy:show",
        "profile:learn:yes",
        "profile:learn:all",
    ]


async def test_the_profile_reads_chinese_to_those_whose_discord_does(world: World) -> None:
    set_locale(world.bob, "zh-CN")
    result = await world.bob.slash(world.channel, "profile view")
    text = texts_of(result.response)
    assert "你的个人资料" in text
    assert "**语言**：自动，跟随你的 Discord" in text
    assert "编辑兴趣" in text


async def test_a_chosen_language_wins_over_discords_and_automatic_gives_it_back(
    world: World,
) -> None:
    result = await world.alice.slash(world.channel, "profile language", language="zh-CN")
    assert "✓ 已保存" in texts_of(result.response)
    result = await world.alice.slash(world.channel, "profile view")
    assert "**语言**：中文" in texts_of(result.response)
    result = await world.alice.slash(world.channel, "profile language", language="auto")
    assert "✓ Saved" in texts_of(result.response)
    assert (await stored(world, world.alice)).language is None


async def test_the_language_buttons_change_the_card_in_place_even_after_a_restart(
    world: World,
) -> None:
    result = await world.alice.slash(world.channel, "profile view")
    await world.restart()
    pressed = await world.alice.click(result.response, custom_id="profile:language:zh-CN")
    assert pressed.response.id == result.response.id
    assert "**语言**：中文" in texts_of(pressed.response)
    styles = {b.custom_id: b.style.name for b in buttons_of(pressed.response)}
    assert styles["profile:language:zh-CN"] == "primary"
    assert styles["profile:language:en"] == "secondary"


async def test_a_time_zone_is_suggested_with_its_hour_and_stored(world: World) -> None:
    choices = await world.alice.autocomplete(world.channel, "profile timezone", "timezone", "shang")
    assert choices[0] == {"name": "Asia/Shanghai (17:00)", "value": "Asia/Shanghai"}
    first = await world.alice.autocomplete(world.channel, "profile timezone", "timezone", "")
    assert first[0] == {"name": "The same as the server", "value": "auto"}
    assert len(first) <= 25
    result = await world.alice.slash(world.channel, "profile timezone", timezone="beijing")
    assert "**Time zone:** Asia/Shanghai (17:00)" in texts_of(result.response)
    result = await world.alice.slash(world.channel, "profile timezone", timezone="auto")
    assert "the server's, UTC" in texts_of(result.response)


async def test_interests_are_stored_and_cleared(world: World) -> None:
    result = await world.alice.slash(
        world.channel, "profile interests", interests="Python, *SQL*，机器学习, python"
    )
    assert "**Interests:** Python · \\*SQL\\* · 机器学习" in texts_of(result.response)
    assert (await stored(world, world.alice)).interests == ("Python", "*SQL*", "机器学习")
    result = await world.alice.slash(world.channel, "profile interests")
    assert "**Interests:** none yet" in texts_of(result.response)


async def test_interests_are_edited_in_a_form(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="Rust")
    result = await world.alice.slash(world.channel, "profile view")
    form = await world.alice.click(result.response, custom_id="profile:interests")
    assert form.modal["title"] == "Your interests"
    assert form.modal["components"][0]["component"]["value"] == "Rust"
    saved = await world.alice.submit_modal(form, {"interests": "Go, Zig"})
    assert saved.response.id == result.response.id
    assert "Go · Zig" in texts_of(saved.response)
    assert (await stored(world, world.alice)).interests == ("Go", "Zig")


@pytest.mark.parametrize(
    ("command", "option", "value", "english", "chinese"),
    [
        ("timezone", "timezone", "Mars", "no time zone “Mars”; type a city", "没有“Mars”这个时区"),
        ("interests", "interests", "x" * 31, "at most 10 interests of up to 30", "最多填写 10 个"),
        ("interests", "interests", ",".join("abcdefghijk"), "at most 10", "最多填写 10 个兴趣"),
    ],
)
async def test_bad_values_are_refused_with_what_is_accepted(
    lenient_world: World, command: str, option: str, value: str, english: str, chinese: str
) -> None:
    world = lenient_world
    set_locale(world.bob, "zh-CN")
    for person, expected in ((world.alice, english), (world.bob, chinese)):
        result = await person.slash(world.channel, f"profile {command}", **{option: value})
        assert result.ephemeral
        assert expected in result.response.content
        assert (await stored(world, person)).created_at == 0


async def test_a_bad_form_is_refused_too_and_changes_nothing(lenient_world: World) -> None:
    world = lenient_world
    result = await world.alice.slash(world.channel, "profile view")
    form = await world.alice.click(result.response, custom_id="profile:interests")
    refused = await world.alice.submit_modal(form, {"interests": "x" * 31})
    assert "at most 10 interests" in texts_of(refused.response)
    assert (await stored(world, world.alice)).interests == ()


async def test_a_profile_in_one_guild_says_nothing_in_another(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="Rust")
    async with world.app.database.read() as conn:
        assert (await members.member(conn, world.guild.id + 1, world.alice.id)).interests == ()


async def test_what_is_learned_is_changed_on_the_profile_itself(world: World) -> None:
    card = (await world.alice.slash(world.channel, "profile view")).response
    for answer, says, offered in (
        ("all", "yes, from everything recorded here", ["yes", "no"]),
        (
            "yes",
            f"yes, from what you have done since <t:{int(world.env.now().timestamp())}:f>",
            None,
        ),
        ("no", "no, you declined", ["yes", "all"]),
    ):
        pressed = await world.alice.click(card, custom_id=f"profile:learn:{answer}")
        assert pressed.response.id == card.id
        assert f"**Learning from you:** {says}" in texts_of(pressed.response)
        ids = [str(button.custom_id) for button in buttons_of(pressed.response)]
        left = [i.split(":")[2] for i in ids if i.startswith("profile:learn:")]
        assert left == (offered or ["all", "no"])
        card = pressed.response
