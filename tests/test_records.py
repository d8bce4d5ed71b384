"""Records of four or more fields are made by keyword: four numbers in a row say nothing.

Every call of a dataclass or named tuple of ours is looked at, in the tests, too. A starred argument
counts, for nobody sees which fields it fills.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACES = ("bot", "recommender", "storage", "benchmarks", "tests")
MANY = 4
TO_FOLLOW = (
    "bot/activity/",
    "bot/rewards/",
    "storage/",
    "tests/activity/",
    "tests/evidence/",
    "tests/points/",
    "tests/rewards/",
)
"""Places that do not keep to it yet; none may come to them."""


def sources() -> dict[str, ast.Module]:
    found = [path for where in PLACES for path in sorted((ROOT / where).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in found}


def is_record(node: ast.ClassDef) -> bool:
    marks = [ast.unparse(mark).partition("(")[0] for mark in node.decorator_list]
    return "dataclass" in {mark.rpartition(".")[2] for mark in marks} or "NamedTuple" in {
        ast.unparse(base).rpartition(".")[2] for base in node.bases
    }


def fields(node: ast.ClassDef) -> list[str]:
    """Return the fields that a call can give."""
    return [
        ast.unparse(line.target)
        for line in node.body
        if isinstance(line, ast.AnnAssign)
        and "ClassVar" not in ast.unparse(line.annotation)
        and "init=False" not in (ast.unparse(line.value) if line.value else "")
    ]


def records(trees: dict[str, ast.Module]) -> set[str]:
    """Return the names of all records of four or more fields."""
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    return {
        node.name
        for node in nodes
        if isinstance(node, ast.ClassDef) and is_record(node) and len(fields(node)) >= MANY
    }


def by_position(tree: ast.Module, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each record that is made by position."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        is_starred = any(isinstance(arg, ast.Starred) for arg in node.args)
        if name in names and (is_starred or len(node.args) >= MANY):
            yield node.lineno, name


def test_records_of_four_or_more_fields_are_made_by_keyword() -> None:
    trees = sources()
    names = records(trees)
    assert {"Event", "Resource", "LedgerEntry", "Interactions"} <= names
    found = {
        path: [f"{line} {name}" for line, name in by_position(tree, names)]
        for path, tree in trees.items()
        if not path.startswith(TO_FOLLOW)
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_record_made_by_position_is_found_however_it_is_written() -> None:
    source = """
@dataclasses.dataclass(frozen=True)
class Four:
    a: int
    b: int
    c: int
    d: int = 0
    e: ClassVar[int] = 1
    f: int = field(init=False)

class Few(NamedTuple):
    a: int

x = Four(1, 2, 3, 4), Four(*row), rules.Four(1, 2, 3, 4), Four(1, 2, 3, d=4), Few(1)
"""
    tree = ast.parse(source)
    assert records({"here": tree}) == {"Four"}
    assert [name for _, name in by_position(tree, {"Four"})] == ["Four"] * 3
