"""Records of four or more fields are made by keyword: four numbers in a row say nothing.

Every call of a dataclass or named tuple of ours is looked at, in the tests, too. A starred argument
counts, for nobody sees which fields it fills. Only storage may fill a record with a whole row, for
there the statement names its columns, in the record's order.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACES = ("bot", "recommender", "storage", "benchmarks", "tests")
MANY = 4
BY_POSITION = {"bot.rewards.windows": "Paid"}
"""Records that are made so often that keywords cost a replay seconds."""

Trees = dict[str, ast.Module]
"""What is in each module, by its dotted name."""


def sources() -> Trees:
    found: Trees = {}
    for path in (path for place in PLACES for path in sorted((ROOT / place).rglob("*.py"))):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"))
    return found


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


def records(trees: Trees) -> dict[str, set[str]]:
    """Return the names of all records of four or more fields, each with the modules it is of."""
    found: dict[str, set[str]] = {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and is_record(node) and len(fields(node)) >= MANY:
                found.setdefault(node.name, set()).add(module)
    return found


def origins(module: str, tree: ast.Module) -> dict[str, str]:
    """Return where each name that a module imports or defines comes from."""
    found = {node.name: module for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: node.module for alias in node.names}
    return found


def by_position(
    module: str, tree: ast.Module, known: dict[str, set[str]]
) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each record that is made by position."""
    of = origins(module, tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        homes = known.get(name, set())
        if isinstance(node.func, ast.Name):  # a package may hand on what its modules define
            homes = {home for home in homes if f"{home}.".startswith(f"{of.get(name, home)}.")}
        is_row = module.startswith("storage.") and len(node.args) == 1 and not node.keywords
        is_starred = not is_row and any(isinstance(arg, ast.Starred) for arg in node.args)
        if homes and (is_starred or len(node.args) >= MANY):
            yield node.lineno, name


def test_records_of_four_or_more_fields_are_made_by_keyword() -> None:
    trees = sources()
    known = records(trees)
    assert {"Event", "Resource", "LedgerEntry", "Interactions"} <= known.keys()
    found = {
        module: [
            f"{line} {name}"
            for line, name in by_position(module, tree, known)
            if BY_POSITION.get(module) != name
        ]
        for module, tree in trees.items()
    }
    assert {module: lines for module, lines in found.items() if lines} == {}


def test_a_record_made_by_position_is_found_however_it_is_written() -> None:
    source = """
from bot.other import Many

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
y = Many(1, 2, 3, 4)
"""
    tree = ast.parse(source)
    assert records({"bot.here": tree}) == {"Four": {"bot.here"}}
    known = {"Four": {"bot.here"}, "Many": {"bot.elsewhere"}}
    assert [name for _, name in by_position("bot.here", tree, known)] == ["Four"] * 3
    known["Many"] = {"bot.other.parts"}
    assert [name for _, name in by_position("bot.here", tree, known)].count("Many") == 1
