"""Who may import whom (docs/architecture.md), held by reading the imports."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import patient

ROOT = Path(__file__).parent.parent
DOCUMENTED = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FEATURES = sorted(
    path.name
    for path in (ROOT / "bot").iterdir()
    if path.is_dir() and path.name not in {"demo", "locales", "__pycache__"}
)
SERVICE_GRAPH = {
    "activity": {"departures", "points"},
    "audit": set(),
    "awards": {"points"},
    "boards": {"points"},
    "catalog": {"links", "points", "search", "tags"},
    "checkins": {"points"},
    "departures": set(),
    "digest": {"boards", "checkins", "experts", "library", "links", "questions", "recommend"},
    "evidence": {"points"},
    "experts": {"questions", "search", "shop", "submissions"},
    "fresh": {"catalog", "pages", "submissions"},
    "gaps": {"catalog", "search"},
    "feedback": {"links"},
    "insights": {"gaps"},
    "levels": {"points"},
    "library": {"links", "points"},
    "links": set(),
    "pages": set(),
    "paths": {"catalog", "links"},
    "points": set(),
    "privacy": {"profile"},
    "profile": set(),
    "purchases": {"catalog", "points"},
    "questions": {"links", "points", "search"},
    "recommend": {"links", "search"},
    "rulebook": {"points"},
    "search": set(),
    "shop": {"points", "search"},
    "start": {"experts", "profile"},
    "sources": {"catalog", "pages", "submissions"},
    "status": set(),
    "tags": set(),
    "tasks": {"catalog", "links", "points"},
    "submissions": {"catalog", "pages", "points"},
}
PURE_ROOMS = {"rewards"}
"""Features of pure functions only: all their files are rules, which whoever needs them reads."""
NAMED = {
    "activity/batches.py": "service",
    "activity/history.py": "job",
    "activity/interactions.py": "job",
    "activity/reading.py": "job",
    "catalog/importer.py": "job",
    "catalog/keys.py": "service",
    "catalog/bringing.py": "job",
    "catalog/curating_cog.py": "cog",
    "catalog/exchange_cog.py": "cog",
    "catalog/exporter.py": "job",
    "catalog/foreign.py": "job",
    "catalog/joining.py": "service",
    "catalog/misses.py": "service",
    "catalog/narrowing.py": "service",
    "catalog/publishing.py": "service",
    "catalog/fields.py": "service",
    "catalog/tags_file.py": "job",
    "departures/purge.py": "job",
    "digest/answers.py": "service",
    "digest/channel.py": "service",
    "digest/channel_cog.py": "cog",
    "digest/channel_delivery.py": "job",
    "digest/channel_views.py": "views",
    "digest/claims.py": "service",
    "digest/composition.py": "rules",
    "digest/delivery.py": "job",
    "digest/ends.py": "service",
    "digest/gathering.py": "service",
    "digest/patience.py": "rules",
    "digest/roundup.py": "rules",
    "digest/showing.py": "service",
    "digest/subscriptions.py": "service",
    "experts/delivery.py": "job",
    "fresh/delivery.py": "job",
    "gaps/delivery.py": "job",
    "experts/inviting.py": "service",
    "feedback/deciding.py": "service",
    "feedback/delivery.py": "job",
    "insights/briefing.py": "job",
    "insights/counting.py": "job",
    "insights/making.py": "job",
    "insights/report.py": "views",
    "insights/showing.py": "job",
    "insights/today.py": "service",
    "insights/today_cog.py": "cog",
    "insights/today_rules.py": "rules",
    "insights/today_views.py": "views",
    "insights/trying.py": "job",
    "levels/decisions.py": "service",
    "levels/delivery.py": "job",
    "levels/duties.py": "service",
    "paths/before.py": "service",
    "tags/following.py": "service",
    "levels/following.py": "service",
    "library/keeping.py": "service",
    "library/shelf_cog.py": "cog",
    "library/shelf_screen.py": "views",
    "links/routes.py": "job",
    "pages/charsets.py": "job",
    "pages/feeds.py": "job",
    "pages/fetch.py": "job",
    "pages/linked.py": "job",
    "pages/metadata.py": "job",
    "pages/reader.py": "job",
    "pages/robots.py": "rules",
    "pages/wording.py": "job",
    "points/awards.py": "service",
    "points/entries.py": "service",
    "points/in_force.py": "service",
    "points/gathering.py": "service",
    "points/known.py": "service",
    "points/replaying.py": "service",
    "points/claims.py": "job",
    "points/counted.py": "job",
    "points/counting.py": "job",
    "points/importer.py": "job",
    "points/levelled.py": "job",
    "points/recount.py": "service",
    "points/rescore.py": "service",
    "points/restore.py": "service",
    "points/statement.py": "service",
    "privacy/notice.py": "views",
    "privacy/noting.py": "service",
    "privacy/retention.py": "job",
    "purchases/afdian.py": "rules",
    "purchases/asking.py": "job",
    "purchases/buying_cog.py": "cog",
    "purchases/by_hand.py": "service",
    "purchases/claims.py": "service",
    "purchases/conversion.py": "rules",
    "purchases/counter.py": "views",
    "purchases/giving.py": "job",
    "purchases/hand_cog.py": "cog",
    "purchases/hearing.py": "service",
    "purchases/hooks.py": "job",
    "purchases/importer.py": "job",
    "purchases/inviting.py": "job",
    "purchases/keeping.py": "service",
    "purchases/lemonsqueezy.py": "rules",
    "purchases/money.py": "rules",
    "purchases/noticing.py": "job",
    "purchases/outbox.py": "service",
    "purchases/owed.py": "service",
    "purchases/patreon.py": "rules",
    "purchases/products.py": "service",
    "purchases/proof.py": "service",
    "purchases/receipt_cog.py": "cog",
    "purchases/receipt_letters.py": "job",
    "purchases/receipt_rules.py": "rules",
    "purchases/receipt_screen.py": "views",
    "purchases/receipts.py": "service",
    "purchases/references.py": "rules",
    "purchases/reminding.py": "job",
    "purchases/renewals.py": "service",
    "purchases/report.py": "service",
    "purchases/sending.py": "job",
    "purchases/sources.py": "rules",
    "purchases/standard.py": "rules",
    "purchases/standing_roles.py": "service",
    "purchases/stripe.py": "rules",
    "purchases/use.py": "rules",
    "questions/ask_screen.py": "views",
    "questions/asking.py": "cog",
    "questions/checking.py": "job",
    "questions/decisions.py": "service",
    "questions/delivery.py": "job",
    "questions/hearing.py": "job",
    "questions/keeping.py": "service",
    "questions/known.py": "service",
    "questions/listening.py": "cog",
    "questions/looking.py": "service",
    "questions/presses.py": "cog",
    "questions/setup_screen.py": "views",
    "questions/threads.py": "service",
    "questions/upkeep.py": "service",
    "recommend/answers.py": "service",
    "recommend/arrays.py": "service",
    "recommend/composing.py": "service",
    "recommend/suiting.py": "service",
    "recommend/editions.py": "rules",
    "recommend/models.py": "service",
    "recommend/naming.py": "service",
    "recommend/refit.py": "job",
    "recommend/serving.py": "service",
    "rulebook/draft_screen.py": "views",
    "rulebook/drafts.py": "service",
    "rulebook/history_screen.py": "views",
    "rulebook/list_screen.py": "views",
    "rulebook/picture.py": "views",
    "rulebook/presses.py": "cog",
    "rulebook/preview_screen.py": "views",
    "rulebook/previews.py": "service",
    "rulebook/publish_screen.py": "views",
    "rulebook/publishing.py": "service",
    "rulebook/rescoring.py": "service",
    "rulebook/rule_table.py": "views",
    "rulebook/trial.py": "job",
    "rulebook/value_form.py": "views",
    "rulebook/values.py": "service",
    "rulebook/versions.py": "service",
    "rulebook/wording.py": "views",
    "rulebook/work.py": "cog",
    "search/about.py": "service",
    "search/asking.py": "rules",
    "search/field.py": "rules",
    "search/building.py": "job",
    "search/index.py": "service",
    "search/leaning.py": "rules",
    "search/lexicon.py": "service",
    "search/matching.py": "service",
    "search/questions.py": "rules",
    "search/spelling.py": "service",
    "search/suggesting.py": "rules",
    "search/synonyms.py": "rules",
    "search/vocabulary.py": "rules",
    "search/words.py": "rules",
    "shop/delivery.py": "service",
    "shop/desk.py": "views",
    "shop/goods.py": "service",
    "shop/grants.py": "job",
    "shop/item_forms.py": "views",
    "shop/orders.py": "service",
    "shop/shelf.py": "service",
    "shop/wording.py": "views",
    "sources/delivery.py": "job",
    "sources/looking.py": "service",
    "status/welcome.py": "job",
    "submissions/deciding.py": "service",
    "submissions/delivery.py": "job",
    "submissions/desk.py": "views",
    "submissions/seeking.py": "service",
    "submissions/review_cog.py": "cog",
    "tasks/delivery.py": "job",
    "tasks/desk.py": "views",
    "tasks/marking.py": "service",
    "tasks/seeing.py": "service",
}
"""The part that each file with a name of its own plays: one of the usual four, cut for its length
along use cases or screens, or a job, which has a life of its own (a tick, a process, a route)."""
BORROWED = {
    f"bot/activity/{name}.py": {"bot.catalog.rules"} for name in ("history", "interactions")
}
"""Importing behaviour makes resources too, and what a web address is has one place."""
OWNED = {
    "channel_digests": "digest",
    "checkins": "checkins",
    "digests": "digest",
    "evidence": "evidence",
    "experts": "experts",
    "goods": "shop",
    "levels": "levels",
    "orders": "shop",
    "purchases": "purchases",
    "question_posts": "questions",
    "receipts": "purchases",
    "invites": "purchases",
    "reminders": "purchases",
    "renewals": "purchases",
    "questions": "questions",
    "stays": "departures",
}
"""Modules of storage with what one feature alone decides, and whose: what two of them share has a
place of its own (`storage.roles`), or the graph of services would have a circle it cannot see."""
ASKED_BY_OTHERS = {("privacy", "orders"), ("digest", "reminders")}
"""Erasing warns of what a member is still owed; a letter speaks of what ends, as reminders do."""
PARTS = {f"{part}.py": part for part in ("rules", "service", "views", "cog")}
PLUMBING = {path.stem for path in (ROOT / "bot").glob("*.py")} - {"__init__", "__main__"}
ROOTS = {
    "answering",
    "app",
    "client",
    "services",
    "cli",
    "gathering",
    "imports",
    "reports",
    "run",
    "selling",
}
SEEN_BY_FEATURES = {f"bot.{name}" for name in PLUMBING - ROOTS}
MODULES = {
    "storage.records",
    "bot.addresses",
    "bot.arms",
    "bot.dates",
    "bot.emoji",
    "bot.information",
    "bot.legible",
    "bot.money",
    "bot.mentions",
    "bot.opening",
    "bot.sites",
    "bot.topics",
    "bot.zones",
}
PURE = MODULES | {f"bot.{room}" for room in PURE_ROOMS}
ARRAYS = {"numpy", "recommender"}
READING = {"chardet", "lxml", "ssrfguard"}
"""What strangers' pages are fetched and read with."""
STDLIB = set(sys.stdlib_module_names)
IMPURE = set(
    "asyncio io logging multiprocessing os pathlib random secrets shutil signal socket sqlite3"
    " subprocess sys tempfile threading time".split()
)
MAY = {
    "rules": {*PURE, "opencc", "rapidfuzz", "tomli_w"},
    "service": {"storage", *ARRAYS, "bot.errors", "bot.clock", "bot.ids", "bot.outbox", *PURE},
    "views": {
        "discord",
        "bot.i18n",
        "bot.ids",
        "bot.ui",
        "bot.forms",
        "bot.cards",
        "bot.charts",
        "bot.draw",
        "bot.filters",
        "bot.saying",
        *PURE,
    },
    "cog": {"discord", *SEEN_BY_FEATURES, *PURE},
    "job": {"storage", *ARRAYS, *READING, "discord", "aiohttp", *SEEN_BY_FEATURES, *PURE},
    "none": set(),
}
OWN = {
    "rules": {"rules"},
    "service": {"rules", "service", "job"},
    "views": {"service", "views"},
    "cog": {"rules", "service", "views", "cog", "job"},
    "job": {"rules", "service", "views", "job"},
    "none": set(),
}
"""What a part may import of its own feature."""


def files(place: str) -> list[Path]:
    return sorted((ROOT / place).rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(source: str, package: tuple[str, ...]) -> Iterator[str]:
    """Yield what a file imports, in full: ``bot.clock.Clock``, wherever in it that stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports(path: Path) -> set[str]:
    return set(imported(path.read_text("utf-8"), path.relative_to(ROOT).parts[:-1]))


def foreign(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] not in STDLIB}


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def outside(names: set[str], allowed: set[str]) -> set[str]:
    return {n for n in names if not any(n == a or n.startswith(f"{a}.") for a in allowed)}


def of_features() -> list[Path]:
    found = [path for feature in FEATURES for path in (ROOT / "bot" / feature).rglob("*.py")]
    return sorted(path for path in found if path.name != "__init__.py")


def part(path: Path) -> str:
    """Return the part that a file of a feature plays, ``none`` where `NAMED` does not say."""
    if path.parent.name in PURE_ROOMS:
        return "rules"
    return PARTS.get(path.name) or NAMED.get(f"{path.parent.name}/{path.name}", "none")


def own_files(feature: str, parts: set[str]) -> set[str]:
    """Return the modules of a feature that play one of these parts."""
    found = [path for path in of_features() if path.parent.name == feature]
    return {f"bot.{feature}.{path.stem}" for path in found if part(path) in parts}


def test_imports_are_read_however_they_are_written() -> None:
    source = """
import a.b, c as d
from . import rules
from ..links import service
from e.f import g
if TYPE_CHECKING:
    from h import i
def late():
    import j.k
"""
    found = set(imported(source, ("bot", "points")))
    assert found == {"a.b", "c", "bot.points.rules", "bot.links.service", "e.f.g", "h.i", "j.k"}


def test_nothing_is_imported_by_a_name_that_cannot_be_read() -> None:
    for where in ("bot", "storage", "recommender"):
        for path in files(where):
            source = path.read_text("utf-8")
            assert not re.search(r"__import__|import_module|\bexec\(|\beval\(", source), path


@pytest.mark.parametrize("path", files("recommender"), ids=lambda p: p.name)
def test_the_recommender_knows_arrays_only(path: Path) -> None:
    forbidden = IMPURE | {"datetime", "urllib", "http"}
    allowed = {"numpy", "scipy", "sklearn", "numba", "recommender"} | (STDLIB - forbidden)
    assert tops(path) <= allowed
    source = path.read_text("utf-8")
    assert not re.search(r"np\.random\.(?!default_rng\(\S|Generator)|default_rng\(\)", source)
    assert not re.search(r"\bopen\(|np\.(load|save)|tofile", source)


@pytest.mark.parametrize("path", files("storage"), ids=lambda p: p.name)
def test_storage_knows_sql_only(path: Path) -> None:
    assert tops(path) <= {"sqlalchemy", "alembic", "aiosqlite", "filelock", "storage"} | STDLIB


@pytest.mark.parametrize("path", of_features(), ids=place)
def test_a_feature_imports_what_the_table_allows(path: Path) -> None:
    feature, plays = path.parent.name, part(path)
    allowed = MAY[plays] | own_files(feature, OWN[plays]) | BORROWED.get(place(path), set())
    if plays in ("service", "job"):
        allowed |= {f"bot.{other}.service" for other in SERVICE_GRAPH[feature]}
    assert outside(foreign(path), allowed) == set()


RULES = [path for path in of_features() if part(path) == "rules"]


@pytest.mark.parametrize("path", RULES, ids=place)
def test_rules_are_pure(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not tops(path) & IMPURE
    assert not re.search(r"async def|\bopen\(|\.now\(", source)


def test_every_file_with_a_name_of_its_own_says_what_part_it_plays_and_is_documented() -> None:
    others = [p for p in of_features() if p.name not in PARTS and p.parent.name not in PURE_ROOMS]
    assert {f"{path.parent.name}/{path.name}" for path in others} == set(NAMED)
    for name in NAMED:
        assert f"`{name}`" in DOCUMENTED, name
    for room in PURE_ROOMS:
        for path in (ROOT / "bot" / room).glob("[a-z]*.py"):
            assert f"`{path.name}`" in DOCUMENTED, place(path)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_a_service_or_is_pure(feature: str) -> None:
    assert (ROOT / "bot" / feature / "service.py").exists() != (feature in PURE_ROOMS)
    assert (feature in SERVICE_GRAPH) != (feature in PURE_ROOMS)


def test_only_the_roots_import_features() -> None:
    features = {f"bot.{name}" for name in (*FEATURES, "demo")}
    for name in sorted(PLUMBING - ROOTS):
        used = imports(ROOT / "bot" / f"{name}.py")
        assert not used - outside(used, features), name


def test_what_is_pure_imports_nothing_else_of_ours() -> None:
    for name in MODULES:
        found = ROOT / name.replace(".", "/")
        for path in found.glob("*.py") if found.is_dir() else [found.with_suffix(".py")]:
            used = outside(imports(path), MODULES)
            assert {n.split(".")[0] for n in used} <= {"idna", "babel"} | STDLIB - IMPURE, path


def test_only_storage_speaks_sql() -> None:
    for path in files("bot"):
        assert "sqlalchemy" not in tops(path), path
        assert "exec_driver_sql" not in path.read_text("utf-8"), path


def texts_in(path: Path) -> Iterator[str]:
    """Yield every text of a file's code, the pieces of formatted ones, too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


MARKUP = re.compile(r"<t:|<@|<#")


@pytest.mark.parametrize("path", of_features(), ids=place)
def test_moments_and_roles_are_written_for_discord_in_one_place(path: Path) -> None:
    written = re.compile(r"<t:|<@&") if part(path) in ("views", "cog", "job") else MARKUP
    assert not [text for text in texts_in(path) if written.search(text)], "see bot/mentions.py"


DAYS_COUNTED = re.compile(r"86_?400|fromtimestamp\(|10_000 \+|// 10_000")


def test_days_are_counted_in_one_place() -> None:
    found = {
        place(path)
        for path in files("bot")
        if DAYS_COUNTED.search(path.read_text("utf-8")) and "demo" not in path.parts
    }
    assert found == {"bot/dates.py"}


def test_the_service_graph_has_no_cycle() -> None:
    done: set[str] = set()
    while len(done) < len(SERVICE_GRAPH):
        free = {f for f, needs in SERVICE_GRAPH.items() if f not in done and needs <= done}
        assert free, "a cycle"
        done |= free


def test_what_one_feature_decides_is_asked_of_storage_by_nobody_else() -> None:
    for path in of_features():
        for name in outside(imports(path), {"bot"}):
            module = name.split(".")[1] if name.startswith("storage.") else ""
            if module in OWNED and (path.parent.name, module) not in ASKED_BY_OTHERS:
                assert OWNED[module] == path.parent.name, place(path)
    assert all((ROOT / "storage" / f"{module}.py").exists() for module in OWNED)


def test_the_page_names_every_file_of_storage() -> None:
    for path in sorted((ROOT / "storage").glob("[a-z]*.py")):
        assert f"`storage/{path.name}`" in DOCUMENTED, path.name


def test_the_page_names_every_file_of_the_plumbing() -> None:
    for name in PLUMBING:
        assert f"`bot/{name}.py`" in DOCUMENTED, name
    for path, borrowed in BORROWED.items():
        assert all(
            f"`{name.removeprefix('bot.').replace('.', '/')}.py`" in DOCUMENTED for name in borrowed
        ), path


def test_nobody_asks_the_operating_system_for_the_time() -> None:
    for where in ("bot", "storage"):
        for path in files(where):
            if path.name in {"clock.py", "database.py", "play.py", "simulator.py"}:
                continue
            source = path.read_text("utf-8")
            assert not re.search(r"datetime\.now\(|time\.time\(|utcnow\(|\.today\(", source), path


def test_what_operators_type_waits_only_for_what_it_needs() -> None:
    heavy = ("bot.app", "bot.client", "numpy", "scipy", "alembic.config", "simcord")
    code = f"import sys, bot.cli\nsys.exit(', '.join(sys.modules.keys() & set({heavy})) or 0)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=patient(60))
    later = ("scipy.special", "sklearn", "numba", "alembic.config")
    code = f"import sys, bot.run\nsys.exit(', '.join(sys.modules.keys() & set({later})) or 0)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=patient(60))


def test_running_on_discord_needs_nothing_of_the_demo() -> None:
    for path in files("bot"):
        if "demo" in path.parts:
            continue
        assert "simcord" not in tops(path), path
        if path.name != "cli.py":
            assert not any(name.startswith("bot.demo") for name in imports(path)), path
    code = (
        "import sys, bot.cli, bot.run\n"
        "sys.exit(any(name.startswith(('simcord', 'bot.demo')) for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=patient(60))
