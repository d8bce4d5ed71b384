"""How much of a bonus what a member is likely to want should give in a search.

    python benchmarks/leaning.py [--seeds 5]

The demo's catalogue and invented members, whose tastes and languages are planted (`bot.demo`), so
what there is to learn of taste is there by making; that flatters every bonus alike. Of each member
the last three resources they opened are looked for, once by each tag ("machine learning": fifty
fit) and once by three words of the title, with what they opened before as their history. MRR and
recall@10 by how often the bonus of `bot.search.leaning` is counted; 1 is what `/search` does.
Nothing is learned from a server's own searches: what somebody looked for is not stored with them.
"""

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files

import numpy as np

from bot.demo import community
from bot.search import index, leaning, matching, synonyms
from bot.search.index import Document, Index
from bot.search.leaning import Trait
from storage.records import Resource

TIMES = (0.0, 0.5, 1.0, 2.0, 4.0)
N_LAST = 3


def catalogue() -> list[Resource]:
    """Return the demo's resources, numbered from 1."""
    with as_file(files("bot.demo") / "catalog.csv") as path, path.open(encoding="utf-8") as file:
        return [
            Resource(
                guild_id=1,
                resource_id=number,
                kind="article",
                title=row["title"],
                url=row["url"],
                summary=row["summary"],
                creator=row["creator"],
                tags=tuple(tag.strip() for tag in row["tags"].replace(";", ",").split(",")),
                language=row["language"] or None,
                level=row["level"] or None,  # type: ignore[arg-type]
            )
            for number, row in enumerate(csv.DictReader(file), 1)
        ]


def trait(one: Resource) -> Trait:
    return Trait(
        resource_id=one.resource_id, language=one.language or "", level=one.level, tags=one.tags
    )


def places(
    known: Index, text: str, reader: leaning.Reader, traits: Sequence[Trait], wanted: int
) -> Iterator[int]:
    """Yield the place of what is wanted for each of `TIMES`, 0 for none."""
    found = matching.find(known, text)
    gains = np.array([leaning.bonus(traits[i - 1], reader) for i in found.ids])
    for times in TIMES:
        order = np.argsort(-(found.scores + times * gains), kind="stable")
        at = np.flatnonzero(found.ids[order] == wanted)
        yield int(at[0]) + 1 if len(at) else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    items = catalogue()
    traits = [trait(one) for one in items]
    segment = index.build(
        Document(
            resource_id=one.resource_id,
            title=one.title,
            tags=one.tags,
            creator=one.creator,
            summary=one.summary,
            kind=one.kind,
        )
        for one in items
    )
    known = Index.of(segment, index.build([]), np.empty(0, np.int64), synonyms.ours())
    of: dict[str, list[list[int]]] = {"a tag": [], "three words of the title": []}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        crowd = list(enumerate(community.people(rng), 1))
        events = community.interactions(rng, 1, crowd, items, time.time())
        for user_id, person in crowd:
            own = [e.resource_id for e in events if e.user_id == user_id and e.kind == 10]
            opened = list(dict.fromkeys(each for each in own if each is not None))
            for at in range(max(len(opened) - N_LAST, 1), len(opened)):
                one, before = items[opened[at] - 1], opened[:at]
                reader = leaning.reader(
                    [person.languages[0]],
                    person.tastes[:2],
                    [traits[i - 1] for i in before[-leaning.LIKED_MAX :]],
                )
                for tag in one.tags:
                    text = tag.replace("-", " ")
                    of["a tag"].append(list(places(known, text, reader, traits, one.resource_id)))
                words = one.title.split()
                text = " ".join(rng.permutation(words)[:3])
                found = list(places(known, text, reader, traits, one.resource_id))
                of["three words of the title"].append(found)
    print(f"{'':28}" + "".join(f"{f'bonus × {times:g}':>16}" for times in TIMES))
    for name, listed in of.items():
        place = np.array(listed, np.float64)
        with np.errstate(divide="ignore"):
            mrr = np.where(place > 0, 1 / place, 0.0).mean(0)
        recall = ((place > 0) & (place <= 10)).mean(0)
        cells = "".join(f"{f'{m:.3f} / {r:.3f}':>16}" for m, r in zip(mrr, recall, strict=True))
        print(f"{name + f' ({len(place)})':28}{cells}")


if __name__ == "__main__":
    main()
