"""`/server log`: who changed what, found by filters, turned by buttons, and as a file."""

import csv
import io
from dataclasses import replace
from functools import partial
from typing import Any

from bot.audit import views
from bot.audit.service import PAGE_SIZE, Asked
from storage import audit
from storage.records import AuditRow
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.test_access import give_roles


async def log(world: World, **options: Any) -> Any:
    return await world.moderator.slash(world.channel, "server log", **options)


async def award(world: World, member: Any, reason: str, by: Any = None) -> None:
    given = {"member": member, "points": 5, "reason": reason}
    await (by or world.moderator).slash(world.channel, "award", **given)


async def add(world: World, n_rows: int, **fields: Any) -> None:
    row = AuditRow(
        guild_id=world.guild.id,
        actor_id=world.moderator.id,
        action="server-time-zone",
        occurred_at=1.0,
    )
    for n in range(n_rows):
        details = {"before": f"Zone{n}", "after": f"Zone{n + 1}"}
        one = replace(row, **({"details": details} | fields))
        await world.app.database.write(partial(audit.append, row=one))


async def file_of(world: World, shown: Any) -> tuple[list[list[str]], str]:
    done = await world.moderator.click(
        shown.response, custom_id=button_id(shown.response, views.FILE_TEMPLATE)
    )
    assert done.ephemeral
    (attached,) = done.response.attachments
    assert attached.filename == f"lyceum-log-{world.guild.id}.csv"
    content = await attached.read()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")))), done.response.content


async def test_the_log_says_who_did_what_when_why_and_about_whom(world: World) -> None:
    await award(world, world.alice, "for *help*")
    await world.moderator.slash(world.channel, "server language", language="zh-CN")
    shown = await log(world)
    assert shown.ephemeral
    newest, older = [line for line in texts_of(shown.response).splitlines() if "<t:" in line]
    at, mo = f"<t:{int(world.env.now().timestamp())}:f>", f"<@{world.moderator.id}>"
    assert newest == f"{at} · {mo} set the server's language from English to 中文"
    assert older == f"{at} · {mo} gave <@{world.alice.id}> 5 points"
    assert r"-# for \*help\*" in texts_of(shown.response)
    assert world.env.http_requests[-1].json["data"]["allowed_mentions"] == {"parse": []}


async def test_filters_narrow_it_and_stay_when_it_is_turned(world: World) -> None:
    await award(world, world.alice, "one")
    await award(world, world.bob, "two")
    await world.moderator.slash(world.channel, "server timezone", timezone="Asia/Shanghai")

    async def found(**options: Any) -> str:
        return texts_of((await log(world, **options)).response)

    assert "two" in (text := await found(member=world.bob)) and "one" not in text
    assert f"Everything · about <@{world.bob.id}>" in text
    assert "time zone" in (text := await found(kind="server")) and "gave" not in text
    assert "Nothing fits" in await found(moderator=world.alice)
    assert "one" in await found(moderator=world.moderator, kind="points")
    today = world.env.now().strftime("%Y-%m-%d")
    assert "one" in await found(since=today)
    assert "Nothing fits" in await found(since="2026-03-04")
    options = {"kind": "points", "member": world.bob, "moderator": world.moderator, "since": today}
    shown = await log(world, **options)
    again = button_id(shown.response, views.FILE_TEMPLATE)
    assert again.startswith(f"audit:file:points:{world.bob.id}:{world.moderator.id}:")
    assert all(len(b.custom_id) <= 100 for b in buttons_of(shown.response))


def test_the_longest_button_still_fits() -> None:
    last = 2**63 - 1
    asked = Asked(kind="catalogue", member_id=last, moderator_id=last, since=99_999_999_999)
    written = views.TURN_ID.format(way="newest", pivot=10**15, **views._carried(asked))
    assert len(written) <= 100


async def test_a_day_that_is_none_is_refused_with_one_that_is(lenient_world: World) -> None:
    refused = await log(lenient_world, since="yesterday")
    assert texts_of(refused.response) == "“yesterday” is not a day; enter one such as 2026-03-02."
    offered = await lenient_world.moderator.autocomplete(
        lenient_world.channel, "server log", "since", ""
    )
    assert [choice["value"] for choice in offered][:2] == ["2026-03-02", "2026-02-23"]


async def test_pages_turn_both_ways_after_a_restart(world: World) -> None:
    await add(world, 2 * PAGE_SIZE + 1)

    async def turn(shown: Any, way: str) -> Any:
        button = button_id(shown.response, rf"audit:{way}:.*")
        return await world.moderator.click(shown.response, custom_id=button)

    def zones(shown: Any) -> list[str]:
        return [
            line.split()[-1] for line in texts_of(shown.response).splitlines() if "Zone" in line
        ]

    first = await log(world)
    assert zones(first) == [f"Zone{n}" for n in range(17, 9, -1)]
    assert [b.disabled for b in buttons_of(first.response)] == [True, False, False]
    await world.restart()
    second = await turn(first, "older")
    assert zones(second) == [f"Zone{n}" for n in range(9, 1, -1)]
    third = await turn(second, "older")
    assert zones(third) == ["Zone1"]
    assert [b.disabled for b in buttons_of(third.response)] == [False, True, False]
    back = await turn(third, "newer")
    assert zones(back) == [f"Zone{n}" for n in range(9, 1, -1)]
    assert zones(await turn(back, "newer")) == [f"Zone{n}" for n in range(17, 9, -1)]


async def test_the_file_has_every_entry_and_no_formula(world: World) -> None:
    await add(world, PAGE_SIZE + 3)
    for reason in ("=1+1", "+1", "-1", "@SUM(A1)", " =2", "＝3", "plain"):
        await award(world, world.alice, reason)
    (head, *rows), said = await file_of(world, await log(world))
    assert head == ["Time (UTC)", "Moderator", "Name", "Kind", "What", "About", "Reason"]
    assert len(rows) == PAGE_SIZE + 10
    assert f"{len(rows)} entries" in said
    assert [row[-1] for row in rows[:7]] == [
        "plain",
        "'＝3",
        "'=2",
        "'@SUM(A1)",
        "'-1",
        "'+1",
        "'=1+1",
    ]
    mo, ana = f"<@{world.moderator.id}>", f"<@{world.alice.id}>"
    assert rows[0][1:6] == [mo, "Mo", "Points by hand", f"gave {ana} 5 points", ana]
    assert rows[0][0] == world.env.now().isoformat(timespec="seconds")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


async def test_who_was_erased_is_named_as_such_in_both_languages(world: World) -> None:
    other = world.person("other")
    await award(world, world.alice, "one")
    give_roles(world, other, world.guild.roles["Mods"])
    await award(world, world.bob, "two", by=other)
    await world.moderator.slash(world.channel, "rules set", **_SET)
    for person in (world.alice, other):
        here = world.guild.id
        await world.app.services.privacy.erase(here, person.id, is_tracking_stopped=False)
    text = texts_of((await log(world)).response)
    assert f"an erased member gave <@{world.bob.id}> 5 points" in text
    assert f"<@{world.moderator.id}> gave an erased member 5 points" in text
    set_locale(world.moderator, "zh-CN")
    shown = await log(world)
    text = texts_of(shown.response)
    assert f"已删除数据的成员：给 <@{world.bob.id}> 发放了 5 积分" in text
    assert f"<@{world.moderator.id}>：给 已删除数据的成员 发放了 5 积分" in text
    assert "发布了第 1 版规则：发言 · 积分：1 → 2" in text
    rows, _ = await file_of(world, shown)
    assert "已删除数据的成员" in {row[1] for row in rows}


_SET = {"rule": "message", "field": "points", "value": "2", "reason": "talk"}


async def test_a_change_of_many_values_names_the_first_and_counts_the_rest(world: World) -> None:
    toml = b"[message]\npoints = 3\nper_day = 7\ncooldown_s = 5\n[checkin]\npoints = 9\n"
    await world.moderator.slash(world.channel, "rules import", file=("mine.toml", toml))
    text = texts_of((await log(world)).response)
    assert "imported a draft of the rules: Message · points: 1 → 3; " in text
    assert "; 1 more" in text


async def test_the_log_outlives_what_things_are_called_today(world: World) -> None:
    await add(
        world, 1, action="rules.publish", details={"version": 3, "changes": {"a.b": ["1", "2"]}}
    )
    await add(world, 1, action="shop.edit", details={"title": "T", "fields": ["of_old"]})
    await add(world, 1, action="levels.notices", details={})
    await add(world, 1, action="points.award", details={}, about=(1, 2, 3, 4))
    text = texts_of((await log(world)).response)
    assert "published version 3 of the rules: a · b: 1 → 2" in text
    assert "changed “T” in the shop: of-old" in text
    assert "gave 4 members 0 points" in text


async def test_changed_values_are_said_with_what_they_were_but_no_words(world: World) -> None:
    here, mod, services = world.guild.id, world.moderator.id, world.app.services
    written = {"title": "Thing", "description": "old words", "price": "5"}
    item = (await services.shop.goods.add(here, mod, "custom", written)).item
    changed = {"description": "new words", "price": "7.5", "stock": "3"}
    await services.shop.goods.edit(here, mod, item.item_id, changed)
    page = {"kind": "article", "title": "Page", "url": "https://doc.example/1"}
    resource = await services.catalog.add(here, mod, page)
    better = {"minutes": "20", "price": "49.90", "currency": "EUR", "summary": "new words"}
    await services.catalog.edit(here, mod, resource.resource_id, better)
    text = texts_of((await log(world)).response)
    assert "Price in points 5 → 7.5, Stock – → 3" in text
    assert "minutes – → 20, price – → 49.90" in text
    assert "new words" not in text and "old words" not in text
    set_locale(world.moderator, "zh-CN")
    text = texts_of((await log(world)).response)
    assert "价格（积分） 5 → 7.5" in text


async def test_what_members_chose_for_themselves_is_not_in_it(world: World) -> None:
    await world.app.services.profile.answer_consent(world.guild.id, world.alice.id, is_granted=True)
    assert "Nothing fits" in texts_of((await log(world)).response)


async def test_nobody_else_reads_it(lenient_world: World) -> None:
    world = lenient_world
    await award(world, world.alice, "one")
    shown = await log(world)
    give_roles(world, world.moderator)
    button = button_id(shown.response, views.FILE_TEMPLATE)
    refused = await world.moderator.click(shown.response, custom_id=button)
    assert "Manage Server" in texts_of(refused.response)
