"""The documents say what is there: every command, every link, the same figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import discord
import pytest
import typer.main

from bot.activity.history import import_interactions
from bot.catalog.importer import COLUMNS, REQUIRED, import_catalog
from bot.cli import app
from bot.i18n import Texts
from bot.rewards import fields, kinds, ruleset
from storage.database import Database
from tests.discord_sim import World

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
DISCORD, TERMINAL = COMMANDS.split("\n## On the terminal\n")
NAMED = {name for page in PAGES for name in re.findall(r"`/([^`/{]+)`", page.read_text("utf-8"))}
PATHS = {"healthz", "readyz", "metrics"}
"""What the web server answers, which looks like a command."""
MANAGE_GUILD = 32
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its depth or above."""
    depth = heading.index(" ")
    found = re.search(
        rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{depth}}} |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"no heading {heading}"
    return found[1]


def row(text: str, start: str) -> str:
    """Return the one line of a table that begins with `start`."""
    rows = [line for line in text.splitlines() if line.startswith(start)]
    assert len(rows) == 1, f"{len(rows)} rows begin with {start}"
    return rows[0]


# --------------------------------------------------------------------------- in Discord


@dataclass(frozen=True)
class Slash:
    """A command as Discord is told about it."""

    english: str
    chinese: str
    options: list[dict[str, Any]]
    is_for_moderators: bool


def local(told: dict[str, Any]) -> str:
    return str((told.get("name_localizations") or {}).get("zh-CN", told["name"]))


def flat(told: dict[str, Any], english: str, chinese: str, managed: bool) -> Iterator[Slash]:
    english, chinese = f"{english}{told['name']}", f"{chinese}{local(told)}"
    options = told.get("options", [])
    nested = [option for option in options if option["type"] in (1, 2)]
    for inner in nested:
        yield from flat(inner, f"{english} ", f"{chinese} ", managed)
    if not nested:
        yield Slash(english=english, chinese=chinese, options=options, is_for_moderators=managed)


async def commands(world: World) -> list[Slash]:
    tree: Any = world.client.tree
    found: list[Slash] = []
    for command in tree.get_commands(type=discord.AppCommandType.chat_input):
        told = await command.get_translated_payload(tree, tree.translator)
        found += flat(told, "", "", told.get("default_member_permissions") == MANAGE_GUILD)
    walked = {c.qualified_name for c in tree.walk_commands() if not hasattr(c, "walk_commands")}
    assert {slash.english for slash in found} == walked
    return found


async def test_every_slash_command_and_option_is_documented_in_both_languages(
    world: World,
) -> None:
    fields = section(DISCORD, "#### Fields of a resource")
    for slash in await commands(world):
        told = row(DISCORD, f"| `/{slash.english}` | `/{slash.chinese}` |")
        if "(#fields-of-a-resource)" in told:
            told += fields
        for option in slash.options:
            name = f"`{option['name']}`"
            name = re.escape(f"**{name}**" if option["required"] else name)
            shown = re.search(rf"{name} {local(option)}\b( ⌨)?", told)
            assert shown, f"/{slash.english}: {name} {local(option)}"
            assert bool(shown[1]) == option.get("autocomplete", False), f"/{slash.english} {name}"
            for kind in ("value", "length"):
                if f"max_{kind}" in option:
                    bounds = f"{option[f'min_{kind}']}–{option[f'max_{kind}']}"
                    assert bounds in told, f"/{slash.english} {name}: {bounds}"


async def test_every_command_on_messages_is_documented_in_both_languages(world: World) -> None:
    tree: Any = world.client.tree
    for command in tree.get_commands(type=discord.AppCommandType.message):
        told = await command.get_translated_payload(tree, tree.translator)
        assert f"**{told['name']}** {local(told)}" in DISCORD


async def test_every_choice_is_documented_in_both_languages(world: World) -> None:
    for slash in await commands(world):
        for option in slash.options:
            choices = option.get("choices", [])
            # A week is written from its first day to its last.
            for choice in (choices[0], choices[-1]) if len(choices) == 7 else choices:
                both = dict.fromkeys((choice["name"], local(choice)))
                assert " ".join(both) in DISCORD, f"/{slash.english} {option['name']}"


async def test_moderators_commands_stand_apart(world: World) -> None:
    apart = section(DISCORD, "### Moderators")
    for slash in await commands(world):
        assert (f"| `/{slash.english}` |" in apart) == slash.is_for_moderators, slash.english


async def test_no_page_names_a_slash_command_that_is_not_there(world: World) -> None:
    there: set[str] = set()
    for slash in await commands(world):
        for name in (slash.english, slash.chinese):
            there |= {name, name.split(" ")[0]}
    assert {name for name in NAMED - PATHS if name not in there} == set()


def test_reward_rules_are_documented_with_their_defaults_and_bounds() -> None:
    table = section(DISCORD, "#### Reward rules")
    texts, usual = Texts("en"), ruleset.RuleSet()
    for field in fields.FIELDS:
        of_rule = row(table, f"| {texts(f'points-rule-{field.rule}').lower()} |")
        name = texts(f"points-field-{field.name}")
        default = fields.write(field, fields.value_of(usual, field)) or "–"
        unit = kinds.POINT if field.kind == "points" else 1
        match field.kind:
            case "switch" | "zone":
                bounds = ""
            case "choice":
                bounds = f", {'/'.join(field.choices)}"
            case _:
                bounds = f", {field.low // unit:,}–{field.high // unit:,}"
        assert f"{name}: {default}{bounds}" in of_rule


# ----------------------------------------------------------------------- on the terminal


def lines(command: Any = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command line with its options."""
    command = command or typer.main.get_command(app)
    for name, inner in getattr(command, "commands", {}).items():
        yield from lines(inner, f"{path} {name}".strip())
    if not hasattr(command, "commands"):
        yield path, command


def test_every_command_line_and_option_is_documented() -> None:
    for name, command in lines():
        told = section(TERMINAL, f"### `lyceum {name}`")
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                assert re.search(rf"`lyceum {name} \[?{parameter.name.upper()}\]?`", told), name
                continue
            for written in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{written}" in told or written == "--help", f"{name} {written}"
            for choice in get_args(parameter.type_descriptor.annotation):
                assert f"`{parameter.opts[0]} {choice}`" in told, f"{name} {choice}"
            if parameter.max is not None:
                bounds = f"{parameter.min}–{parameter.max}"
                assert f"{bounds}, default {parameter.default}" in told, f"{name} {bounds}"


def test_no_command_line_or_option_is_documented_that_is_not_there() -> None:
    there = dict(lines())
    assert sorted(re.findall(r"^### `lyceum (.*)`$", TERMINAL, re.MULTILINE)) == sorted(there)
    for name, command in there.items():
        told = section(TERMINAL, f"### `lyceum {name}`")
        known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
        assert set(re.findall(r"--[a-z][a-z-]*", told)) <= known, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_command_line_that_is_not_there(page: Path) -> None:
    there = dict(lines())
    for named in re.findall(r"`(?:\S*/)?lyceum ([^`]+)`", page.read_text("utf-8")):
        words = named.split()
        is_option = words[0] == "--version"
        assert is_option or words[0] in there or " ".join(words[:2]) in there, named


def test_the_columns_of_a_catalogue_are_documented() -> None:
    told = section(TERMINAL, "### `lyceum import catalog`")
    assert tuple(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == COLUMNS
    needed = re.findall(r"^\| `(\w+)` \| yes \|", told, re.MULTILINE)
    assert tuple(needed) == REQUIRED


async def test_the_examples_of_files_can_be_imported(database: Database, tmp_path: Path) -> None:
    catalogue, history = re.findall(r"```csv\n(.*?)```", TERMINAL, re.DOTALL)
    (tmp_path / "c.csv").write_text(catalogue, "utf-8")
    (tmp_path / "i.csv").write_text(history, "utf-8")
    added = await import_catalog(database, lambda: NOW, tmp_path / "c.csv", guild_id=1, strict=True)
    assert (added.added, added.problems) == (2, ())
    brought = await import_interactions(
        database, lambda: NOW, tmp_path / "i.csv", guild_id=1, strict=True
    )
    assert (brought.imported, brought.problems) == (2, ())


# --------------------------------------------------------------------------- all pages


def anchors(page: Path) -> set[str]:
    """Return the anchors GitHub gives the headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        n = sum(1 for known in found if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", known))
        found.add(f"{slug}-{n}" if n else slug)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@pytest.mark.parametrize("page", sorted(ROOT.glob("README*.md")), ids=lambda page: page.name)
def test_the_figures_are_those_of_the_recommenders_page(page: Path) -> None:
    text = page.read_text("utf-8")
    block = re.search(r"<!-- figures:begin -->\n(.*?)<!-- figures:end -->", text, re.DOTALL)
    assert block, "the markers are gone"
    assert all(line.startswith("|") for line in block[1].splitlines() if line.strip())
    assert numbers(block[1]) <= numbers((ROOT / "docs" / "recommender.md").read_text("utf-8"))


def numbers(text: str) -> set[float]:
    found = re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", text)
    return {float(number.replace(",", "")) for number in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    for file, name in re.findall(r"`(test_\w+)\.(test_\w+)`", page.read_text("utf-8")):
        found = [path.read_text("utf-8") for path in (ROOT / "tests").rglob(f"{file}.py")]
        assert any(f"def {name}(" in text for text in found), f"{page.name}: {file}.{name}"
