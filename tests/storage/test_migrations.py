"""Revisions are frozen, and each one brings a filled file of the one before it along unharmed.

To change the schema: change `storage/schema/`, add a revision, and put its hash into `FROZEN`.
"""

import hashlib
import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from storage import boards
from storage.database import open_database
from storage.migrate import migrate, revisions
from storage.migrations import config
from storage.records import BoardSpan

VERSIONS = Path(__file__).parents[2] / "storage" / "migrations" / "versions"
FROZEN = {
    "0001": "77a269e50c906c06a0c2b3cc22b2978728c756314c6601ec654c261e3ebc961e",
    "0002": "563ce1c028012e765995e697efd9241d20be5c0f9b483d8416e420c9bbb0d1c9",
    "0003": "0b3dd15a68ad4e264b0fa91d92c93e50ffaf663ab0740569490005e1a43925e9",
    "0004": "9986a09016ac1b8cca14fda370b278dc4769b13763927b368bae9c24ac4037fc",
    "0005": "7692e004d5f1e94fb50ed6ff3ad8458662da14c430746dc2bad414c7348d2c2c",
    "0006": "9ae61ab39bf32e177294244ab69c6dda7459fdfda062036c83ca3a65e6a51cc1",
    "0007": "f3973785b066c11af18b296ad268f2006d0c178ee0e277fae6c4df8e3f6392b7",
    "0008": "2daced897ebb6529f06da798de13776e3d91956384dfc4c7ac8d021c1c1023fa",
    "0009": "740b27dbd57ef13a74bd24c4bfc54580d06ffa0b090c1f30cd6ed6f755e4cc7c",
    "0010": "a5d2a3e593cc80594bd39a2116226d1d1afdf2dec5440d2139d24248108af069",
    "0012": "d2196678459a58b4b5f30f23d0cd318621e2a1e7569854acc37f989886154e1e",
    "0013": "1d57be53249f23d8369445250873312c0a9077a8c9c6f7d42dd957ec2b4eb731",
    "0014": "7f70726285ce71c240050de6ef5697d14ae2ed99efd21f9bd86852ac1971ae0b",
    "0011": "30f350e3c955b5629f2c07d7de4a8db6b6ad4224f53a0eabc25bc393c71bc065",
    "0015": "068610499b915aedd0cbb677e5ed15ba0199ecc15eee65173e6d19ba072125aa",
    "0016": "d62d21a92058f9d57a5e54c938b3fb96c01eb59e07509ef9e51ebf39bd4eec1c",
    "0017": "0cb53ef1fcd39d9abfe6190aab0950e2ffae8a964c85f41a94ab3fabf270654f",
    "0018": "0a1e8fbe41d5254953e7c1a06f997b5f54e99a469ce4de292b1aff952b2eab51",
    "0019": "8ef5e1e64e327ea982f4818d6bdcaed58139f51cbe45c9b6ebc0e51c721232b2",
    "0020": "6636ebc42fc9e8199fdd1fb8ed2505b7ad55e4064dd7c5c617aeebf457c628ba",
    "0021": "2a8d002138207a77e58fb117f60fd06a5ae9ff3e0c19df122634e446a64a807c",
    "0022": "b3fd236b54672321df43146674232626cdd1c54e6b02b18518aa48de7dd45443",
    "0023": "3e28873ae80f8d35881e862ed300e0614753c58edc9bedec5dcac196bb56768f",
    "0024": "1bd98b8a92af6f84ebf922be6c597d18d3e260115a3c5ec2597f3d4dcf293ed9",
    "0025": "53e7a309c5bb183318d12863d4b4bb4fe2a06a4c58f30b01a84e9b633dbe907d",
    "0026": "34e0911f19204c044cf275081d2f23c7a0003665dd15220a029394ddb9a2974f",
    "0027": "d2a5f5864932eb87b886a6f082474a56745e57ac0a4e45f17b3b0424f1d0e0d9",
    "0028": "1cc6b50b8f7789aff52cd50957db048a6c3264498999edd19d470e82c0e15898",
    "0029": "678313027d0288d74e18083b0bdfc1b3d23e282c14d47470cf9a4fc1cb72ced1",
    "0030": "0296bae86e46ef3e57a034590905344b82b2cff6396322daa792480d3d02649b",
    "0031": "e02622b1f5d8f3286fa019ce0ad3cd1565a1635cc08238a5fcd6f8d8d7d178ad",
    "0032": "48341a8057eb4b2a7b54409f9da61f84244e64d5d7fd54085b15a39db8fb6cb1",
    "0033": "160a960864e618e034ba93c53a51324caf082f2c604b4051947b5871b556aa9a",
    "0034": "9cce4aeb13fb39e8dd2dff41fc13343ed0f001bc05bc04af1bcdec82ab8d406d",
    "0035": "d55b29ee5de58798a400c18ebb95eb3c46b05463b280c9804ea3e059531773a1",
    "0036": "d9fab59e8654703382cc8493ef04b75cc6524e7e69d3fa92b8ae17c19c728c79",
    "0037": "c83d3e5fd2fb19fb768aced01aa3dfaf441c6e94e46a765c8c96d8a914b8a5ac",
    "0038": "26128476761787b0c8ad014164c59d1f47124542f59369f574e2f00286fd3933",
    "0039": "c22676303f74e97ae448c0f5fed9f8fc812f8fbaada88a111f5af25c827168cc",
    "0040": "61646693d6b94e764b0386736542af67acce92a8864c005c9218300ef3a522df",
}
"""The SHA-256 of each revision's file, on somebody's disk since it landed: never edit one."""
LOST: dict[str, set[str]] = {}
"""The tables whose rows a revision drops on purpose, and nothing else."""
ADDED = {"0011": {"rule_sets": 2}}
"""How many rows a revision adds to the two of each table."""
EMPTY = {"products": {"days"}, "shop_units": {"starts_at", "ends_at"}}
"""Columns that must be null where the others of their table are not."""
N_ROWS = 2

ORDER = revisions()[::-1]


def _file_of(revision: str) -> Path:
    (found,) = VERSIONS.glob(f"{revision}_*.py")
    return found


def _allowed(sql: str, column: str) -> list[str]:
    found = re.search(rf"\b{column} IN \(([^)]*)\)", sql)
    return [value.strip(" '") for value in found[1].split(",")] if found else []


def _tables(raw: sqlite3.Connection) -> dict[str, str]:
    rows = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
    )
    return dict(rows.fetchall())


def _value(sql: str, column: str, kind: str, n: int) -> object:
    """Return the n-th plausible value: the same number everywhere, so that references hold."""
    if choices := _allowed(sql, column):
        return choices[0]
    match kind.split("(")[0]:
        case "BIGINT" | "INTEGER":
            return n
        case "BOOLEAN":
            return 0
        case "FLOAT":
            return 1.0 / n
        case "BLOB":
            return b"blob"
        case "JSON":
            return "{}"
    return f"text {n}"


def fill(path: Path) -> None:
    """Put two rows into every table of the file, with references that hold."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for table, sql in _tables(raw).items():
            columns = raw.execute(f"PRAGMA table_info({table})").fetchall()
            names = ", ".join(column[1] for column in columns)
            marks = ", ".join("?" * len(columns))
            for n in range(1, N_ROWS + 1):
                row = [
                    None if name in EMPTY.get(table, ()) else _value(sql, name, kind, n)
                    for _, name, kind, *_ in columns
                ]
                raw.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", row)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as raw:
        return {
            table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in _tables(raw)
        }


def is_whole(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_revision_was_edited_since_it_landed() -> None:
    hashes = {
        revision: hashlib.sha256(_file_of(revision).read_bytes()).hexdigest() for revision in ORDER
    }
    assert hashes == FROZEN, "add your new revision's hash; an old one is never edited"


def test_revisions_are_numbered_in_their_order() -> None:
    assert [f"{n:04}" for n in range(1, len(ORDER) + 1)] == ORDER
    assert len(list(VERSIONS.glob("0*.py"))) == len(ORDER)
    walked = ScriptDirectory.from_config(config()).walk_revisions()
    assert [script.revision for script in walked] == revisions()


def test_every_table_can_be_filled(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path)
    fill(path)
    assert {table: n for table, n in counts(path).items() if n < 1} == {}


@pytest.mark.parametrize(("before", "after"), list(pairwise(ORDER)))
async def test_a_filled_file_of_the_revision_before_keeps_its_rows(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to=before)
    fill(path)
    old = counts(path)
    migrate(path, to=after)
    assert is_whole(path)
    new = counts(path)
    kept = old.keys() - LOST.get(after, set())
    assert {table: new.get(table) for table in kept} == {
        table: old[table] + ADDED.get(after, {}).get(table, 0) for table in kept
    }


async def test_a_filled_file_of_the_first_revision_opens_today(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to=ORDER[0])
    fill(path)
    async with open_database(path):
        pass
    assert is_whole(path)


def test_a_yes_given_before_0004_counts_from_its_day_and_an_imported_one_from_the_start(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0003")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for user_id, consent in ((1, "granted"), (2, "granted"), (3, "declined")):
            raw.execute(
                "INSERT INTO members (guild_id, user_id, consent, consent_at, created_at)"
                f" VALUES (7, {user_id}, '{consent}', 50, 1)"
            )
        for user_id, action in ((1, "consent-granted"), (2, "tracking-resumed")):
            raw.execute(
                "INSERT INTO audit (guild_id, actor_id, action, occurred_at)"
                f" VALUES (7, {user_id}, '{action}', 50)"
            )
    migrate(path, to="0004")
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT user_id, consent_at, has_earlier FROM members").fetchall()
    assert rows == [(1, 50.0, 0), (2, None, 0), (3, 50.0, 0)]


def test_a_model_from_before_0006_has_a_day_and_is_noted_with_whom_it_may_have_learned_from(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0005")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(
            "INSERT INTO resources (resource_id, guild_id, kind, title, url, url_key, published_at,"
            " created_at, updated_at) VALUES (1, 7, 'tool', 'T', '', '', 0, 0, 0)"
        )
        for user_id, consent in ((1, "granted"), (2, "unknown"), (3, "declined"), (4, "granted")):
            raw.execute(
                "INSERT INTO members (guild_id, user_id, consent, created_at)"
                f" VALUES (7, {user_id}, '{consent}', 1)"
            )
            raw.execute(
                "INSERT INTO events (guild_id, source_id, kind, user_id, occurred_at, recorded_at,"
                f" resource_id) VALUES (7, {user_id}, 10, {user_id}, 5, {5 * user_id}, 1)"
            )
        for state, reason in (("retired", "accepted"), ("failed", "no"), ("live", "accepted")):
            raw.execute(
                "INSERT INTO snapshots (guild_id, state, reason, as_of_at, created_at, arrays)"
                f" VALUES (7, '{state}', '{reason}', 9, 9, x'00')"
            )
    migrate(path, to="0006")
    with closing(sqlite3.connect(path)) as raw:
        noted = raw.execute("SELECT user_id, snapshot_id FROM learned_from").fetchall()
        ends = raw.execute("SELECT until_at - strftime('%s', 'now') FROM snapshots").fetchall()
    assert sorted(noted) == [(1, 1), (1, 3)]
    assert ends[1] == (None,)
    assert all(86_000 < end <= 86_400 for (end,) in (ends[0], ends[2]))


def test_a_role_set_before_0007_is_given_in_the_name_of_who_set_it_last(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0006")
    with closing(sqlite3.connect(path)) as raw:
        for role_id in (55, 66):
            raw.execute(
                "INSERT INTO level_rewards (guild_id, role_id, level) VALUES (1, ?, 3)", (role_id,)
            )
        for guild_id, actor_id, subject in ((1, 7, "55"), (1, 8, "55"), (2, 9, "55"), (1, 0, "66")):
            raw.execute(
                "INSERT INTO audit (guild_id, actor_id, action, subject, occurred_at)"
                " VALUES (?, ?, 'levels.reward', ?, 0)",
                (guild_id, actor_id, subject),
            )
        for sold in (55, None):
            raw.execute(
                "INSERT INTO shop_items (guild_id, kind, title, price, role_id, added_by,"
                " created_at, updated_at) VALUES (1, 'role', 'Thing', 100, ?, 7, 0, 0)",
                (sold,),
            )
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        rewards = raw.execute("SELECT role_id, set_by FROM level_rewards ORDER BY role_id")
        assert rewards.fetchall() == [(55, 8), (66, 0)]
        items = raw.execute("SELECT role_id, role_by FROM shop_items ORDER BY item_id")
        assert items.fetchall() == [(55, 7), (None, 0)]


def test_a_guild_that_was_read_before_0009_is_one_the_bot_is_in_and_an_imported_one_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0008")
    with closing(sqlite3.connect(path)) as raw:
        for guild_id in (7, 8):
            raw.execute("INSERT INTO guilds (guild_id, created_at) VALUES (?, 1)", (guild_id,))
        for channel_id in (1, 2):
            raw.execute("INSERT INTO cursors VALUES (7, ?, 5, 1)", (channel_id,))
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT * FROM stays").fetchall()
    assert rows == [(7, "here", None, None, None)]


def test_moderators_channels_chosen_before_0010_are_the_servers(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0009")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO guilds (guild_id, language, created_at) VALUES (7, 'zh-CN', 1)")
        raw.execute("INSERT INTO guilds (guild_id, created_at) VALUES (9, 1)")
        for guild_id, channel_id in ((7, 70), (8, 80), (9, None)):
            raw.execute(
                "INSERT INTO level_settings (guild_id, staff_channel_id, rule_set, queue_told_at)"
                " VALUES (?, ?, 0, 0)",
                (guild_id, channel_id),
            )
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT guild_id, language, staff_channel_id FROM guilds").fetchall()
    assert sorted(rows) == [(7, "zh-CN", 70), (8, "en", 80), (9, "en", None)]


def test_before_0011_servers_went_by_other_defaults_which_stay_version_0(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0010")
    with closing(sqlite3.connect(path)) as raw:
        for guild_id, language in ((7, "en"), (8, "zh-CN"), (9, "en")):
            raw.execute(
                "INSERT INTO guilds (guild_id, language, created_at) VALUES (?, ?, 1)",
                (guild_id, language),
            )
        raw.execute(
            "INSERT INTO rule_sets (guild_id, version, rules, created_by, created_at, effective_at)"
            " VALUES (9, 1, '{}', 99, 1, 1)"
        )
        raw.execute("INSERT INTO balances VALUES (6, 10, 1, 1, 1)")
        raw.commit()
    migrate(path, to="0011")
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(
            "SELECT guild_id, version, json_extract(rules, '$.helpful.points'),"
            " json_extract(rules, '$.small.others'), reason, effective_at > 1, created_by"
            " FROM rule_sets"
            " ORDER BY guild_id, version"
        ).fetchall()
    reasons = {guild_id: reason for guild_id, version, _, _, reason, *_ in rows if version}
    assert [(*row[:4], *row[5:]) for row in rows] == [
        *((6, 0, 200, None, 0, 0), (6, 1, 250, 7, 1, -1)),
        *((7, 0, 200, None, 0, 0), (7, 1, 250, 7, 1, -1)),
        *((8, 0, 200, None, 0, 0), (8, 1, 250, 7, 1, -1)),
        *((9, 0, 200, None, 0, 0), (9, 1, None, None, 0, 99)),
    ]
    assert reasons[6] == reasons[7] != reasons[8]
    assert "Lyceum" in reasons[7] and "版本 0" in reasons[8]


def test_0032_gives_new_defaults_to_servers_whose_moderators_published_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0031")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO guilds (guild_id, created_at) VALUES (6, 1)")
        for guild_id, version, by in ((7, 0, 0), (7, 1, -1), (8, 0, 0), (8, 1, -1), (8, 2, 99)):
            raw.execute(
                "INSERT INTO rule_sets"
                " (guild_id, version, rules, created_by, created_at, effective_at)"
                " VALUES (?, ?, '{}', ?, 1, 1)",
                (guild_id, version, by),
            )
        raw.commit()
    migrate(path, to="0032")
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(
            "SELECT guild_id, version, json_extract(rules, '$.answered.known_to'),"
            " json_extract(rules, '$.review.taper'), created_by"
            " FROM rule_sets ORDER BY guild_id, version"
        ).fetchall()
    assert rows == [
        *((6, 0, None, 0, 0), (6, 1, 1, 2, -1)),
        *((7, 0, None, None, 0), (7, 1, None, None, -1), (7, 2, 1, 2, -1)),
        *((8, 0, None, None, 0), (8, 1, None, None, -1), (8, 2, None, None, 99)),
    ]


def test_0037_knows_circles_in_servers_whose_moderators_published_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0036")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO guilds (guild_id, created_at) VALUES (6, 1)")
        for guild_id, version, by in ((7, 0, 0), (7, 1, -1), (8, 0, 0), (8, 1, -1), (8, 2, 99)):
            raw.execute(
                "INSERT INTO rule_sets"
                " (guild_id, version, rules, created_by, created_at, effective_at)"
                " VALUES (?, ?, '{}', ?, 1, 1)",
                (guild_id, version, by),
            )
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(
            "SELECT guild_id, version, json_extract(rules, '$.answered.circle'), created_by"
            " FROM rule_sets ORDER BY guild_id, version"
        ).fetchall()
    assert rows == [
        *((6, 0, None, 0), (6, 1, 2, -1)),
        *((7, 0, None, 0), (7, 1, None, -1), (7, 2, 2, -1)),
        *((8, 0, None, 0), (8, 1, None, -1), (8, 2, None, 99)),
    ]


async def test_what_was_earned_before_0013_fades_as_if_the_sums_had_always_been_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0012")
    earned = [(1, 20260302, 100), (1, 20260223, 60), (1, 0, 900), (2, 20260201, 40)]
    with closing(sqlite3.connect(path)) as raw:
        for user_id, day, amount in earned:
            raw.execute("INSERT INTO daily_points VALUES (7, ?, ?, ?, 1)", (user_id, day, amount))
        for user_id, amount in ((1, 1_060), (2, 40), (3, 0)):
            raw.execute("INSERT INTO balances VALUES (7, ?, ?, ?, 1)", (user_id, amount, amount))
        raw.commit()
    migrate(path)
    async with open_database(path) as database, database.read() as conn:
        assert not [d for d in await boards.differences(conn) if d.period == 0]
        shown = await boards.places(conn, 7, BoardSpan(lately=20260302), 2)
    assert [(place.user_id, place.amount) for place in shown.top] == [(1, 130)]


def test_levels_and_languages_from_before_0015_stay_and_new_resources_have_none_of_their_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    added = (
        "INSERT INTO resources (guild_id, kind, title, url, url_key, published_at, created_at,"
        " updated_at) VALUES (7, 'tool', 'T', ?, ?, 0, 0, 0)"
    )
    migrate(path, to="0014")
    with closing(sqlite3.connect(path)) as raw:
        for url in ("a", "b", "c"):
            raw.execute(added, (url, url))
        raw.execute("UPDATE resources SET level = 'advanced', language = 'zh' WHERE url = 'b'")
        raw.execute("DELETE FROM resources WHERE url = 'c'")
        counted = raw.execute("SELECT catalogue FROM versions WHERE guild_id = 7").fetchone()
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(added, ("d", "d"))
        rows = raw.execute("SELECT resource_id, language, level FROM resources").fetchall()
        after = raw.execute("SELECT catalogue FROM versions WHERE guild_id = 7").fetchone()
    assert rows == [(1, "en", "beginner"), (2, "zh", "advanced"), (4, None, None)]
    assert after[0] == counted[0] + 1


def test_resources_from_before_0027_keep_every_column_and_pages_are_a_kind_since(
    tmp_path: Path,
) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0026")
    fill(path)
    with closing(sqlite3.connect(path)) as raw:
        before = raw.execute("SELECT * FROM resources ORDER BY resource_id").fetchall()
        names = [column[1] for column in raw.execute("PRAGMA table_info(resources)")]
    migrate(path, to="0027")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        now = [column[1] for column in raw.execute("PRAGMA table_info(resources)")]
        after = raw.execute("SELECT * FROM resources ORDER BY resource_id").fetchall()
        assert [dict(zip(now, row, strict=True)) for row in after] == [
            dict(zip(names, row, strict=True)) for row in before
        ]
        counted = "SELECT catalogue FROM versions WHERE guild_id = 1"
        (n_before,) = raw.execute(counted).fetchone()
        raw.execute("UPDATE resources SET kind = 'page' WHERE resource_id = 1")
        assert raw.execute(counted).fetchone()[0] > n_before


def test_prices_from_before_0035_are_in_the_minor_unit_of_their_currency(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    migrate(path, to="0034")
    codes = ("USD", "JPY", "KRW", "KWD")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        for n, code in enumerate(codes):
            raw.execute(
                "INSERT INTO products (guild_id, title, price_minor, currency, term, added_by,"
                " created_at, updated_at) VALUES (7, ?, 1500, ?, 'forever', 1, 1, 1)",
                (code, code),
            )
            for source in ("csv", "stripe"):
                raw.execute(
                    "INSERT INTO purchase_facts (guild_id, purchase_id, source, key, kind,"
                    " happened_at, received_at, amount_minor, currency)"
                    " VALUES (7, 1, ?, ?, 'paid', 1, 1, 1500, ?)",
                    (source, str(n), code),
                )
        raw.commit()
    migrate(path)
    with closing(sqlite3.connect(path)) as raw:
        priced = raw.execute("SELECT currency, price_minor FROM products ORDER BY product_id")
        assert priced.fetchall() == [("USD", 1500), ("JPY", 1500), ("KRW", 15), ("KWD", 15_000)]
        told = raw.execute(
            "SELECT currency, amount_minor FROM purchase_facts WHERE source = ?", ("csv",)
        )
        assert dict(told.fetchall()) == {"USD": 1500, "JPY": 1500, "KRW": 15, "KWD": 15_000}
        told = raw.execute(
            "SELECT DISTINCT amount_minor FROM purchase_facts WHERE source = 'stripe'"
        )
        assert told.fetchall() == [(1500,)]
