"""The table of kinds: what is derived from it, and what has to agree with it."""

import re
import shutil
import subprocess
import sys
from dataclasses import fields as attributes
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES, Texts
from bot.rewards import fields
from bot.rewards.kinds import ACTS, AGAIN, COUNTED, KINDS, OF, TABLE, VOICED, Kind, Rule
from bot.rewards.ruleset import RuleSet
from storage.schema import events, ledger
from tests.patience import patient
from tests.rewards import invented

ROOT = Path(__file__).parent.parent.parent
EACH = pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.name)


def test_a_rule_set_has_a_rule_for_each_kind_in_order_with_its_default() -> None:
    rules = [each for each in attributes(RuleSet) if isinstance(each.default, Rule)]
    assert tuple(each.name for each in rules) == KINDS
    assert all(each.default == OF[each.name].default for each in rules)


@EACH
def test_what_bounds_a_kind_by_default_can_be_changed(kind: Kind) -> None:
    blank = Rule(points=0, per_day=0)
    bounding = {
        each.name
        for each in attributes(Rule)
        if getattr(kind.default, each.name) != getattr(blank, each.name)
    }
    assert bounding <= set(kind.fields)
    assert [each.name for each in fields.FIELDS if each.rule == kind.name] == list(kind.fields)


@EACH
def test_a_row_does_not_contradict_itself(kind: Kind) -> None:
    assert (kind.rests_on == "act") == (kind.opposite is None)
    assert (kind.giver == "nobody") == (kind.by == "own" and kind.needs == "nobody")
    assert kind.by == "own" or (kind.giver == "acted" and kind.needs != "nobody")
    assert ("giver_taper" in kind.fields) == ("voice" in kind.windows)
    assert ("cooldown_s" in kind.fields) == ("cooldown" in kind.windows)
    assert ("step" in kind.fields) == (kind.rests_on == "count")
    of_pairs = {"pair_days", "pair_per_day", "pair_full", "pair_step", "pair_back"}
    assert kind.giver != "nobody" or not of_pairs & set(kind.fields)
    assert ("silent_days" in kind.fields) == ("silent" in kind.windows)
    assert ("pair_full" in kind.fields) == ("pair_days" in kind.fields)
    assert "few" not in kind.windows or "pair_days" in kind.fields


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_has_texts(kind: Kind, language: str) -> None:
    texts = Texts(language)
    for key in ("points-rule", "points-entry", "points-back"):
        assert texts(f"{key}-{kind.name}")
    for name in kind.fields:
        assert texts(f"points-field-{name}")


@EACH
def test_a_kind_has_a_row_in_the_page_on_points(kind: Kind) -> None:
    page = (ROOT / "docs" / "points.md").read_text("utf-8")
    usual = page.split("## What the defaults pay")[1].split("\n## ")[0]
    points = f"{kind.default.points / 100:g}"
    rows = [row for row in usual.splitlines() if f"(`{kind.name}`) | {points} |" in row]
    assert len(rows) == 1, f"docs/points.md says nothing of {kind.name} at {points} points"


def test_the_ledgers_indexes_know_what_may_pay_again() -> None:
    found = {
        str(index.name): str(index.dialect_options["sqlite"]["where"]) for index in ledger.indexes
    }
    again, once = re.findall(r"kind NOT IN \((.*?)\).*kind <> (.*)\)", found["uq_ledger_source"])[0]
    assert set(re.findall(r"\w+", again)) == AGAIN | COUNTED
    assert re.findall(r"\w+", once) == [kind.name for kind in TABLE if kind.rests_on == "giver"]
    assert re.findall(r"kind = '(\w+)'", found["ix_ledger_accepted"]) == sorted(VOICED)


def test_the_logs_index_of_answers_knows_what_an_answer_is() -> None:
    (found,) = (index for index in events.indexes if index.name == "ix_events_answers")
    where = str(found.dialect_options["sqlite"]["where"])
    assert re.findall(r"kind IN \((.*?)\)", where) == [", ".join(map(str, ACTS.answering))]


def test_two_invented_kinds_work_from_their_events_to_a_preview_and_a_rescore(
    tmp_path: Path,
) -> None:
    """A row of the table, an attribute of `RuleSet` and three texts are all that a kind takes."""
    house, names = tmp_path / "house", ("opener", "follower")
    for package in ("bot", "storage", "recommender"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, house / package, ignore=ignored)
    table = house / "bot" / "rewards" / "kinds.py"
    _insert(table, ")\nKINDS = ", invented.ROWS.lstrip("\n"))
    rules = "".join(f'    {name}: Rule = OF["{name}"].default\n' for name in names)
    _insert(house / "bot" / "rewards" / "ruleset.py", "    newcomer: Newcomer", rules)
    for language in LANGUAGES:
        texts = house / "bot" / "locales" / language / "points.ftl"
        with texts.open("a", encoding="utf-8") as file:
            for key in ("points-rule", "points-entry", "points-back"):
                file.writelines(f"\n{key}-{name} = {name}" for name in names)
    done = subprocess.run(
        [sys.executable, invented.__file__, str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=patient(150),
    )
    assert done.returncode == 0, done.stderr


def _insert(path: Path, before: str, what: str) -> None:
    source = path.read_text("utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, what + before), "utf-8")
