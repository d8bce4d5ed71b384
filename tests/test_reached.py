"""What nothing of ours reaches is not there: no function that only tests call, and none at all.

Looked at by name: a function, method or class is reached where its name stands anywhere else in the
source, the benchmarks included. What a library calls by name or by a decorator is not ours to call.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACES = ("bot", "storage", "recommender")
CALLED_BY_LIBRARIES = {
    "transform",
    "_mark_action_dispatched",
    "cog_load",
    "collect",
    "connection_lost",
    "connection_made",
    "data_received",
    "from_custom_id",
    "interaction_check",
    "on_error",
    "on_message",
    "on_resumed",
    "on_submit",
    "setup_hook",
}
"""Methods that discord.py, asyncio and simcord look for."""
OUR_DECORATORS = {"cache", "cached_property", "classmethod", "contextmanager", "dataclass"} | {
    "asynccontextmanager",
    "property",
    "staticmethod",
}
"""Decorators under which a function is still ours to call; others hand it to a library."""

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def trees(*places: str) -> dict[str, ast.Module]:
    found = [path for place in places for path in sorted((ROOT / place).rglob("*.py"))]
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in found
        if "versions" not in path.parts
    }


def named(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a piece of source mentions, in texts that are one name, too."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.Constant(value=str(text)) if text.replace(".", "_").isidentifier():
                yield text.rpartition(".")[2]


def is_ours_to_call(node: Function) -> bool:
    marks = [ast.unparse(mark).partition("(")[0] for mark in node.decorator_list]
    return {mark.rpartition(".")[2] for mark in marks} <= OUR_DECORATORS


def unreached(sources: dict[str, ast.Module]) -> Iterator[str]:
    """Yield what is mentioned nowhere but in itself."""
    mentions = Counter(name for tree in sources.values() for name in named(tree))
    for path, tree in sources.items():
        for node in ast.walk(tree):
            if not isinstance(node, Function) or not is_ours_to_call(node):
                continue
            own = sum(name == node.name for name in named(node))
            if mentions[node.name] <= own and not node.name.startswith("__"):
                yield f"{path}: {node.name}"


def test_everything_is_reached_from_something_else() -> None:
    found = set(unreached(trees(*PLACES) | trees("benchmarks")))
    wrong = {each for each in found if each.rpartition(" ")[2] not in CALLED_BY_LIBRARIES}
    assert wrong == set(), "nothing but tests calls these: take them out"


def test_what_nobody_calls_is_found() -> None:
    source = """
import x
def lonely():
    return lonely()
def used(): ...
class Kept:
    @property
    def unread(self): ...
    def named(self): ...
@app.command()
def handed_over(): ...
used(), Kept(), getattr(x, "named")
"""
    found = set(unreached({"here.py": ast.parse(source)}))
    assert found == {"here.py: lonely", "here.py: unread"}
