"""The catalogue's commands, as members and moderators meet them."""

from typing import Any

import pytest
import simcord

from bot import cards
from bot.ids import choice
from storage import audit, catalog
from storage.records import AuditRow, Impression, Resource
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.links.rows import impressions_of

PAGE = r"catalog:page:.*"
BOOK = {"kind": "ebook", "title": "The Rust Book", "url": "https://doc.rust-lang.org/book/"}


async def seed(world: World, *titles: str, **fields: Any) -> list[int]:
    """Add resources straight to the catalogue."""

    async def job(conn: Any) -> list[int]:
        return [
            await catalog.add(
                conn,
                Resource(
                    world.guild.id,
                    **{
                        "kind": "article",
                        "title": title,
                        "url": f"https://example.org/{title}",
                        "published_at": float(number),
                        **fields,
                    },
                ),
            )
            for number, title in enumerate(titles)
        ]

    return await world.app.database.write(job)


async def resources(world: World) -> list[Resource]:
    async with world.app.database.read() as conn:
        return list((await catalog.keyed(conn, world.guild.id)).values())


async def add(world: World, **options: Any) -> Any:
    return await world.moderator.slash(world.channel, "resource add", **(BOOK | options))


async def test_a_moderator_adds_a_resource_and_posts_its_card(world: World) -> None:
    result = await add(
        world,
        summary="Learn Rust",
        tags="Rust, Systems Programming",
        language="en-US",
        level="beginner",
        minutes=1200,
        price=49.9,
        currency="usd",
        **{"creator-member": world.alice},
    )
    assert result.ephemeral
    text = texts_of(result.response)
    assert "Added to the catalogue" in text and "The Rust Book" in text
    assert "e-book · beginner · 20 h · English · US$49.90 · Alice" in text
    assert "`rust` `systems-programming`" in text
    (stored,) = await resources(world)
    assert (stored.creator_id, stored.added_by) == (world.alice.id, world.moderator.id)

    posted = await world.moderator.click(result.response, label="Post it here")
    assert not posted.ephemeral
    card = world.channel.last_message
    assert "The Rust Book" in texts_of(card)
    assert [one.label for one in buttons_of(card)] == ["Open", "Save"]
    async with world.app.database.read() as conn:
        shown = await catalog.resources_of_messages(conn, world.guild.id, [card.id])
    assert shown == {card.id: stored.resource_id}


async def test_adding_answers_in_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    result = await add(world, title="Rust 程序设计语言", language="zh")
    assert "已加入目录" in texts_of(result.response)
    assert "-# 电子书 · 中文\n" in texts_of(result.response)
    assert [one.label for one in buttons_of(result.response)] == ["发到本频道"]


BAD_OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * 201}, "at most 200 characters, and this one has 201"),
    ({"title": "  "}, "needs a title"),
    ({"url": "doc.rust-lang.org"}, "begins with https:// or http://"),
    ({"url": "https://me:pw@example.org"}, "must not contain a user name"),
    ({"summary": "x" * 501}, "at most 500"),
    ({"tags": ",".join("abcdefghijk")}, "at most 10 tags"),
    ({"language": "klingon"}, "two letters such as en or zh"),
    ({"minutes": 0}, "from 1 to 100,000"),
    ({"price": -1.0}, "from 0 to 1,000,000"),
    ({"price": 5.999, "currency": "USD"}, "at most 2 decimals"),
    ({"price": 5.0}, "needs its currency"),
    ({"price": 5.0, "currency": "gold"}, "three-letter ISO code"),
]


async def test_every_bad_option_is_refused_with_what_is_accepted(lenient_world: World) -> None:
    for options, says in BAD_OPTIONS:
        result = await add(lenient_world, **options)
        assert result.ephemeral and says in texts_of(result.response), options
    set_locale(lenient_world.moderator, "zh-CN")
    result = await add(lenient_world, minutes=-3)
    assert "请填 1 到 100,000 之间的整数分钟" in texts_of(result.response)
    assert await resources(lenient_world) == []


async def test_the_same_page_is_refused_by_the_title_it_has(lenient_world: World) -> None:
    world = lenient_world
    await add(world)
    again = await add(world, title="Rust", url="HTTPS://DOC.rust-lang.org/book?utm_source=x#ch01")
    assert "already, as “The Rust Book”" in texts_of(again.response)
    await world.moderator.slash(world.channel, "resource retire", resource="The Rust Book")
    again = await add(world)
    assert "which is retired" in texts_of(again.response)
    assert len(await resources(world)) == 1


async def test_members_do_not_see_the_moderators_commands(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.alice.slash(world.channel, "resource retire", resource="1")


async def test_members_whom_the_server_lets_in_are_still_refused(lenient_world: World) -> None:
    world = lenient_world
    (number,) = await seed(world, "Rust")
    for command in world.env.backend.commands[None].values():
        command["default_member_permissions"] = None
    attempts: list[tuple[str, dict[str, str]]] = [
        ("add", BOOK),
        ("edit", {"resource": str(number), "title": "x"}),
        ("retire", {"resource": str(number)}),
    ]
    for sub, options in attempts:
        result = await world.alice.slash(world.channel, f"resource {sub}", **options)
        assert "Manage Server" in texts_of(result.response)
    (rust,) = await resources(world)
    assert (rust.title, rust.state) == ("Rust", "live")


async def test_editing_changes_only_what_is_filled_in(world: World) -> None:
    await add(world, summary="Learn Rust", price=10.0, currency="USD", creator="Steve", minutes=5)
    result = await world.moderator.slash(
        world.channel, "resource edit", resource="rust", title="The Book", price=12.5, creator="-"
    )
    assert "Changed" in texts_of(result.response)
    (book,) = await resources(world)
    assert (book.title, book.price_minor, book.currency) == ("The Book", 1250, "USD")
    assert (book.summary, book.creator, book.minutes) == ("Learn Rust", "", 5)


async def test_an_edit_of_nothing_or_of_nobody_knows_what_is_refused(lenient_world: World) -> None:
    world = lenient_world
    await seed(world, "Rust one", "Rust two")
    edit = "resource edit"
    result = await world.moderator.slash(world.channel, edit, resource="Rust one")
    assert "at least one option" in texts_of(result.response)
    result = await world.moderator.slash(world.channel, edit, resource="rust", title="x")
    assert "“rust” doesn't match exactly one resource" in texts_of(result.response)
    result = await world.moderator.slash(
        world.channel, edit, resource="Rust one", price=12.5, currency="USD"
    )
    result = await world.moderator.slash(world.channel, edit, resource="Rust one", currency="JPY")
    assert "Prices in JPY are whole numbers" in texts_of(result.response)
    result = await world.moderator.slash(world.channel, edit, resource="99999", title="x")
    assert "“99999” doesn't match exactly one resource" in texts_of(result.response)


async def test_retiring_hides_a_resource_and_restoring_brings_it_back(world: World) -> None:
    (number,) = await seed(world, "Rust")
    retire = "resource retire"
    result = await world.moderator.slash(world.channel, retire, resource=choice(number))
    assert "nobody will be shown it any more" in texts_of(result.response)
    assert buttons_of(result.response) == []
    assert await world.alice.autocomplete(world.channel, "search", "query", "rust") == []
    (offered,) = await world.moderator.autocomplete(world.channel, retire, "resource", "rust")
    assert offered["name"] == "(retired) Rust"
    result = await world.moderator.slash(
        world.channel, retire, resource=choice(number), restore=True
    )
    assert "Back in the catalogue" in texts_of(result.response)
    assert (await resources(world))[0].state == "live"
    async with world.app.database.read() as conn:
        trail: list[AuditRow] = await audit.rows(conn, world.guild.id)
    assert [row.action for row in trail] == ["resource.live", "resource.retired"]


async def test_anybody_shares_a_card_in_the_guilds_language(world: World) -> None:
    (number,) = await seed(world, "Rust")
    set_locale(world.alice, "zh-CN")
    result = await world.alice.slash(world.channel, "share", resource=choice(number))
    assert not result.ephemeral
    assert [one.label for one in buttons_of(world.channel.last_message)] == ["Open", "Save"]


async def test_a_resource_for_a_role_is_shown_to_that_role_only(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    (number,) = await seed(world, "Secret Rust", role_id=role.id)
    carol = world.guild.add_member(world.env.create_user("carol"), roles=[role])
    for word in ("secret", choice(number)):
        assert await world.alice.autocomplete(world.channel, "search", "query", word) == []
        assert len(await carol.autocomplete(world.channel, "share", "resource", word)) == 1
        hidden = await world.alice.slash(world.channel, "search", query=word)
        assert "Nothing in the catalogue" in texts_of(hidden.response)
    refused = await world.alice.slash(world.channel, "share", resource=choice(number))
    assert "doesn't match exactly one resource" in texts_of(refused.response)
    shown = await carol.slash(world.channel, "search", query="secret")
    assert "Secret Rust" in texts_of(shown.response)


async def test_a_search_pages_through_what_fits_and_logs_what_was_shown(world: World) -> None:
    await seed(world, *(f"Rust {number}" for number in range(7)), "Python")
    first = await world.alice.slash(world.channel, "search", query="rust")
    assert first.ephemeral
    text = texts_of(first.response)
    assert [n for n in range(8) if f"Rust {n}" in text] == [2, 3, 4, 5, 6]
    assert "Page 1" in text and "Python" not in text
    await world.restart()
    second = await world.alice.click(first.response, custom_id=button_id(first.response, PAGE))
    text = texts_of(second.response)
    assert [n for n in range(8) if f"Rust {n}" in text] == [0, 1]
    assert "Page 2" in text and "Previous" in text and "Next" not in text
    seen: list[Impression] = await impressions_of(world.app.database)
    assert [one.position for one in seen] == [1, 2, 3, 4, 5, 6, 7]
    assert {(one.surface, one.user_id) for one in seen} == {("search", world.alice.id)}


async def test_a_search_marks_what_the_member_saved(world: World) -> None:
    await seed(world, "Rust", "Rust again", "Rusty")
    found = await world.alice.slash(world.channel, "search", query="rust")
    await world.alice.click(
        found.response, custom_id=button_id(found.response, cards.SAVE_TEMPLATE)
    )
    again = await world.alice.slash(world.channel, "search", query="rust")
    labels = [one.label for one in buttons_of(again.response)]
    assert labels == [
        "Open",
        "Saved ✓",
        "Not for me",
        "More…",
        "Open",
        "Save",
        "Not for me",
        "More…",
    ]


async def test_a_search_speaks_chinese_and_finds_words_inside_words(world: World) -> None:
    await seed(world, "从零开始机器学习", "深度学习", tags=["人工智能"])
    await seed(world, "100% Rust_ful", summary="a\\b", creator="李沐")
    set_locale(world.alice, "zh-CN")
    for query, title in (
        ("机器", "从零开始机器学习"),
        ("智能 深度", "深度学习"),
        ("李沐", "100% Rust\\_ful"),
        ("100%", "100% Rust\\_ful"),
    ):
        found = await world.alice.slash(world.channel, "search", query=query)
        assert title in texts_of(found.response), query
        assert [one.label for one in buttons_of(found.response)] == [
            "打开",
            "收藏",
            "不感兴趣",
            "更多……",
        ]
    nothing = await world.alice.slash(world.channel, "search", query="%_", kind="course")
    assert "目录里没有找到“%\\_ · 课程”" in texts_of(nothing.response)


async def test_a_title_that_fits_comes_before_a_tag_that_does(world: World) -> None:
    await seed(world, "Go", summary="like rust")
    await seed(world, "C", tags=["rust"])
    await seed(world, "Rust", "Learning Rust", "Rusty")
    offered = await world.alice.autocomplete(world.channel, "search", "query", "rust")
    assert [one["name"] for one in offered] == [
        "🔎 rust", "Rust", "Rusty", "Learning Rust", "C", "Go"
    ]  # fmt: skip
    assert offered[0]["value"] == "rust"


async def test_suggestions_are_few_short_and_lead_to_their_resource(world: World) -> None:
    await seed(world, *(f"Rust {number} {'x' * 150}" for number in range(30)))
    offered = await world.alice.autocomplete(world.channel, "share", "resource", "rust")
    assert len(offered) == 25
    assert all(len(one["name"]) == 100 and one["name"].endswith("…") for one in offered)
    found = await world.alice.slash(world.channel, "search", query=offered[3]["value"])
    assert "Rust 26" in texts_of(found.response)
    assert len(buttons_of(found.response)) == 4
    assert len(await world.alice.autocomplete(world.channel, "search", "query", "")) == 25


async def test_a_search_keeps_to_its_kind_and_words_on_every_page(world: World) -> None:
    await seed(world, *(f"Rust {number} 𠮷" for number in range(6)), kind="course")
    await seed(world, "Rust article 𠮷")
    query = "rust " + "𠮷 " * 20
    first = await world.alice.slash(world.channel, "search", query=query, kind="course")
    second = await world.alice.click(first.response, custom_id=button_id(first.response, PAGE))
    assert "Rust 0" in texts_of(second.response)
    assert "article" not in texts_of(first.response) + texts_of(second.response)


async def test_the_language_option_suggests_ours_and_takes_others(world: World) -> None:
    offered = await world.moderator.autocomplete(world.channel, "resource add", "language", "")
    assert [one["value"] for one in offered] == ["en", "zh"]
    offered = await world.moderator.autocomplete(world.channel, "resource add", "language", "fr")
    assert [one["value"] for one in offered] == ["fr"]


async def test_everyone_as_role_opens_a_resource_to_all(world: World) -> None:
    role = world.guild.create_role("Paid")
    result = await add(world, role=role)
    assert f"<@&{role.id}>" in texts_of(result.response)
    await world.moderator.slash(
        world.channel, "resource edit", resource="rust", role=world.guild.default_role
    )
    assert (await resources(world))[0].role_id is None


async def test_a_number_is_searched_like_a_word(world: World) -> None:
    await seed(world, "Pasta", "Knots", "Bread at home", "Python 3 in depth", "SQL in 3 days")
    shown = texts_of((await world.alice.slash(world.channel, "search", query="3")).response)
    assert "Python 3 in depth" in shown and "SQL in 3 days" in shown
    assert "Bread at home" not in shown
    nothing = await world.alice.slash(world.channel, "search", query="2")
    assert "Nothing in the catalogue" in texts_of(nothing.response)


async def test_what_is_chosen_from_the_list_is_what_was_listed(world: World) -> None:
    await seed(world, "Pasta", "Knots", "Bread at home", "Python 3 in depth")
    found = await world.alice.autocomplete(world.channel, "search", "query", "3")
    assert [one["name"] for one in found] == ["🔎 3", "Python 3 in depth"]
    typed, chosen = (one["value"] for one in found)
    assert typed == "3"
    shown = texts_of((await world.alice.slash(world.channel, "search", query=chosen)).response)
    assert "🔎 Python 3 in depth" in shown and "Bread" not in shown


@pytest.mark.parametrize("number", ["3", "0", str(2**63), "9" * 50, "id:", f"id:{2**63}", "٣"])
@pytest.mark.parametrize("command", ["share", "similar"])
async def test_a_number_that_names_nothing_is_one_sentence(
    lenient_world: World, command: str, number: str
) -> None:
    world = lenient_world
    await seed(world, "Pasta", "Knots", "Bread 3", "Python 3")
    shown = await world.alice.slash(world.channel, command, resource=number)
    assert "resource" in texts_of(shown.response)
    assert "went wrong" not in texts_of(shown.response)


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Übungen zur Analysis", "übungen"),
        ("Введение в Python", "введение"),
        ("Основы SQL", "ОСНОВЫ"),
        ("Cafe\u0301 culture", "CAFÉ"),
        ("Café culture", "cafe\u0301"),
        ("Ｐｙｔｈｏｎ入門", "python"),
        ("Python入門", "ＰＹＴＨＯＮ"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("Straßenbau", "STRASSENBAU"),
        ("ﬁrst ﬂight", "FIRST"),
        ("հայերեն", "ՀԱՅԵՐԵՆ"),
    ],
)
async def test_case_width_and_composition_make_no_difference(
    world: World, title: str, query: str
) -> None:
    tag = title.split()[0]
    await seed(world, title, language="en")
    await seed(world, "By tag", tags=(tag.lower(),), language="en")
    await seed(world, "By creator", creator=f"Prof. {tag}", language="en")
    shown = texts_of((await world.alice.slash(world.channel, "search", query=query)).response)
    assert title in shown and "By tag" in shown and "By creator" in shown
    for topic in (query, tag):
        shown = await world.alice.slash(world.channel, "recommend", topic=topic)
        assert title in texts_of(shown.response) and "By tag" in texts_of(shown.response)
    offered = await world.alice.autocomplete(world.channel, "recommend", "topic", query)
    assert [one["value"] for one in offered] == [tag.lower()]
    (named, *_) = await world.alice.autocomplete(world.channel, "similar", "resource", query)
    assert named["name"] == title


async def test_titles_come_first_then_tags_then_the_rest(world: World) -> None:
    await seed(world, "Other", summary="All about Übung macht den Meister", language="en")
    await seed(world, "Tagged", tags=("übung", "meister"), language="en")
    await seed(world, "Der Meister: eine Übung", language="en")
    await seed(world, "Noch eine Übung Meister!", language="en")
    await seed(world, "Übung Meister", language="en")
    await seed(world, "Übung Meister II", language="en")
    found = await world.alice.autocomplete(world.channel, "similar", "resource", "ÜBUNG meister")
    assert [one["name"] for one in found] == [
        "Übung Meister",
        "Übung Meister II",
        "Noch eine Übung Meister!",
        "Der Meister: eine Übung",
        "Tagged",
        "Other",
    ]


async def test_equal_titles_can_be_told_apart(world: World) -> None:
    async def add(number: int, **changes: Any) -> None:
        resource = Resource(world.guild.id, "article", "Pasta", language="en", **changes)
        await world.app.database.write(lambda conn: catalog.add(conn, resource))

    await add(1, url="https://one.example/pasta", creator="Ada")
    await add(2, url="https://two.example/pasta", creator="Ben")
    names = await world.alice.autocomplete(world.channel, "search", "query", "pasta")
    assert {one["name"] for one in names[1:]} == {"Pasta · Ada", "Pasta · Ben"}
    await add(3, url="https://two.example/other", creator="Ben")
    names = await world.alice.autocomplete(world.channel, "share", "resource", "pasta")
    assert {one["name"] for one in names} == {
        "Pasta · one.example/pasta",
        "Pasta · two.example/pasta",
        "Pasta · two.example/other",
    }
    shown = texts_of((await world.alice.slash(world.channel, "search", query="pasta")).response)
    assert "two.example/pasta" in shown and "two.example/other" in shown


async def test_a_date_to_come_puts_nothing_first_now_or_later(world: World) -> None:
    async def add(title: str, published: float, created: float = 0.0) -> None:
        resource = Resource(
            guild_id=world.guild.id,
            kind="article",
            title=title,
            url=f"https://example.org/{title}",
            tags=("bread",),
            language="en",
            published_at=published,
            created_at=created,
        )
        await world.app.database.write(lambda conn: catalog.add(conn, resource))

    def listed(message: Any) -> list[str]:
        return [
            line.removeprefix("### ")
            for line in texts_of(message).splitlines()
            if line.startswith("### ")
        ]

    now = world.env.now().timestamp()
    await add("mistyped", 7_226_582_400.0, now - 5.5 * 86_400)
    for number in range(1, 10):
        await add(f"real {number}", now - 86_400 * number)
    for _ in range(2):
        found = await world.alice.autocomplete(world.channel, "share", "resource", "")
        assert [one["name"] for one in found].index("mistyped") == 5
        shown = listed((await world.alice.slash(world.channel, "recommend")).response)
        assert shown[0] == "real 1"
        alike = await world.bob.slash(world.channel, "similar", resource="real 9")
        assert [title for title in listed(alike.response) if title == "mistyped"] == []
        await world.env.advance_time(365 * 86_400)


async def test_where_the_filters_leave_nothing_that_is_said(world: World) -> None:
    await seed(world, "Rust for all", level="beginner")
    nothing = await world.alice.slash(world.channel, "search", query="rust", level="advanced")
    assert "Something fits without the filters" in texts_of(nothing.response)
    assert "Words that are used here" not in texts_of(nothing.response)
    nothing = await world.alice.slash(world.channel, "search", query="rsutt", kind="video")
    assert "Something fits without" not in texts_of(nothing.response)
