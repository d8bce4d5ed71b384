"""A feature is put together in several places; what was forgotten is named, with its place."""

import ast
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES, LOCALES
from tests.test_architecture import FEATURES, ROOT, SERVICE_GRAPH, imports, part

MAKERS_OF_JOBS = ("app.py", "answering.py", "gathering.py", "selling.py")


def files_of(feature: str) -> dict[str, Path]:
    return {path.name: path for path in sorted((ROOT / "bot" / feature).glob("*.py"))}


def modules(name: str) -> set[str]:
    """Return the modules that a file of the plumbing imports something from."""
    return {each.rpartition(".")[0] for each in imports(ROOT / "bot" / name)}


def ticks(path: Path) -> bool:
    """Say whether a file has something that the scheduler runs."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return any(isinstance(node, ast.ClassDef) and node.name.endswith("Run") for node in nodes)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_put_together(feature: str) -> None:
    files = files_of(feature)
    init = files.get("__init__.py")
    assert init is not None, f"bot/{feature}/__init__.py is missing"
    assert ast.get_docstring(ast.parse(init.read_text("utf-8"))), f"{init}: what does it own?"
    if "service.py" in files:
        service = f"bot.{feature}.service"
        assert feature in SERVICE_GRAPH, "its row in SERVICE_GRAPH, tests/test_architecture.py"
        assert service in modules("services.py"), "a field of Services, bot/services.py"
        assert service in modules("app.py"), "made in make_services, bot/app.py"
    if "cog.py" in files:
        assert f"bot.{feature}.cog" in modules("client.py"), "add_cog in setup_hook, bot/client.py"
    for name, path in files.items():
        if part(path) == "job" and ticks(path):
            module = f"bot.{feature}.{path.stem}"
            made = set[str]().union(*(modules(each) for each in MAKERS_OF_JOBS))
            assert module in made, f"a Job for {name} in one of {MAKERS_OF_JOBS}"


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_texts_in_every_language_and_tests(feature: str) -> None:
    words = "".join(path.read_text("utf-8") for path in files_of(feature).values())
    if f'"{feature}-' in words:
        for language in LANGUAGES:
            path = LOCALES / language / f"{feature}.ftl"
            assert path.exists(), f"{path.relative_to(ROOT)} is missing"
    own = ROOT / "tests" / feature
    assert (own / "__init__.py").exists(), f"tests/{feature}/__init__.py is missing"
    assert any(own.glob("test_*.py")), f"tests/{feature} has no tests"
