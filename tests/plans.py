"""The pictures in docs/architecture.md, drawn from the imports: `python -m tests.plans` draws them.

Each is a Mermaid graph between two markers of the page. An arrow says that the one imports the
other; nothing is drawn by hand, so a test can ask whether the page is of today.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.test_architecture import (
    FEATURES,
    MODULES,
    PARTS,
    PURE_ROOMS,
    ROOT,
    ROOTS,
    imports,
    place,
)

PAGE = ROOT / "docs" / "architecture.md"
FLOWS = {
    "an event becomes points": (
        "bot/activity/cog.py",
        "bot/activity/reading.py",
        "bot/activity/service.py",
        "bot/points/service.py",
        "bot/points/awards.py",
        "bot/points/gathering.py",
        "bot/rewards/fold.py",
        "bot/rewards/decisions.py",
        "bot/rewards/ruleset.py",
        "storage/events.py",
        "storage/rewards.py",
        "storage/payments.py",
        "storage/ties.py",
        "storage/rulebook.py",
        "storage/ledger.py",
        "storage/database.py",
    ),
    "a request for recommendations": (
        "bot/recommend/cog.py",
        "bot/recommend/service.py",
        "bot/recommend/serving.py",
        "bot/recommend/arrays.py",
        "bot/recommend/rules.py",
        "bot/recommend/views.py",
        "bot/links/service.py",
        "bot/cards.py",
        "recommender/ranking.py",
        "recommender/pool.py",
        "storage/deeds.py",
        "storage/training.py",
        "storage/candidates.py",
        "storage/impressions.py",
    ),
    "a refit": (
        "bot/app.py",
        "bot/recommend/models.py",
        "bot/recommend/refit.py",
        "bot/recommend/arrays.py",
        "bot/child.py",
        "recommender/training.py",
        "recommender/walk.py",
        "recommender/fitting.py",
        "recommender/als.py",
        "recommender/similarity.py",
        "recommender/content.py",
        "recommender/blend.py",
        "recommender/evaluation.py",
        "storage/training.py",
        "storage/snapshots.py",
    ),
    "a digest": (
        "bot/app.py",
        "bot/digest/delivery.py",
        "bot/digest/claims.py",
        "bot/digest/subscriptions.py",
        "bot/digest/rules.py",
        "bot/digest/views.py",
        "bot/recommend/service.py",
        "bot/links/service.py",
        "bot/messenger.py",
        "storage/digests.py",
    ),
}
"""The files of each flow, as the page tells it."""


def room_of(path: Path) -> str:
    """Return the room of the house a file is in; roots put everything together."""
    parts = path.relative_to(ROOT).parts
    if parts[0] != "bot":
        return f"{parts[0]}/"
    if len(parts) == 2:
        is_pure = f"bot.{path.stem}" in MODULES
        return "roots" if path.stem in ROOTS else "pure plumbing" if is_pure else "plumbing"
    if parts[1] == "demo":
        return "demo"
    if parts[1] in PURE_ROOMS:
        return f"bot/{parts[1]}"
    return f"{PARTS.get(path.name, 'job')}.py" if path.name in PARTS else "jobs and other files"


def sources() -> dict[str, Path]:
    """Return every file of ours by the name of its module."""
    found = [
        path for top in ("bot", "storage", "recommender") for path in (ROOT / top).rglob("*.py")
    ]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in sorted(found)
        if path.name not in ("__init__.py", "__main__.py") and "migrations" not in path.parts
    }


def arrows() -> Iterator[tuple[Path, Path]]:
    """Yield each file with each other one of ours that it imports."""
    known = sources()
    for path in known.values():
        for name in imports(path):
            target = known.get(name) or known.get(name.rpartition(".")[0])
            if target is not None and target != path:
                yield path, target


def graph(edges: Iterable[tuple[str, str]], nodes: Iterable[str] = ()) -> str:
    """Return a Mermaid graph, in an order of its own."""
    pairs = sorted(set(edges))
    names = sorted({*nodes, *(name for pair in pairs for name in pair)})
    key = {name: re.sub(r"\W+", "_", name).strip("_") for name in names}
    lines = [f'    {key[name]}["{name}"]' for name in names]
    lines += [f"    {key[a]} --> {key[b]}" for a, b in pairs]
    return "\n".join(["```mermaid", "graph LR", *lines, "```"])


def rooms() -> str:
    """Draw which room imports which; what every room may read (records) is left out."""
    edges = {(room_of(a), room_of(b)) for a, b in arrows()}  # packages themselves are no files
    return graph((a, b) for a, b in edges if a != b)


def services() -> str:
    """Draw which feature's service asks which other's."""
    of_features = [(_feature(a), _feature(b)) for a, b in arrows() if b.name == "service.py"]
    edges = {(a, b) for a, b in of_features if a and b and a != b}
    return graph(edges, (feature for feature in FEATURES if feature not in PURE_ROOMS))


def _feature(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "bot" and len(parts) > 2 and parts[1] in FEATURES else None


def flow(files: tuple[str, ...]) -> str:
    """Draw which files of a flow import which others of it."""
    edges = [(place(a), place(b)) for a, b in arrows()]
    return graph(((a, b) for a, b in edges if a in files and b in files), files)


def pictures() -> dict[str, str]:
    """Return every picture by the name in its markers."""
    drawn = {name: flow(files) for name, files in FLOWS.items()}
    return {"rooms": rooms(), "services": services(), **drawn}


def drawn_into(page: str) -> str:
    """Return the page with every picture of today between its markers."""
    for name, picture in pictures().items():
        before, begin, rest = page.partition(f"<!-- picture: {name} -->")
        _, end, after = rest.partition("<!-- end of picture -->")
        if not end:
            raise LookupError(f"{PAGE.name} has no place for the picture {name!r}")
        page = f"{before}{begin}\n{picture}\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(drawn_into(PAGE.read_text("utf-8")), "utf-8")
