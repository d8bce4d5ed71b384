"""Who may import whom (docs/architecture.md), held by reading the imports."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FEATURES = sorted(
    path.name
    for path in (ROOT / "bot").iterdir()
    if path.is_dir() and (path / "service.py").exists()
)
SERVICE_GRAPH = {
    "activity": {"points"},
    "catalog": {"links"},
    "digest": {"recommend", "links"},
    "links": set(),
    "points": set(),
    "privacy": {"profile"},
    "profile": set(),
    "recommend": {"links"},
}
PLUMBING = {path.stem for path in (ROOT / "bot").glob("*.py") if path.stem != "__init__"}
ROOTS = {"app", "client", "services", "cli", "run"}
STDLIB = set(sys.stdlib_module_names)


def files(place: str) -> list[Path]:
    return sorted((ROOT / place).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", files("recommender"), ids=lambda p: p.name)
def test_the_recommender_knows_arrays_only(path: Path) -> None:
    forbidden = {"asyncio", "pathlib", "io", "os", "time", "datetime", "random", "sqlite3"}
    allowed = {"numpy", "scipy", "sklearn", "numba", "recommender"} | (STDLIB - forbidden)
    assert tops(path) <= allowed


@pytest.mark.parametrize("path", files("storage"), ids=lambda p: p.name)
def test_storage_knows_sql_only(path: Path) -> None:
    assert tops(path) <= {"sqlalchemy", "alembic", "filelock", "storage"} | STDLIB


@pytest.mark.parametrize("feature", FEATURES)
def test_rules_are_pure(feature: str) -> None:
    path = ROOT / "bot" / feature / "rules.py"
    if not path.exists():
        pytest.skip("no rules")
    source = path.read_text("utf-8")
    used = {name for name in imports(path) if name.split(".")[0] in {"bot", "storage"}}
    assert all(
        name.startswith(("storage.records", "bot.emoji")) or name in {"storage", "bot"}
        for name in used
    ), used
    assert tops(path) <= STDLIB | {"storage", "bot"}
    assert "async def" not in source
    assert not tops(path) & {"asyncio", "pathlib", "sqlite3", "time", "random"}


@pytest.mark.parametrize("feature", FEATURES)
def test_services_know_neither_discord_nor_sql(feature: str) -> None:
    path = ROOT / "bot" / feature / "service.py"
    used = set(imports(path))
    assert not {"discord", "aiohttp"} & tops(path)
    assert {n for n in used if n.startswith("sqlalchemy.")} <= {
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.ext.asyncio.AsyncConnection",
    }
    others = {n.split(".")[1] for n in used if n.startswith("bot.")} & set(FEATURES)
    assert others - {feature} <= SERVICE_GRAPH[feature]
    assert not {n for n in used if n.startswith("bot.") and n.split(".")[1] in ROOTS}


@pytest.mark.parametrize("feature", FEATURES)
def test_views_and_cogs_keep_to_their_own_feature(feature: str) -> None:
    for name in ("views.py", "cog.py"):
        path = ROOT / "bot" / feature / name
        if not path.exists():
            continue
        used = set(imports(path))
        others = {n.split(".")[1] for n in used if n.startswith("bot.")} & set(FEATURES)
        assert others <= {feature}
        assert not {n for n in used if n.startswith("sqlalchemy")}
        stored = {n for n in used if n.split(".")[0] == "storage"}
        assert all(n == "storage" or n.startswith("storage.records") for n in stored), stored


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_holds_four_files_and_at_most_one_more(feature: str) -> None:
    names = {path.name for path in (ROOT / "bot" / feature).glob("*.py")}
    assert len(names - {"__init__.py", "cog.py", "service.py", "rules.py", "views.py"}) <= 1


def test_only_the_roots_import_features() -> None:
    for name in sorted(PLUMBING - ROOTS):
        used = {
            n.split(".")[1] for n in imports(ROOT / "bot" / f"{name}.py") if n.startswith("bot.")
        }
        assert not used & set(FEATURES), name


def test_the_service_graph_has_no_cycle() -> None:
    done: set[str] = set()
    while len(done) < len(SERVICE_GRAPH):
        free = {f for f, needs in SERVICE_GRAPH.items() if f not in done and needs <= done}
        assert free, "a cycle"
        done |= free


def test_nobody_asks_the_operating_system_for_the_time() -> None:
    for place in ("bot", "storage"):
        for path in files(place):
            if path.name in {"clock.py", "database.py", "play.py", "simulator.py"}:
                continue
            source = path.read_text("utf-8")
            assert "datetime.now(" not in source, path
            assert "time.time(" not in source, path


def test_running_on_discord_needs_nothing_of_the_demo() -> None:
    for path in files("bot"):
        if "demo" in path.parts:
            continue
        assert "simcord" not in tops(path), path
