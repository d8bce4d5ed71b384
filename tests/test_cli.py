"""The command line as an operator meets it: what it prints, what it refuses, how it exits."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import NOT_AGAIN
from bot.settings import Settings
from bot.terminal import out
from storage.database import hold_instance
from storage.identity import look
from storage.migrate import head, migrate
from tests.patience import patient

ROOT = Path(__file__).parent.parent
HEADER = "kind,title,url"
GOOD = f"{HEADER}\narticle,Ownership,https://example.org/ownership\n"
BAD = f"{GOOD}artikel,Borrowing,https://example.org/borrowing\n"
Lyceum = Callable[..., Result]


@pytest.fixture
def lyceum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lyceum:
    """The command in an empty directory, where `lyceum.sqlite3` is the database."""
    monkeypatch.chdir(tmp_path)
    for key in Settings.model_fields:
        monkeypatch.delenv(key.upper(), raising=False)
    monkeypatch.setenv("DATABASE_PATH", "lyceum.sqlite3")
    monkeypatch.setattr(out, "width", 100)  # whatever the terminal is that runs the tests

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments, prog_name="lyceum")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def the_line(result: Result) -> str:
    """Return the only line on stderr of a command that failed."""
    assert result.exit_code in (1, NOT_AGAIN), result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def history(path: Path) -> Path:
    """Write a fortnight of six people and twelve articles; each opens one of two halves."""
    lines = ["timestamp,kind,resource,member,title"]
    for day in range(14):
        for person in range(6):
            article = (day + 2 * person) % 6 + 6 * (person % 2)
            lines.append(
                f"2026-03-{day + 1:02}T10:{person:02}:00,open,https://example.org/{article},"
                f"{100 + person},Article {article}"
            )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


# --------------------------------------------------------------------------- the catalogue


def test_a_catalogue_is_imported_and_importing_it_again_changes_nothing(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    first = lyceum("import", "catalog", "good.csv", "--guild", "7")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == "1 read: 1 added, 0 changed, 0 unchanged, 0 bad\n"
    assert "0 added, 0 changed, 1 unchanged" in lyceum("import", "catalog", "good.csv").stdout


def test_a_bad_line_is_named_by_file_line_and_column_and_the_others_are_taken(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(BAD, "utf-8")
    result = lyceum("import", "catalog", "bad.csv", "--guild", "7")
    assert the_line(result).startswith("✗ bad.csv, line 3, kind: “artikel” is not a kind")
    assert "2 read: 1 added, 0 changed, 0 unchanged, 1 bad" in result.stdout


def test_strict_writes_nothing_at_all(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(BAD, "utf-8")
    result = lyceum("import", "catalog", "bad.csv", "--guild", "7", "--strict")
    assert the_line(result).startswith("✗ bad.csv, line 3, kind: ")
    assert "Nothing was written" in result.stdout
    with sqlite3.connect(tmp_path / "lyceum.sqlite3") as connection:
        for table in ("resources", "guilds"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_an_import_before_the_first_start_says_to_which_guild_it_goes(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    result = lyceum("import", "catalog", "good.csv")
    assert result.exit_code == 0
    assert "goes to server 1; name yours with --guild ID" in result.stderr


def test_twenty_bad_lines_are_shown_and_the_rest_is_counted(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"{HEADER}\n" + "x,y,z\n" * 15, "utf-8")
    told = lyceum("import", "catalog", "bad.csv")
    assert "15 read: 0 added, 0 changed, 0 unchanged, 15 bad" in told.stdout
    shown = told.stderr.splitlines()
    assert len([line for line in shown if line.startswith("✗ bad.csv, line ")]) == 20
    assert shown[-1] == "✗ … and 10 more"


def test_pages_of_a_single_page_app_are_as_many_resources(lyceum: Lyceum, tmp_path: Path) -> None:
    pages = [
        f"https://app.example/{route}" for route in ("#/course/1", "#/course/2", "#!/course/3")
    ]
    lines = [f"course,Part {n},{page}" for n, page in enumerate(pages)]
    (tmp_path / "spa.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
    assert "3 added" in lyceum("import", "catalog", "spa.csv", "--guild", "7").stdout
    assert "3 unchanged" in lyceum("import", "catalog", "spa.csv").stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.txt", GOOD, "Only files ending in .csv, .tsv or .json"),
        ("c.csv", "", "is empty"),
        ("c.csv", "kind,title,url,titel\n", "Unknown: titel"),
        ("c.json", "{", "can't be read as JSON"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_in_one_line(
    lyceum: Lyceum, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert said in the_line(lyceum("import", "catalog", name, "--guild", "7"))


def test_a_file_that_is_not_there_is_named(lyceum: Lyceum) -> None:
    for kind in ("catalog", "interactions"):
        result = lyceum("import", kind, "none.csv")
        assert result.exit_code == 2
        assert "none.csv" in result.stderr
        assert "does not exist" in result.stderr


# ------------------------------------------------------------------------ points from elsewhere

LEADERBOARD = """{"players": [
 {"id": "100000000000000001", "username": "ada", "level": 46, "xp": 225198,
  "detailed_xp": [11873, 12980, 225198]},
 {"id": "200000000000000002", "username": "\u202eben[/]", "level": 2, "xp": 255}]}"""


def test_points_from_elsewhere_are_previewed_brought_once_and_proved(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "page0.json").write_text(LEADERBOARD, "utf-8")
    arguments = ("import", "points", "page0.json", "--format", "mee6", "--guild", "7")
    dry = lyceum(*arguments, "--dry-run")
    assert dry.exit_code == 0
    assert "level 46" in dry.stdout
    assert "ben[/]" in dry.stdout and "\u202e" not in dry.stdout
    assert "2 read: 2 members would be opened with 45,090.60 points together" in dry.stdout
    assert "Nothing was written: --dry-run." in dry.stdout
    done = lyceum(*arguments)
    assert "2 members opened with 45,090.60 points together" in done.stdout
    again = lyceum(*arguments)
    assert "0 members opened with 0.00 points together, 2 opened before" in again.stdout
    changed = LEADERBOARD.replace('"level": 2', '"level": 3')
    (tmp_path / "page0.json").write_text(changed, "utf-8")
    differs = lyceum(*arguments)
    assert "200000000000000002 was opened with 51.00 points" in differs.stderr
    assert "0 members opened" in differs.stdout
    undone = lyceum(*arguments, "--undo")
    assert "45,090.60 points were taken back from 2 members" in undone.stdout
    assert lyceum("check").exit_code == 0


def test_a_bad_record_stops_an_import_of_points_unless_it_is_skipped(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "p.csv").write_text("user_id,points\n100000000000000001,5\nada,3\n", "utf-8")
    arguments = ("import", "points", "p.csv", "--format", "csv", "--guild", "7")
    refused = lyceum(*arguments)
    assert refused.exit_code == 1
    assert the_line(refused).startswith("✗ p.csv, line 3: “ada” is not a Discord user ID")
    assert "Nothing was written" in refused.stdout
    skipped = lyceum(*arguments, "--skip-bad", "--each", "2")
    assert skipped.exit_code == 1
    assert "1 member opened with 10.00 points together, 1 bad" in skipped.stdout


def test_a_file_of_another_kind_is_refused_without_advice_that_cannot_help(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "wrong.csv").write_text("Name;Punkte\nAda;5\n", "utf-8")
    catalog = lyceum("import", "catalog", "wrong.csv", "--guild", "7")
    assert (catalog.exit_code, catalog.stdout) == (1, "")
    assert "The first line must name the columns" in the_line(catalog)
    points = lyceum("import", "points", "wrong.csv", "--format", "csv", "--guild", "7")
    assert (points.exit_code, points.stdout) == (
        1,
        "Nothing was written: fix what is named above.\n",
    )


# ---------------------------------------------------------------- interactions to answers


def test_history_becomes_recommendations(lyceum: Lyceum, tmp_path: Path) -> None:
    file = str(history(tmp_path / "past.csv"))
    brought = lyceum("import", "interactions", file, "--guild", "7", "--with-consent")
    assert (brought.exit_code, brought.stderr) == (0, "")
    assert "84 lines read: 84 events imported, 0 were there already" in brought.stdout
    assert "6 members, 12 new resources" in brought.stdout
    again = lyceum("import", "interactions", file, "--with-consent")
    assert "0 events imported, 84 were there already" in again.stdout

    fitted = lyceum("refit")
    assert fitted.exit_code == 0
    assert "the new model serves: " in fitted.stdout or "nothing changes: " in fitted.stderr

    newcomer = lyceum("recommend", "--limit", "12").stdout
    assert "from what is popular and new" in newcomer
    assert [f"Article {n} " in newcomer for n in range(12)] == [True] * 12
    member = lyceum("recommend", "100", "--limit", "12").stdout
    assert [n for n in range(12) if f"Article {n} " in member] == [*range(6, 12)]

    assert "✓" in lyceum("check").stdout


def test_a_bad_line_of_history_is_named_and_strict_takes_none(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    file = history(tmp_path / "past.csv")
    file.write_text(file.read_text("utf-8") + "yesterday,open,x,y,z\n", "utf-8")
    strict = lyceum("import", "interactions", "past.csv", "--guild", "7", "--strict")
    assert the_line(strict).startswith("✗ past.csv, line 86, column 1 (timestamp): ")
    assert "Nothing was imported" in strict.stdout
    lenient = lyceum("import", "interactions", "past.csv", "--guild", "7")
    assert lenient.exit_code == 1
    assert "84 events imported" in lenient.stdout
    assert "train nothing unless their members agree" in lenient.stdout


def test_an_unknown_map_is_refused_with_the_known_ones(lyceum: Lyceum, tmp_path: Path) -> None:
    history(tmp_path / "past.csv")
    result = lyceum("import", "interactions", "past.csv", "--map", "nope")
    assert result.exit_code == 2
    assert "'generic'" in result.stderr
    assert "deskdrop" in result.stderr


def test_a_copy_is_made_for_one_user_and_none_over_another_file(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    done = lyceum("backup", "copy.sqlite3")
    assert done.exit_code == 0
    assert "only you can read it" in done.output
    assert (tmp_path / "copy.sqlite3").stat().st_mode & 0o077 == 0
    again = lyceum("backup", "copy.sqlite3")
    assert (again.exit_code, "is there already" in the_line(again)) == (1, True)


def test_a_backup_goes_into_a_folder_and_comes_back(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    assert lyceum("backup").exit_code == 0
    (made,) = (tmp_path / "backups").glob("lyceum-*.sqlite3")
    with sqlite3.connect(tmp_path / "lyceum.sqlite3") as connection:
        connection.execute("DELETE FROM resources")
    checked = lyceum("restore", str(made), "--check")
    assert (checked.exit_code, "whole and can be restored" in checked.output) == (0, True)
    assert "by 0." in checked.stderr
    done = lyceum("restore", str(made), "--yes")
    assert done.exit_code == 0
    assert "lyceum.sqlite3.before-restore-" in done.stderr
    assert "0 added, 0 changed, 1 unchanged" in lyceum("import", "catalog", "good.csv").stdout
    os.truncate(made, 4096)
    for option in ("--check", "--yes"):
        assert "SHA-256" in the_line(lyceum("restore", str(made), option))
    with hold_instance(tmp_path / "lyceum.sqlite3"):
        assert "stop the bot first" in the_line(lyceum("restore", str(made), "--yes"))


def test_an_older_database_is_backed_up_before_it_is_brought_up_to_date(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    migrate(tmp_path / "lyceum.sqlite3", to="0001")
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    assert lyceum("import", "catalog", "good.csv", "--guild", "7").exit_code == 0
    (made,) = (tmp_path / "backups").glob(f"lyceum-*-before-{head()}.sqlite3")
    with sqlite3.connect(made) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("0001",)]


def test_without_room_for_a_backup_nothing_is_brought_up_to_date(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    migrate(tmp_path / "lyceum.sqlite3", to="0001")
    (tmp_path / "backups").touch()
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    line = the_line(lyceum("import", "catalog", "good.csv", "--guild", "7"))
    assert "is not brought up to date without a backup" in line
    assert look(tmp_path / "lyceum.sqlite3").state == "older"


def test_a_version_names_commit_and_schema(lyceum: Lyceum) -> None:
    said = lyceum("--version")
    assert said.exit_code == 0
    form = rf"lyceum \d+\.\d+\.\d+ \((commit [0-9a-f]{{7,12}}, )?schema {head()}\)\n"
    assert re.fullmatch(form, said.stdout)


def test_a_file_without_the_columns_says_which_are_needed(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    result = lyceum("import", "interactions", "good.csv", "--guild", "7")
    assert "Missing: timestamp, resource, member. This file has: kind, title, url" in the_line(
        result
    )


def test_a_refit_with_too_little_to_learn_from_says_so_in_words(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    result = lyceum("refit")
    assert result.exit_code == 0
    assert result.stderr.startswith("• nothing changes: too little activity yet")


def test_an_empty_catalogue_is_said_and_not_drawn(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    with sqlite3.connect(tmp_path / "lyceum.sqlite3") as connection:
        connection.execute("UPDATE resources SET state = 'retired'")
    result = lyceum("recommend")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "• nothing to recommend: the catalogue holds nothing\n"


# --------------------------------------------------------------------------- check


def test_a_tampered_balance_is_found(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    assert lyceum("check").exit_code == 0
    with sqlite3.connect(tmp_path / "lyceum.sqlite3") as connection:
        connection.execute(
            "INSERT INTO balances (guild_id, user_id, amount, earned, reached_at)"
            " VALUES (7, 42, 500, 0, 0)"
        )
    line = the_line(lyceum("check"))
    assert line.startswith("✗ guild 7, member 42: the ledger sums to 0, the balance is 500")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DROP TRIGGER tr_resources_changed", "TRIGGER tr_resources_changed is missing"),
        ("UPDATE versions SET catalogue = 0", "noted as its"),
    ],
)
def test_a_catalogue_whose_changes_go_unnoticed_is_found(
    lyceum: Lyceum, tmp_path: Path, harm: str, said: str
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    lyceum("import", "catalog", "good.csv", "--guild", "7")
    with sqlite3.connect(tmp_path / "lyceum.sqlite3") as connection:
        connection.execute(harm)
    assert said in the_line(lyceum("check"))


def test_a_file_that_is_no_database_is_refused_in_one_line(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "lyceum.sqlite3").write_text("hello" * 1_000, "utf-8")
    assert "is not a usable database" in the_line(lyceum("check"))


@pytest.mark.parametrize("command", ["check", "recommend", "refit"])
def test_a_mistyped_database_is_not_made_and_called_well(
    lyceum: Lyceum, tmp_path: Path, command: str
) -> None:
    line = the_line(lyceum(command, "--database", "typo.sqlite3"))
    assert line == "✗ there is no database at typo.sqlite3; say where with --database"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_made_is_one_line(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    line = the_line(
        lyceum("import", "catalog", "good.csv", "--database", "good.csv/lyceum.sqlite3")
    )
    assert line.startswith("✗ good.csv: ")


# --------------------------------------------------------------------------- guilds


def test_several_guilds_need_a_choice_and_an_unknown_one_is_refused(
    lyceum: Lyceum, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    for guild in ("7", "8"):
        lyceum("import", "catalog", "good.csv", "--guild", guild)
    for command in (["refit"], ["recommend"], ["import", "catalog", "good.csv"]):
        line = the_line(lyceum(*command))
        assert line == "✗ there are 2 servers; say which with --guild: 7, 8"
    line = the_line(lyceum("recommend", "--guild", "9"))
    assert line == "✗ the database knows no server 9; it knows 7, 8"
    assert "Ownership" in lyceum("recommend", "--guild", "8").stdout
    assert lyceum("recommend", "--guild", "0").exit_code == 2


def test_a_database_without_guilds_says_what_to_do(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"{HEADER}\nx,y,z\n", "utf-8")
    lyceum("import", "catalog", "bad.csv")
    assert "run the bot or import something first" in the_line(lyceum("refit"))


# --------------------------------------------------------------------------- settings


def test_running_without_a_token_is_one_clear_line(lyceum: Lyceum, tmp_path: Path) -> None:
    assert the_line(lyceum("run")).startswith("✗ DISCORD_TOKEN is not set: copy .env.example")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "check", "doctor"])
def test_bad_settings_are_one_line_that_names_the_keys(
    lyceum: Lyceum, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("WEB_PORT", "eighty")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    line = the_line(lyceum(command))
    assert line.startswith("✗ settings: WEB_PORT: ")
    assert "; LOG_LEVEL: " in line


def test_settings_in_another_encoding_are_one_line(lyceum: Lyceum, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# 设置\n".encode("gbk"))
    assert "✗ settings: .env is not UTF-8 text" in the_line(lyceum("check"))


# --------------------------------------------------------------------------- how it looks


def test_what_looks_like_markup_comes_out_as_it_was_written(lyceum: Lyceum, tmp_path: Path) -> None:
    title = "Arrays [bold]and[/bold] [/red] slices[0]"
    name = "b[red]ad.csv"
    (tmp_path / name).write_text(f"{HEADER}\narticle,{title},https://e.org/1\n[i],x,y\n", "utf-8")
    result = lyceum("import", "catalog", name, "--guild", "7")
    assert result.stderr.startswith(f"✗ {name}, line 3, kind: “[i]” is not a kind")
    assert title in lyceum("recommend").stdout
    assert "no[red]ne.csv" in lyceum("import", "catalog", "no[red]ne.csv").stderr


def test_help_says_what_each_command_does(lyceum: Lyceum) -> None:
    shown = lyceum("--help").stdout
    for name in ("run", "demo", "import", "refit", "recommend", "check", "doctor"):
        assert re.search(rf"^\W*{name} +[A-Z]\w+ \w+", shown, re.MULTILINE), name
    for words in (["import"], ["run"], ["demo"], ["doctor"], ["import", "interactions"]):
        assert lyceum(*words, "--help").exit_code == 0


def test_what_goes_into_a_pipe_is_whole_plain_and_in_any_encoding(tmp_path: Path) -> None:
    title = "A title of a hundred and twenty letters " * 3
    (tmp_path / "c.csv").write_text(f"{HEADER}\narticle,{title},https://e.org/1\n", "utf-8")
    environment = {k: v for k, v in os.environ.items() if k.upper() != "COLUMNS"}
    environment |= {"PYTHONPATH": str(ROOT), "DATABASE_PATH": "lyceum.sqlite3"}

    def piped(*arguments: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env=environment | {"PYTHONIOENCODING": encoding},
            capture_output=True,
            text=True,
            encoding=encoding,
            timeout=patient(120),
        )

    added = piped("import", "catalog", "c.csv", "--guild", "7")
    assert (added.stdout, added.stderr) == ("1 read: 1 added, 0 changed, 0 unchanged, 0 bad\n", "")
    shown = piped("recommend")
    assert title.strip() in shown.stdout
    assert "\x1b" not in shown.stdout + shown.stderr
    assert max(map(len, shown.stdout.splitlines())) < 200
    plain = piped("check", encoding="ascii")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.startswith("? the ledger's sums equal")
    missing = piped("run")
    assert missing.returncode == 78
    assert missing.stderr.count("\n") == 1


# ------------------------------------------------------------------- numbers nobody means

NUMBERS = ("-1", "9" * 5_000, str(2**63), "1e5", "nan", "١٢", "1_0", "0x10", "", " ", "1.5.2")


def numbered() -> list[tuple[str, str]]:
    """Return every option and argument of every command that takes a number."""
    found: list[tuple[str, str]] = []
    groups: list[tuple[str, typer.Typer]] = [("", app)]
    groups += [(f"{g.name} ", g.typer_instance) for g in app.registered_groups if g.typer_instance]
    for group, commands in groups:
        for each in commands.registered_commands:
            assert each.callback is not None
            name = group + (each.name or each.callback.__name__)
            for option, hint in get_type_hints(each.callback, include_extras=True).items():
                kind, *more = get_args(hint) or (hint,)
                if {kind, *get_args(kind)} & {int, float, Decimal}:
                    is_argument = [type(one).__name__ for one in more] == ["ArgumentInfo"]
                    found.append((name, option if is_argument else f"--{option}"))
    return sorted(found)


@pytest.mark.parametrize(("command", "option"), numbered())
def test_a_number_that_is_none_is_refused_in_one_sentence(
    lyceum: Lyceum, tmp_path: Path, command: str, option: str
) -> None:
    (tmp_path / "a.csv").write_text("x", "utf-8")
    files = {"import catalog": ["a.csv"], "import interactions": ["a.csv"]}
    files |= {"import points": ["a.csv", "--format", "csv"]}
    for number in NUMBERS:
        given = [f"{option}={number}"] if option.startswith("-") else ["--", number]
        result = lyceum(*command.split(), *files.get(command, []), *given)
        assert result.exit_code == 2, (number[:20], result.output[:500])
        assert "Traceback" not in result.output
        assert len(result.stderr) < 1_000


def test_every_command_that_takes_a_number_is_tried() -> None:
    assert {option for _, option in numbered()} >= {
        "--guild",
        "--limit",
        "--port",
        "--each",
        "member",
    }
