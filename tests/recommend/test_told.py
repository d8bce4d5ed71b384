"""What members tell about themselves shapes their answers: interests, language, no tracking."""

import re
from dataclasses import replace

import pytest

from bot.recommend import rules
from storage import catalog, members
from storage.connection import Connection
from tests.discord_sim import START, World, button_id, buttons_of, set_locale, texts_of
from tests.recommend.community import resource, settle

NOW = START.timestamp()
TITLE = re.compile(r"### (\w+) \d+")


def titles(text: str) -> list[str]:
    return TITLE.findall(text)


async def shelve(world: World) -> None:
    """Put ten resources in English and ten in Chinese on the shelf, none known to anybody."""

    async def job(conn: Connection) -> None:
        for number in range(20):
            taste, language = ("rockets", "en") if number % 2 else ("gardens", "zh")
            made = resource(world.guild.id, taste, number, NOW)
            await catalog.add(conn, replace(made, language=language, published_at=NOW - number))

    await world.app.database.write(job)


async def test_somebody_new_gets_what_fits_the_interests_in_their_profile(world: World) -> None:
    world.env.settle_timeout = 60.0
    await settle(world.app.database, world.guild.id)
    await world.alice.slash(world.channel, "profile interests", interests="Rockets, deep sea")
    text = texts_of((await world.alice.slash(world.channel, "recommend")).response)
    assert titles(text) == ["Rockets"] * 5
    assert text.count("You named “rockets” as an interest") == 2  # said often enough


async def test_somebody_new_gets_what_is_in_a_language_they_read(world: World) -> None:
    await shelve(world)
    english = await world.alice.slash(world.channel, "recommend")
    assert titles(texts_of(english.response)) == ["Rockets"] * 5
    set_locale(world.bob, "zh-CN")
    chinese = await world.bob.slash(world.channel, "recommend")
    assert titles(texts_of(chinese.response)) == ["Gardens"] * 5


async def test_whoever_opened_something_in_a_language_reads_it(world: World) -> None:
    await shelve(world)
    found = await world.alice.slash(world.channel, "recommend", topic="gardens")
    await world.alice.click(found.response, custom_id=button_id(found.response, r"card:open:\d+"))
    after = await world.alice.slash(world.channel, "recommend")
    assert set(titles(texts_of(after.response))) == {"Gardens", "Rockets"}


async def test_whoever_is_not_tracked_is_told_so_and_offered_no_empty_buttons(
    world: World,
) -> None:
    await shelve(world)

    async def stop(conn: Connection) -> None:
        await members.change_member(
            conn, world.guild.id, world.alice.id, NOW, is_tracked=False, asked_at=NOW
        )

    await world.app.database.write(stop)
    answer = await world.alice.slash(world.channel, "recommend")
    assert "Tracking is off for you" in texts_of(answer.response)
    assert {button.label for button in buttons_of(answer.response)} == {"Open"}


@pytest.mark.parametrize(
    ("interest", "tag"),
    [
        ("Machine Learning", "machine-learning"),
        ("  Rust ", "rust"),
        ("Ｐｙｔｈｏｎ", "python"),
        ("机器学习", "机器学习"),
    ],
)
def test_interests_are_compared_as_the_catalogue_keeps_tags(interest: str, tag: str) -> None:
    assert rules.interest_tags([interest]) == [tag]


def test_a_language_is_one_whatever_its_region() -> None:
    assert rules.language_code("zh-CN") == rules.language_code("zh")
    assert rules.language_code("zh") != rules.language_code("en")
    assert rules.language_code("") == 0
