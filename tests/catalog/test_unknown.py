"""What nobody gave is shown nowhere, and is neither beginner nor English nor free."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from bot.cards import SAVE_TEMPLATE
from bot.catalog import rules
from bot.catalog.importer import import_catalog
from bot.i18n import LANGUAGES, Texts
from recommender import ranking
from storage import catalog
from storage.records import Level, Resource, Surface
from tests.catalog.test_commands import resources, seed
from tests.discord_sim import World, button_id, set_locale, texts_of
from tests.questions.scenes import open_forum

BLANK = Resource(guild_id=1, kind="article", title="Maps", url="https://example.org/maps")


async def _command(world: World, name: str, **options: Any) -> Any:
    return (await world.alice.slash(world.channel, name, **options)).response


async def _added(world: World) -> Any:
    shown = {"kind": "article", "title": "Atlas", "url": "https://example.org/atlas"}
    return (await world.moderator.slash(world.channel, "resource add", **shown)).response


async def _edited(world: World) -> Any:
    options = {"resource": "Maps", "tags": "maps"}
    return (await world.moderator.slash(world.channel, "resource edit", **options)).response


async def _saved(world: World) -> Any:
    shown = await world.alice.slash(world.channel, "search", query="Maps")
    await world.alice.click(shown.response, custom_id=button_id(shown.response, SAVE_TEMPLATE))
    return await _command(world, "saved")


async def _questioned(world: World) -> Any:
    await open_forum(world)
    form = await world.alice.slash(world.channel, "ask")
    return (await world.alice.submit_modal(form, {"title": "How do I read Maps?"})).response


SURFACES: Mapping[str, Callable[[World], Awaitable[Any]]] = {
    "added": _added,
    "digest": lambda world: _command(world, "digest now"),
    "edited": _edited,
    "question": _questioned,
    "recommend": lambda world: _command(world, "recommend"),
    "saved": _saved,
    "search": lambda world: _command(world, "search", query="Maps"),
    "share": lambda world: _command(world, "share", resource="Maps"),
    "similar": lambda world: _command(world, "similar", resource="Maps"),
}
_TITLES = ("Maps", "Charts", "Globes", "Plans", "Views", "Routes")


def test_every_surface_is_looked_at() -> None:
    assert set(get_args(Surface)) <= SURFACES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("surface", sorted(SURFACES))
async def test_a_card_says_nothing_that_nobody_gave(
    world: World, surface: str, language: str
) -> None:
    await seed(world, *_TITLES, tags=("maps",))
    set_locale(world.alice, language)
    set_locale(world.moderator, language)
    texts = Texts("en" if surface == "share" else language)  # shared in the server's language
    said = texts_of(await SURFACES[surface](world)).splitlines()
    facts = [line for line in said if line.startswith(f"-# {texts('kind-article')}")]
    assert facts and set(facts) == {f"-# {texts('kind-article')}"}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Docker", None),
        ("Tour de France", None),
        ("Rust 程序设计语言", "zh"),
        ("深入浅出 Node.js", "zh"),
        ("ゼロから作るDeep Learning", "ja"),
        ("데이터베이스 개론", "ko"),
        ("Программирование", None),
    ],
)
def test_a_language_is_guessed_by_the_script_of_the_title_at_most(
    title: str, language: str | None
) -> None:
    values, problems = rules.parse({"title": title})
    assert not problems
    assert rules.described(BLANK, values).language == language
    given, _ = rules.parse({"title": title, "language": "fr"})
    assert rules.described(BLANK, given).language == "fr"
    nobody_knows, _ = rules.parse({"title": title, "language": "-"})
    assert rules.described(BLANK, nobody_knows).language is None


async def test_what_was_given_can_be_taken_back(world: World) -> None:
    given = {"language": "en", "level": "advanced", "minutes": 5, "price": 3, "currency": "USD"}
    book = {"kind": "ebook", "title": "Atlas", "url": "https://example.org/atlas"}
    await world.moderator.slash(world.channel, "resource add", **book, **given)
    cleared = {"language": "-", "level": "-", "minutes": 0, "currency": "-"}
    answer = await world.moderator.slash(
        world.channel, "resource edit", resource="Atlas", **cleared
    )
    assert "\n-# e-book\n" in texts_of(answer.response)
    (atlas,) = await resources(world)
    assert (atlas.language, atlas.level, atlas.minutes, atlas.price_minor) == (None, None, None, 0)
    assert (atlas.is_free, atlas.currency) == (False, None)


async def test_a_file_leaves_open_what_it_does_not_say_and_clears_with_a_hyphen(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "catalog.csv"
    header = "kind,title,url,language,level,minutes,price\n"
    page = "article,Maps,https://example.org/maps,"
    for cells, expected in (
        (",,,", (None, None, None, False)),
        ("en,beginner,5,0", ("en", "beginner", 5, True)),
        (",,,", ("en", "beginner", 5, True)),
        ("-,-,-,-", (None, None, None, False)),
    ):
        path.write_text(header + page + cells)
        report = await import_catalog(
            world.app.database, world.app.clock, path, guild_id=world.guild.id, strict=True
        )
        assert report.n_problems == 0
        (maps,) = await resources(world)
        assert (maps.language, maps.level, maps.minutes, maps.is_free) == expected


def test_no_language_speaks_against_a_resource_whose_language_nobody_knows() -> None:
    codes = np.array([0, 25_966, 31_336], np.int64)  # unknown, en, zh
    wanted = np.zeros(3, np.bool_)
    assert ranking.readable(codes, wanted, [31_336], share=0.2).tolist() == [True, False, True]


async def test_an_unknown_level_reaches_the_model_as_unknown(world: World) -> None:
    from bot.recommend.refit import surroundings

    for level in (None, *get_args(Level)):
        await seed(world, f"{level} maps", level=level)
    async with world.app.database.read() as conn:
        _, context = await surroundings(conn, world.guild.id, 1.0)
        assert len(await catalog.live(conn, world.guild.id)) == 4
    assert context.levels.tolist() == [-1, 0, 1, 2]
    context.check(4)


@pytest.mark.parametrize(
    "asked",
    [{"level": "beginner"}, {"language": "en"}, {"minutes": 100_000}, {"price": "free"}],
    ids=lambda asked: next(iter(asked)),
)
async def test_a_filter_lets_nothing_through_that_nobody_knows(
    world: World, asked: dict[str, Any]
) -> None:
    await seed(world, "Maps")
    known = {"language": "en", "level": "beginner", "minutes": 5, "is_free": True}
    await seed(world, "Map projections", url="https://example.org/known", **known)
    for command, words in (("search", {"query": "map"}), ("recommend", {})):
        said = texts_of(await _command(world, command, **words, **asked))
        assert "### Map projections" in said and "### Maps" not in said
