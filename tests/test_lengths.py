"""Files of at most 400 lines and functions of at most 60."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACES = ("bot", "recommender", "storage", "benchmarks")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def sources() -> Iterator[tuple[str, str]]:
    """Yield each file of ours; revisions of the schema are never edited, so they do not count."""
    for where in PLACES:
        for path in sorted((ROOT / where).rglob("*.py")):
            if "versions" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function's name and lines, docstring included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def longer() -> dict[str, int]:
    """Return what is over its bound, with its lines."""
    found: dict[str, int] = {}
    for path, source in sources():
        if (n_lines := len(source.splitlines())) > FILE_LINES_MAX:
            found[path] = n_lines
        for name, n_lines in functions(source):
            if n_lines > FUNCTION_LINES_MAX:
                found[f"{path}:{name}"] = n_lines
    return found


def test_no_file_and_no_function_is_long() -> None:
    assert longer() == {}, "cut these along their use cases or screens (CONTRIBUTING, Style)"


def test_lines_are_counted_with_the_docstring_and_without_decorators() -> None:
    source = """
@decorated
def one():
    '''Say so.'''

    def inner():
        pass
"""
    assert dict(functions(source)) == {"one": 5, "inner": 2}
