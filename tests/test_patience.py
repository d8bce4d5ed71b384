"""Every wait for what should come is stretched in one place; what promises to be quick is not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import patience

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if path.name != "patience.py")
WAITS = {"timeout", "timeout_s", "within_s", "shutdown_timeout", "settle_timeout"}
PLACES = {"wait_for": 1, "timeout": 0, "wait": 0, "set_default_timeout": 0}
"""Which argument of a call says how long is waited."""
STRETCH = {"patient", "turns", "says", "until", "stop", "reads", "ask", "ended_after", "Process"}
"""`patience`, and what hands what it is given to it."""
CLOCKS = {"monotonic", "perf_counter", "time"}
MEANT = {
    "pages/hostile.py": "how soon the simulated server hangs up",
    "points/test_walks.py": "what passes on the engine's own clock",
    "privacy/test_bytes.py": "a scrub that is given no time",
    "privacy/test_inventory.py": "a run that is given no time",
    "questions/test_killed.py": "how long somebody presses buttons",
    "recommend/test_refit.py": "a refit that is given no time",
    "rulebook/test_trial.py": "a trial that is given no time",
    "test_database_option.py": "who waits has to wait so long",
    "test_health.py": "a database that is locked for longer",
    "wire.py": "how soon the simulated server hangs up",
}
"""Files with a number that is no guard: what the bot is told, or what has to take so long."""
PROMISES = {
    "pages/test_feeds.py": "a hostile feed is refused soon",
    "test_database_option.py": "who reads does not wait for who writes",
    "test_files.py": "a hostile file is refused soon",
    "test_hostile_files.py": "a hostile file is refused soon",
    "test_hostile_numbers.py": "hostile rules are refused soon",
    "test_web.py": "a server stops soon though somebody holds on",
}
"""Files that check how long something takes."""


def name_of(call: ast.expr) -> str:
    return call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")


def is_bare(value: ast.expr) -> bool:
    """Whether there is a number in what is waited for, and nothing that stretches it."""
    found = list(ast.walk(value))
    if any(isinstance(n, ast.Call) and name_of(n.func) in STRETCH for n in found):
        return False
    return any(isinstance(n, ast.Constant) and type(n.value) in (int, float) for n in found)


def is_counted(loop: ast.For) -> bool:
    return isinstance(loop.iter, ast.Call) and name_of(loop.iter.func) == "range"


def bare_waits(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) not in STRETCH:
            place = PLACES.get(name_of(node.func), len(node.args))
            waits = [keyword.value for keyword in node.keywords if keyword.arg in WAITS]
            waits += node.args[place : place + 1]
            if name_of(node.func) == "ClientTimeout":
                waits += [keyword.value for keyword in node.keywords]
            yield from (node.lineno for value in waits if is_bare(value))
        elif (
            isinstance(node, ast.For) and name_of(getattr(node.iter, "func", node.iter)) == "range"
        ):
            inside = [n for each in node.body for n in ast.walk(each)]
            sleeps = any(isinstance(n, ast.Call) and name_of(n.func) == "sleep" for n in inside)
            if sleeps and any(isinstance(n, ast.Return | ast.Break) for n in inside):
                yield node.lineno


def checks_of_time(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            calls = [n.func for n in ast.walk(node.test) if isinstance(n, ast.Call)]
            if any(name_of(call) in CLOCKS for call in calls):
                yield node.lineno


def test_a_wait_that_only_guards_against_hanging_is_stretched_in_one_place() -> None:
    found = {
        str(path.relative_to(TESTS)): lines
        for path in FILES
        if (lines := list(bare_waits(ast.parse(path.read_text("utf-8")))))
    }
    assert {name: lines for name, lines in found.items() if name not in MEANT} == {}
    assert set(MEANT) <= set(found)


def test_what_checks_how_long_something_takes_is_listed() -> None:
    found = {
        str(path.relative_to(TESTS))
        for path in FILES
        if any(checks_of_time(ast.parse(path.read_text("utf-8"))))
    }
    assert found == set(PROMISES)


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("await asyncio.wait_for(work, 5)", True),
        ("await asyncio.wait_for(work, patient(5))", False),
        ("process.wait(15)", True),
        ("process.wait()", False),
        ("run(command, timeout=60)", True),
        ("run(command, timeout=patient(60))", False),
        ("await scene.until(query, 3, within_s=60)", False),
        ("for _ in range(200):\n    if done():\n        break\n    time.sleep(0.1)", True),
        ("for _ in range(200):\n    say()\n    time.sleep(0.1)", False),
    ],
)
def test_a_wait_is_seen(code: str, is_one: bool) -> None:
    assert any(bare_waits(ast.parse(code))) is is_one


async def test_turns_are_taken_until_the_end_and_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "FACTOR", 0.0)
    assert [None async for _ in patience.turns(60)] == [None]
