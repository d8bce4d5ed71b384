"""`/server synonyms`: what moderators add, what is refused, and that searching uses it at once."""

from storage import audit
from tests.discord_sim import World, set_locale, texts_of
from tests.form_cases import open_synonyms


async def article(world: World, title: str) -> None:
    raw = {"kind": "article", "title": title, "url": f"https://doc.example/{len(title)}"}
    await world.app.services.catalog.add(world.guild.id, world.moderator.id, raw)


async def send(world: World, lines: str) -> str:
    sent = await world.moderator.submit_modal(await open_synonyms(world), {"lines": lines})
    return texts_of(sent.response)


async def search(world: World, query: str) -> str:
    return texts_of((await world.alice.slash(world.channel, "search", query=query)).response)


async def test_a_line_is_used_by_the_next_search_until_it_is_taken_away(world: World) -> None:
    await article(world, "The first week")
    assert "The first week" not in await search(world, "新人指南")
    assert "1 line of your own" in await send(world, "onboarding， first week，新人指南\n")
    assert "The first week" in await search(world, "新人指南")
    assert "The first week" in await search(world, "onboarding")
    assert "No lines of your own" in await send(world, "")
    assert "The first week" not in await search(world, "新人指南")


async def test_the_form_holds_what_is_kept(world: World) -> None:
    await send(world, "onboarding， first week\nlab;sandbox")
    shown = await open_synonyms(world)
    (field,) = shown.modal["components"]
    assert field["component"]["value"] == "onboarding, first week\nlab, sandbox"


async def test_a_change_is_one_entry_of_the_log_and_none_where_nothing_changed(
    world: World,
) -> None:
    for lines in ("a1, b1\na2, b2", "a1, b1\na2, b2", "a1, b1"):
        await send(world, lines)
    async with world.app.database.read() as conn:
        rows = await audit.rows(conn, world.guild.id)
    assert [(row.action, row.details) for row in rows] == [
        ("server-synonyms", {"n": 1, "changed": 1}),
        ("server-synonyms", {"n": 2, "changed": 2}),
    ]
    log = texts_of((await world.moderator.slash(world.channel, "server log")).response)
    assert "changed 2 lines of the server's synonyms; there are 2 now" in log


async def test_what_is_refused_changes_nothing_and_says_which_line(world: World) -> None:
    await send(world, "a1, b1")
    assert "“tests, testing” needs at least two" in await send(world, "a2, b2\ntests, testing")
    many = "\n".join(f"a{n}, b{n}" for n in range(101))
    assert "“a100, b100” is one too many" in await send(world, many)
    long = "\n".join(f"{n} {'x' * 30}, {n} {'y' * 30}" for n in range(59))
    longer = long.replace(", ", ",")
    assert len(longer) <= 4_000 < len(long)
    assert "At most 4,000 characters" in await send(world, longer)
    assert await world.app.services.lexicon.lines(world.guild.id) == ["a1, b1"]


async def test_it_reads_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    assert "共 1 组自定义同义词" in await send(world, "内网、intranet")
    assert "“内网”至少要有两个不同的词" in await send(world, "内网")


async def test_other_servers_know_nothing_of_it(world: World) -> None:
    await send(world, "onboarding, 新人指南")
    assert await world.app.services.lexicon.lines(world.guild.id + 1) == []
