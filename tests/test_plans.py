"""The pictures of docs/architecture.md are of today, and services ask exactly whom they may."""

import re

from tests import plans
from tests.test_architecture import DOCUMENTED, ROOT, SERVICE_GRAPH, place


def test_the_page_shows_the_pictures_of_today() -> None:
    assert plans.drawn_into(DOCUMENTED) == DOCUMENTED, "run: python -m tests.plans"


def test_services_ask_exactly_those_they_may() -> None:
    drawn: dict[str, set[str]] = {
        name: set() for name in re.findall(r'\["(\w+)"\]', plans.services())
    }
    for a, b in re.findall(r"(\w+) --> (\w+)", plans.services()):
        drawn[a].add(b)
    assert drawn == SERVICE_GRAPH


def test_the_files_of_each_flow_exist_and_are_told_of() -> None:
    for name, files in plans.FLOWS.items():
        assert all((ROOT / file).exists() for file in files), name


def test_no_file_imports_itself_however_far_around() -> None:
    known: dict[str, set[str]] = {}
    for path, target in plans.arrows():
        known.setdefault(place(path), set()).add(place(target))
    files = known.keys() | {name for names in known.values() for name in names}
    done: set[str] = set()
    while free := {name for name in files - done if known.get(name, set()) <= done}:
        done |= free
    assert files - done == set(), "these import each other in a circle"
