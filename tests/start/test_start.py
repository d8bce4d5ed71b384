"""The first minutes of somebody new: cards first, then two small questions."""

from typing import Any

import pytest
from discord import ButtonStyle

from bot.i18n import LANGUAGES, Texts
from bot.start.views import TOPIC_TEMPLATE
from storage import training
from tests.catalog.test_commands import seed
from tests.discord_sim import World, buttons_of, set_locale, texts_of
from tests.profile.test_consent import QUESTION, stored

TOPICS = ("go", "rust", "git", "sql")
WHICH = {"en": "What interests you?", "zh-CN": "你对什么感兴趣？"}


async def shelve(world: World) -> None:
    for topic in TOPICS:
        titles = [f"{topic} {n}" for n in range(4)]
        await seed(world, *titles, tags=(topic,))


def topic_buttons(message: Any) -> dict[str, ButtonStyle]:
    found = [b for b in buttons_of(message) if (b.custom_id or "").startswith("start:topic:")]
    return {button.label: button.style for button in found}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_answer_is_cards_then_consent_small_then_topics(
    world: World, language: str
) -> None:
    await shelve(world)
    set_locale(world.alice, language)
    first = await world.alice.slash(world.channel, "recommend")
    assert "### " in texts_of(first.response) and topic_buttons(first.response) == {}
    consent, topics = first.followups[-2:]
    title, *small = texts_of(consent).splitlines()
    assert title == f"**{Texts(language)('profile-consent-ask-title')}**"
    assert all(line.startswith("-# ") for line in small[:3])
    assert WHICH[language] in texts_of(topics) and topics.ephemeral
    assert set(topic_buttons(topics)) == set(TOPICS)
    again = await world.alice.slash(world.channel, "recommend")
    assert not any(topic_buttons(each) for each in (again.response, *again.followups))


async def test_three_presses_are_interests_and_the_next_list_goes_by_them(world: World) -> None:
    await shelve(world)
    shown = (await world.alice.slash(world.channel, "start")).response
    for topic in ("go", "rust", "sql"):
        pressed = await world.alice.click(shown, custom_id=f"start:topic:{topic}")
        shown = pressed.response
    assert (await stored(world, world.alice)).interests == ("go", "rust", "sql")
    assert [t for t, s in topic_buttons(shown).items() if s is ButtonStyle.primary] == [
        "go",
        "rust",
        "sql",
    ]
    assert "Enough for a good list" in texts_of(shown)
    done = await world.alice.click(shown, custom_id="start:done")
    assert "go · rust · sql" in texts_of(done.response)
    listed = await world.alice.slash(world.channel, "recommend")
    shown = texts_of(listed.response)
    assert sum(shown.count(f"`{topic}`") for topic in ("go", "rust", "sql")) >= 4
    assert "as an interest" in shown
    assert "### git" not in texts_of(listed.response)


async def test_a_second_press_takes_a_topic_back_and_skip_leaves_none(world: World) -> None:
    await shelve(world)
    shown = (await world.alice.slash(world.channel, "start")).response
    for _ in range(2):
        shown = (await world.alice.click(shown, custom_id="start:topic:go")).response
    assert (await stored(world, world.alice)).interests == ()
    skipped = await world.alice.click(shown, custom_id="start:done")
    assert "popular here" in texts_of(skipped.response)


async def test_topics_chosen_before_a_yes_teach_nobody(world: World) -> None:
    """The consent question says so: what was recorded before helps only if members say so."""
    await shelve(world)
    first = await world.alice.slash(world.channel, "recommend")
    consent, topics = first.followups[-2:]
    assert QUESTION in texts_of(consent)
    await world.alice.click(topics, custom_id="start:topic:go")

    async def taught() -> dict[int, tuple[str, ...]]:
        async with world.app.database.read() as conn:
            return await training.interests(conn, world.guild.id)

    assert await taught() == {}
    await world.env.advance_time(60)
    await world.alice.click(consent, custom_id="consent:yes")
    assert await taught() == {}
    await world.env.advance_time(60)
    await world.alice.click(topics, custom_id="start:topic:rust")
    assert await taught() == {world.alice.id: ("go", "rust")}


async def test_whoever_named_interests_or_starts_by_start_is_not_offered_topics_twice(
    world: World,
) -> None:
    await shelve(world)
    named = await world.alice.slash(world.channel, "profile interests", interests="Go")
    started = await world.bob.slash(world.channel, "start")
    for result in (named, started):
        assert not any(topic_buttons(each) for each in result.followups if each != result.response)


async def test_a_server_without_topics_offers_none_at_the_first_command(world: World) -> None:
    result = await world.alice.slash(world.channel, "recommend")
    assert not any(topic_buttons(each) for each in (result.response, *result.followups))


async def test_an_eleventh_interest_is_refused(lenient_world: World) -> None:
    world = lenient_world
    await shelve(world)
    many = ", ".join(f"topic {n}" for n in range(10))
    await world.alice.slash(world.channel, "profile interests", interests=many)
    shown = (await world.alice.slash(world.channel, "start")).response
    refused = await world.alice.click(shown, custom_id="start:topic:go")
    assert "at most 10 interests" in texts_of(refused.response)
    assert len((await stored(world, world.alice)).interests) == 10


def test_the_template_takes_any_tag() -> None:
    import re

    for tag in ("c++", "c#", ".net", "机器学习", "a" * 30):
        assert re.fullmatch(TOPIC_TEMPLATE, f"start:topic:{tag}")
