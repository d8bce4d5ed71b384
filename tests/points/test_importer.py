"""Exports of other systems, as those systems write them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.points import importer
from bot.points.claims import Claim, Format
from bot.points.importer import Reading, amount_of, import_points, read_export
from bot.points.levelled import mee6_total, polaris_curve
from bot.points.service import PointsService
from bot.rewards.levels import level_of
from bot.rewards.ruleset import Levels
from storage import consistency, ledger, members
from storage.database import Database

GUILD = 555555555555555555
ADA, BEN, CY = 100000000000000001, 200000000000000002, 300000000000000003


def read(form: Format, *contents: Any, guild_id: int = GUILD) -> Reading:
    """Read files of these contents: bytes or text as they are, anything else as JSON."""
    reading = Reading()
    for number, content in enumerate(contents, 1):
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        raw = content.encode() if isinstance(content, str) else content
        read_export(reading, Path(f"f{number}"), raw, form, guild_id)
    return reading


def claims(reading: Reading) -> dict[int, Claim]:
    assert reading.problems == []
    return reading.claims


def player(user_id: Any = str(ADA), **changes: Any) -> dict[str, Any]:
    """A member of MEE6's leaderboard as its API answers."""
    return {
        "avatar": "00000000000000000000000000000000",
        "detailed_xp": [11873, 12980, 225198],
        "discriminator": "0",
        "guild_id": str(GUILD),
        "id": user_id,
        "level": 46,
        "message_count": 11258,
        "username": "ada",
        "xp": 225198,
    } | changes


def page(*players: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return {
        "admin": False,
        "guild": {"id": str(GUILD), "name": "Lyceum", "premium": False},
        "page": number,
        "players": list(players),
        "role_rewards": [{"rank": 5, "role": {"id": "1", "name": "Regular"}}],
        "xp_per_message": [15, 25],
        "xp_rate": 1.0,
    }


# ------------------------------------------------------------------------------------- MEE6


@pytest.mark.parametrize(
    ("level", "total"), [(0, 0), (1, 100), (2, 255), (10, 4_675), (46, 213_325), (50, 268_375)]
)
def test_the_curve_is_mee6s(level: int, total: int) -> None:
    assert mee6_total(level) == total


@pytest.mark.parametrize(
    "contents",
    [
        [page(player())],
        [[page(player()), page(number=1)]],
        [[[player()], []]],  # what the scraper of the data exporter writes: pages of players
        [[player()]],
        [page(player()), page(number=1)],
        [json.dumps(page(player())) + "\n" + json.dumps(page(number=1))],
        [b"\xef\xbb\xbf" + json.dumps(page(player())).encode()],
        [json.dumps([player()]).encode("utf-16")],
        [page(player(ADA))],
    ],
    ids="page pages lists list files appended bom utf16 number".split(),
)
def test_pages_of_mee6_are_read_however_they_were_saved(contents: list[Any]) -> None:
    (claim,) = claims(read("mee6", *contents)).values()
    assert claim == Claim(
        user_id=ADA, value=Decimal(225198), level=46, progress=Fraction(11873, 12980), name="ada"
    )


def test_what_mee6_does_not_say_follows_from_its_curve() -> None:
    (claim,) = claims(read("mee6", [{"id": str(ADA), "xp": 150}])).values()
    assert (claim.level, claim.progress) == (1, Fraction(50, 155))
    (claim,) = claims(read("mee6", [{"id": str(ADA), "xp": 150, "level": 1}])).values()
    assert (claim.level, claim.progress) == (1, Fraction(50, 155))


def test_a_member_on_two_pages_is_one_with_the_higher_xp() -> None:
    shifted = player(xp=225_300, detailed_xp=[11975, 12980, 225_300])
    reading = read("mee6", page(player()), page(shifted, number=1))
    assert claims(reading)[ADA].value == 225_300
    assert (reading.n_records, reading.n_repeated) == (2, 1)


def test_an_answer_that_is_no_leaderboard_is_refused() -> None:
    denied = {"error": {"message": "Unauthorized"}, "status_code": 401}
    assert "no list of players" in read("mee6", denied).problems[0]
    assert "Unauthorized" in read("mee6", denied).problems[0]


def test_bad_records_are_reported_by_their_place_and_the_others_read() -> None:
    bad = [player("ada"), player(str(BEN), xp="many"), player(1.2e17), player(str(CY), level=-1)]
    reading = read("mee6", page(*bad, player()))
    assert list(reading.claims) == [ADA]
    assert [problem.split(":")[0] for problem in reading.problems] == [
        f"f1, player {number}" for number in (1, 2, 3, 4)
    ]
    assert "“ada” is not a Discord user ID" in reading.problems[0]
    assert "write a number" in reading.problems[1]
    assert "rounded by a spreadsheet" in reading.problems[2]


# ---------------------------------------------------------------------------------- Polaris


def polaris(users: Any, **settings: Any) -> dict[str, Any]:
    usual = {"curve": {"1": 100, "2": 50, "3": 1}, "rounding": 100, "maxLevel": 1000}
    return {"settings": usual | settings, "users": users}


def test_polaris_reaches_its_levels_where_it_says() -> None:
    assert polaris_curve({})[:4] == [200, 400, 800, 1_300]  # 151, 408, 777, 1264 to hundreds
    linear = {"curve": {"1": 100, "2": 0, "3": 0}, "rounding": 1, "maxLevel": 3}
    assert polaris_curve(linear) == [100, 200, 300]


@pytest.mark.parametrize(
    "content",
    [
        polaris({str(ADA): {"xp": 600, "cooldown": 1, "hidden": True}, str(BEN): {"cooldown": 5}}),
        {"xp": {str(ADA): {"xp": 600}}},
        {str(ADA): {"xp": 600}},
        {"leaderboard": [{"id": str(ADA), "xp": 600}], "settings": {}, "pageInfo": {"page": 1}},
    ],
    ids="export xp users leaderboard".split(),
)
def test_polaris_keeps_level_and_progress(content: Any) -> None:
    (claim,) = claims(read("polaris", content)).values()
    assert (claim.user_id, claim.level, claim.progress) == (ADA, 2, Fraction(1, 2))


def test_polaris_levels_end_where_the_server_said() -> None:
    content = polaris({str(ADA): {"xp": 9_999_999.5}}, maxLevel=10)
    (claim,) = claims(read("polaris", content)).values()
    assert (claim.level, claim.progress) == (10, Fraction(0))


# ---------------------------------------------------------------------------------- LevelUp

PROFILE = {"xp": 950.5, "voice": 60.0, "messages": 120, "level": 3, "stars": 2}
OLD_PROFILE = PROFILE | {"prestige": 0, "emoji": None, "background": None, "colors": {"name": None}}


@pytest.mark.parametrize(
    "content",
    [
        {"users": {str(ADA): PROFILE}, "enabled": True, "algorithm": {"base": 100, "exp": 2.0}},
        {"users": {str(ADA): PROFILE}, "enabled": True},
        {"configs": {str(GUILD): {"users": {str(ADA): PROFILE}}, "42": {"enabled": True}}},
        {"configs": {"42": {"users": {str(ADA): PROFILE}}}, "ignored_guilds": []},
        {str(GUILD): {"users": {str(ADA): OLD_PROFILE}, "base": 100, "exp": 2}},
        {"users": {str(ADA): OLD_PROFILE}, "base": 100, "exp": 2, "levelroles": {}},
        {"117117117": {"GLOBAL": {}, "GUILD": {str(GUILD): {"users": {str(ADA): OLD_PROFILE}}}}},
    ],
    ids="guild defaults cog only old-cog old-guild red".split(),
)
def test_levelup_backups_of_any_age_keep_level_and_progress(content: Any) -> None:
    (claim,) = claims(read("levelup", content)).values()
    assert (claim.user_id, claim.value, claim.level) == (ADA, Decimal("950.5"), 3)
    assert claim.progress == Fraction(Decimal("50.5")) / 700


def test_levelup_leaves_out_what_is_nought() -> None:
    content = {"users": {str(ADA): {"messages": 3}, str(BEN): {"xp": 25.0}, str(CY): {"xp": 460}}}
    reading = read("levelup", content)
    assert reading.n_empty == 1
    assert {(c.user_id, c.level) for c in claims(reading).values()} == {(BEN, 0), (CY, 2)}


def test_levelup_follows_the_servers_algorithm() -> None:
    content = {"users": {str(ADA): {"xp": 3_000.0}}, "algorithm": {"base": 250, "exp": 1.5}}
    (claim,) = claims(read("levelup", content)).values()
    assert claim.level == 5  # 250 · 5^1.5 is 2,796


async def test_prestige_is_named_and_brings_nothing(database: Database) -> None:
    content = {"users": {str(ADA): OLD_PROFILE | {"prestige": 2}, str(BEN): PROFILE}}
    report = await bring(database, content, form="levelup")
    assert [(claim.user_id, claim.prestige) for claim in report.prestiges] == [(ADA, 2)]
    ada, ben, _ = (await accounts(database)).values()
    assert ada == ben


def test_of_several_guilds_ours_is_taken_or_none() -> None:
    content = {"configs": {"42": {"users": {str(ADA): PROFILE}}, "43": {}}}
    assert "several guilds" in read("levelup", content).problems[0]
    assert claims(read("levelup", content, guild_id=42))[ADA].level == 3


# ---------------------------------------------------------------------------- Reputation Bot

RANKING = "rank,rank_donated,guild_id,user_id,reputation,rep_offset,raw_reputation,donated"
LOG = "guild_id,donor_id,receiver_id,message_id,received,ref_message_id,channel_id,cause"


@pytest.mark.parametrize(
    "contents",
    [
        [f"{RANKING}\n1,2,{GUILD},{ADA},12,0,12,3\n2,1,{GUILD},{BEN},1,0,1,9\n"],
        [[{"user_id": ADA, "reputation": 12}, {"user_id": str(BEN), "reputation": "1"}]],
        [
            {
                "pages": 1,
                "entries": [
                    {"rank": 1, "value": 12, "member": {"id": str(ADA), "roles": []}, "tags": []},
                    {"rank": 2, "value": 1, "member": {"id": str(BEN), "displayName": "ben"}},
                ],
            }
        ],
        [f"user_id;reputation\r\n{ADA};12\r\n{BEN};1\r\n"],
        [
            f"{LOG}\n"
            + f"{GUILD},{BEN},{ADA},1,2022-01-31 10:00:00,,7,FUZZY\n" * 12
            + f"{GUILD},{ADA},{BEN},2,2022-01-31 10:00:00,,7,REACTION\n"
            + f"42,{ADA},{CY},2,2022-01-31 10:00:00,,7,REACTION\n"
        ],
        [
            {
                "reputation_log": [{"receiver_id": ADA, "donor_id": BEN, "guild_id": GUILD}] * 10
                + [{"receiver_id": BEN, "donor_id": ADA, "guild_id": GUILD}] * 3,
                "reputation_offset": [
                    {"user_id": ADA, "guild_id": GUILD, "amount": 2},
                    {"user_id": BEN, "guild_id": GUILD, "amount": -2},
                ],
            }
        ],
    ],
    ids="view rows ranking excel log dump".split(),
)
def test_reputation_is_read_from_rankings_and_logs(contents: list[Any]) -> None:
    found = claims(read("reputationbot", *contents))
    assert {c.user_id: c.value for c in found.values()} == {ADA: 12, BEN: 1}
    assert all(claim.level is None for claim in found.values())


def test_no_reputation_left_brings_nothing() -> None:
    reading = read("reputationbot", [{"user_id": ADA, "reputation": -3}])
    assert (claims(reading), reading.n_empty) == ({}, 1)


# -------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize(
    "text",
    [
        f"user_id,points\n{ADA},12.5\n{BEN},3\n",
        f"User ID;Points;Note\n'{ADA};12.5;departed\n<@{BEN}>;3;\n",
        f"{ADA},12.5\n{BEN},3\n",
        f"name\tid\tscore\nada\t{ADA}\t12.5\n\nben\t{BEN}\t3\n",
        f"\ufeffuser_id,points\r\n{ADA},12.5\r\n{BEN},3\r\n",
    ],
    ids="plain semicolons bare tabs bom".split(),
)
def test_csv_is_read_as_spreadsheets_write_it(text: str) -> None:
    found = claims(read("csv", text))
    assert {c.user_id: c.value for c in found.values()} == {ADA: Decimal("12.5"), BEN: 3}


def test_a_bad_line_is_named() -> None:
    text = f'user_id,points\n{ADA},lots\n1.23457E+17,3\n{BEN},"1,234"\n{BEN}\n'
    problems = read("csv", text).problems
    assert [p.split(":")[0] for p in problems] == [f"f1, line {n}" for n in (2, 3, 4, 5)]
    assert "rounded by a spreadsheet" in problems[1]


@pytest.mark.parametrize("form", ["csv", "reputationbot"])
def test_a_row_that_is_not_as_wide_as_the_header_is_refused_by_line(form: Format) -> None:
    text = f"user_id,name,reputation\n{ADA},Lucky,7,500\n{BEN},Bo,3\n{CY}\n"
    reading = read(form, text)
    assert list(reading.claims) == [BEN]
    assert [p.split(";")[0] for p in reading.problems] == [
        "f1, line 2: This line has 4 cells but the header has 3",
        "f1, line 4: This line has 1 cell but the header has 3",
    ]


def test_decimal_commas_are_named_also_without_a_header() -> None:
    (problem, *_) = read("csv", f"{ADA};12,5\n{BEN};3,25\n").problems
    assert problem == "f1, line 1: points is '12,5'; write a number without separators"


def test_ids_that_a_spreadsheet_rounded_to_zeros_are_refused_unless_marked_as_text() -> None:
    rounded = 123456789012345000
    (problem,) = read("csv", f"user_id,points\n{rounded},1\n{ADA},2\n").problems
    assert f"f1, line 2: The ID {rounded} ends in zeros" in problem
    assert rounded in claims(read("csv", f"user_id,points\n<@{rounded}>,1\n{ADA},2\n"))


@pytest.mark.parametrize(
    "points", ["1e5000", "1e-999999999", "9" * 1_000_000, "١٢", "1_0", "NaN", "-inf", "0x10"]
)
@pytest.mark.parametrize("form", ["csv", "mee6", "polaris", "levelup", "reputationbot"])
def test_what_is_no_usable_number_is_one_sentence_about_its_record(
    form: Format, points: str
) -> None:
    contents: dict[str, Any] = {
        "csv": f"user_id,points\n{ADA},{points if len(points) < 10**5 else '9' * 10**5}\n",
        "mee6": [{"id": str(ADA), "xp": points}],
        "polaris": {"users": {str(ADA): {"xp": points}}},
        "levelup": {"users": {str(ADA): {"xp": points}}},
        "reputationbot": [{"user_id": str(ADA), "reputation": points}],
    }
    (problem,) = read(form, contents[form]).problems
    assert "write a number without separators" in problem
    assert len(problem) < 150


@pytest.mark.parametrize("key", ["²", "9" * 5_000, str(2**63)])
def test_a_guild_that_no_number_names_is_none(key: str) -> None:
    assert read("levelup", {key: {"users": {}}}).problems
    assert read("reputationbot", [{"guild_id": key, "user_id": str(ADA), "reputation": 1}]).claims


def test_a_level_algorithm_that_ends_nowhere_is_refused() -> None:
    for algorithm in ({"base": 1e-9, "exp": 1e-9}, {"base": 0, "exp": 2}, {"base": 1, "exp": 99}):
        content = {"users": {str(ADA): {"xp": 1e12}}, "algorithm": algorithm}
        assert "ends nowhere" in read("levelup", content).problems[0]


def test_lists_nested_as_deep_as_json_may_be_are_one_sentence() -> None:
    for form in ("mee6", "reputationbot"):
        (problem,) = read(form, "[" * 900 + "]" * 900).problems or ("f1: nothing in it",)
        assert problem.startswith("f1: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "This file is empty"),
        ("user_id,points\n", "no lines"),
        (f"user,name\n{ADA},ada\n", "Missing: points"),
        (f"points,name\n{ADA},ada\n", "Missing: user_id"),
        (b"user_id,points\n\xff\xfe\n", "UTF-8"),
    ],
)
def test_a_csv_file_that_is_none_says_why(content: str | bytes, said: str) -> None:
    (problem,) = read("csv", content).problems
    assert said in problem


def test_json_that_breaks_off_says_where() -> None:
    assert "line 2: This can't be read as JSON" in read("mee6", '[{"id": 1},\n{"id"').problems[0]
    assert "can't be read as JSON (NaN is no number)" in read("mee6", "[NaN]").problems[0]


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.sampled_from([str(ADA), ADA, "users", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "id xp level users players settings configs algorithm base exp curve rounding"
                " maxLevel leaderboard user_id reputation member receiver_id amount guild_id"
                " detailed_xp 1 42 "
                f"{ADA}".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_json, st.sampled_from(list(importer.FORMATS)))
def test_whatever_a_file_holds_is_read_or_refused(content: Any, form: Format) -> None:
    reading = read(form, content)
    for claim in reading.claims.values():
        assert claim.value > 0
        assert claim.level is None or claim.level >= 0
        assert 0 <= claim.progress < 1


# ------------------------------------------------------------------- into the ledger

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEE6 = Levels()
UNSCALED = Levels(percent=100)


@pytest.mark.parametrize(
    ("levels", "level", "progress", "amount"),
    [
        (UNSCALED, 0, Fraction(1, 2), 50_00),
        (UNSCALED, 1, Fraction(0), 100_00),
        (UNSCALED, 1, Fraction(1, 2), 177_50),
        (UNSCALED, 50, Fraction(0), 268_375_00),
        (MEE6, 10, Fraction(0), 935_00),
        (Levels(curve="linear", percent=100), 3, Fraction(1, 4), 325_00),
        (Levels(curve="skool"), 2, Fraction(1, 3), 10_00),
        (Levels(curve="skool"), 40, Fraction(1, 3), 33_015_00),
        (Levels(curve="list", thresholds=(10_00, 50_00)), 7, Fraction(0), 50_00),
    ],
)
def test_a_level_is_kept_under_the_guilds_own_curve(
    levels: Levels, level: int, progress: Fraction, amount: int
) -> None:
    assert (
        amount_of(Claim(user_id=ADA, value=Decimal(1), level=level, progress=progress), levels)
        == amount
    )


@given(
    st.integers(0, 900),
    st.fractions(0, 1).filter(lambda share: share < 1),
    st.sampled_from([MEE6, UNSCALED, Levels(curve="linear", percent=7)]),
)
def test_no_import_moves_anybody_up_or_down(level: int, share: Fraction, levels: Levels) -> None:
    assert (
        level_of(
            levels,
            amount_of(Claim(user_id=ADA, value=Decimal(1), level=level, progress=share), levels),
        )
        == level
    )


def test_reputation_and_plain_points_are_taken_as_they_stand() -> None:
    assert amount_of(Claim(ADA, Decimal("12.345")), MEE6) == 12_34
    assert amount_of(Claim(ADA, Decimal(12)), MEE6, Decimal(2)) == 24_00


async def bring(database: Database, *contents: Any, form: Format = "csv", **options: Any) -> Any:
    points = PointsService(database, lambda: NOW)
    paths = []
    for number, content in enumerate(contents, 1):
        path = database.path.parent / f"f{number}"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        paths.append(path)
    options.setdefault("guild_id", GUILD)
    return await import_points(database, points, paths, form=form, **options)


async def accounts(database: Database) -> dict[int, tuple[int, int]]:
    async with database.read() as conn:
        assert await consistency.differences(conn) == []
        return {
            member: (
                await ledger.earned(conn, GUILD, member),
                await ledger.balance(conn, GUILD, member),
            )
            for member in (ADA, BEN, CY)
        }


async def test_each_member_gets_one_opening_entry(database: Database) -> None:
    report = await bring(database, page(player(), player(str(BEN), xp=255, level=2)), form="mee6")
    assert (report.n_new, report.is_written, report.problems) == (2, True, ())
    expected = 42_665_00 + int((45_261_00 - 42_665_00) * Fraction(11873, 12980))
    assert (await accounts(database))[ADA] == (expected, expected)
    first = report.top[0]
    assert (first.claim.user_id, first.level_now, first.level_then) == (ADA, 0, 46)
    async with database.read() as conn:
        (entry,) = await ledger.history(conn, GUILD, ADA, 5)
    assert (entry.kind, entry.day, entry.event_id) == ("opening", 0, None)


async def test_importing_again_changes_nothing(database: Database) -> None:
    text = f"user_id,points\n{ADA},12.5\n{BEN},3\n"
    await bring(database, text)
    before = await accounts(database)
    report = await bring(database, text)
    assert (report.n_new, report.n_same, report.differing) == (0, 2, ())
    assert await accounts(database) == before


async def test_a_changed_file_says_what_differs_and_pays_nobody_twice(database: Database) -> None:
    await bring(database, f"user_id,points\n{ADA},12.5\n{BEN},3\n")
    report = await bring(database, f"user_id,points\n{ADA},20\n{BEN},3\n{CY},1\n")
    assert (report.n_new, report.n_same) == (1, 1)
    assert report.differing == ((ADA, 12_50, 20_00),)
    assert await accounts(database) == {ADA: (1250, 1250), BEN: (300, 300), CY: (100, 100)}
    report = await bring(database, [player(str(ADA))], form="mee6")
    assert (report.n_new, len(report.differing)) == (0, 1)


async def test_a_dry_run_says_it_all_and_writes_nothing(database: Database) -> None:
    report = await bring(database, f"user_id,points\n{ADA},12.5\n", is_dry=True)
    assert (report.n_new, report.total, report.is_written) == (1, 12_50, False)
    assert (await accounts(database))[ADA] == (0, 0)


async def test_one_bad_record_leaves_nothing_half_done_unless_skipped(database: Database) -> None:
    text = f"user_id,points\n{ADA},12.5\nbad,3\n"
    report = await bring(database, text)
    assert (report.n_new, len(report.problems), report.is_written) == (0, 1, False)
    assert (await accounts(database))[ADA] == (0, 0)
    report = await bring(database, text, skips_bad=True)
    assert (report.n_new, len(report.problems), report.is_written) == (1, 1, True)


async def test_who_is_not_tracked_is_left_out(database: Database) -> None:
    await database.write(
        lambda conn: members.change_member(conn, GUILD, ADA, 0.0, is_tracked=False)
    )
    report = await bring(database, f"user_id,points\n{ADA},12.5\n{BEN},3\n")
    assert (report.n_new, report.n_untracked) == (1, 1)
    assert (await accounts(database))[ADA] == (0, 0)


async def test_what_was_earned_here_already_stays_and_adds_up(database: Database) -> None:
    points = PointsService(database, lambda: NOW)
    await database.write(
        lambda conn: points.entries.give(conn, GUILD, ADA, kind="award", amount=500, source_id=9)
    )
    await bring(database, f"user_id,points\n{ADA},12.5\n")
    assert (await accounts(database))[ADA] == (1750, 1750)


async def test_more_than_anybody_can_have_is_a_mistake_in_the_file(database: Database) -> None:
    report = await bring(database, f"user_id,points\n{ADA},999999\n{BEN},1\n", each=Decimal(1001))
    (problem,) = report.problems
    assert problem == f"member {ADA}: 999999 times 1001 is more than 1,000,000,000 points"
    assert not report.is_written


async def test_several_files_are_one_import(database: Database) -> None:
    report = await bring(database, page(player()), page(player(str(BEN))), form="mee6")
    assert report.n_new == 2


async def test_an_import_is_undone_exactly_and_can_be_done_anew(database: Database) -> None:
    wrong, right = f"user_id,points\n{ADA},12.5\n{BEN},3\n", f"user_id,points\n{ADA},99\n"
    await bring(database, wrong)
    dry = await bring(database, right, is_undone=True, is_dry=True)
    assert (dry.n_new, dry.total, dry.is_written) == (1, 12_50, False)
    for n_undone in (1, 0):
        undone = await bring(database, right, is_undone=True)
        assert undone.n_new == n_undone
        assert await accounts(database) == {ADA: (0, 0), BEN: (300, 300), CY: (0, 0)}
    for n_new in (1, 0):
        assert (await bring(database, right)).n_new == n_new
        assert (await accounts(database))[ADA] == (99_00, 99_00)
    await bring(database, right, is_undone=True)
    assert (await bring(database, wrong)).n_same == 1
    assert (await accounts(database))[ADA] == (12_50, 12_50)


async def test_a_large_leaderboard_takes_seconds(database: Database) -> None:
    lines = "\n".join(f"{10**17 + n},{n % 900 + 1}" for n in range(20_000))
    report = await bring(database, f"user_id,points\n{lines}\n")
    assert report.n_new == 20_000
    again = await bring(database, f"user_id,points\n{lines}\n")
    assert (again.n_new, again.n_same) == (0, 20_000)
