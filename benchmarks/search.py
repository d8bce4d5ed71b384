"""What searching finds and costs over 50,000 resources in two languages, beside other ways.

    python benchmarks/search.py [--resources 50000] [--queries 400] [--seed 0]

Resources and queries with known answers are of `titles`. A query is two or three terms of one
title that at most five resources hold: as they are in any order, with one typo, with the last
word only begun, with one term by another name, and as a question. recall@10 says how often that
resource is among the first ten; MRR is the mean of one by its place there. Beside our index, over
the same texts in the same run, stand SQLite's FTS5 with words (unicode61) and with trigrams, any of
them matching, best first by bm25 with our weights of title, tags, creator and summary; and LIKE,
every word somewhere, as before. They get the bare text: they know no questions, typos or synonyms.
Times are the processor's, for one thread does it all.
"""

import argparse
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import titles
from titles import Item, Query

from bot.search import index, matching, synonyms, words
from bot.search.index import Document, Index

CITEULIKE = Path(__file__).resolve().parents[2] / "shared" / "data" / "citeulike-a"
N_BEST = 10
COLUMNS = "title, tags, creator, summary"
WEIGHTS = "1.0, 0.8, 0.7, 0.3"

Find = Callable[[Query], list[int]]


def main() -> None:
    args = _arguments()
    rng = Random(args.seed)
    items = titles.world(args.resources, args.citeulike, rng, args.titles)
    asked = titles.queries(items, args.queries, rng)
    print(f"{len(items):,} resources, {len(asked):,} queries, seed {args.seed}")
    for name, make in (
        ("ours", _ours),
        ("FTS5 words", lambda some: _fts(some, "unicode61", _any_word)),
        ("FTS5 trigrams", lambda some: _fts(some, "trigram", _any_trigram)),
        ("LIKE", _like),
    ):
        began = time.process_time()
        find, size = make(items)
        print(f"\n{name}: built in {time.process_time() - began:.1f} s, {size / 1e6:.0f} MB")
        _measure(find, asked, args.misses if name == "ours" else 0, items)


def _measure(find: Find, asked: Sequence[Query], n_misses: int, items: Sequence[Item]) -> None:
    places, times_ms = [], []
    for query in asked:
        began = time.process_time()
        found = find(query)[:N_BEST]
        times_ms.append(1e3 * (time.process_time() - began))
        places.append(found.index(query.number) + 1 if query.number in found else 0)
    place, time_ms = np.array(places), np.array(times_ms)
    print(f"{'':14}" + "".join(f"{language:>16}" for language in titles.SHARES) + "   p50 / p99 ms")
    for task in dict.fromkeys(query.task for query in asked):
        of_task = np.array([query.task == task for query in asked])
        cells = ""
        for language in titles.SHARES:
            at = of_task & np.array([query.language == language for query in asked])
            cells += f"{_share(place[at]):>16}"
        p50, p99 = np.percentile(time_ms[of_task], (50, 99))
        print(f"{task:14}{cells}{p50:9.1f} /{p99:6.1f}")
        missed = [query for query, at in zip(asked, places, strict=True) if not at]
        for query in [query for query in missed if query.task == task][:n_misses]:
            print(f"    {query.text} → {items[query.number - 1].title}")
    p50, p99 = np.percentile(time_ms, (50, 99))
    print(f"{'all':14}{_share(place):>16}{'':32}{p50:9.1f} /{p99:6.1f}")


def _share(places: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> str:
    """Return recall@10 and MRR."""
    inverse = np.divide(1.0, places, out=np.zeros(len(places)), where=places > 0)
    return f"{np.mean(places > 0):.3f} / {inverse.mean():.3f}"


def _ours(items: Sequence[Item]) -> tuple[Find, int]:
    base = index.build(
        Document(
            resource_id=one.number,
            title=one.title,
            tags=one.tags,
            creator=one.creator,
            summary=one.summary,
            kind=one.kind,
        )
        for one in items
    )
    known = Index.of(base, index.build([]), np.empty(0, np.int64), synonyms.ours())
    arrays = (base.ids, base.bounds, base.docs, base.weights)
    texts = [*base.titles, *base.rows, *base.vocabulary.counts]
    size = sum(one.nbytes for one in arrays) + sum(map(sys.getsizeof, texts))

    def find(query: Query) -> list[int]:
        found = matching.find(
            known, query.text, is_typing=query.is_typing, fills=not query.is_typing
        )
        return [int(one) for one in found.ids[:N_BEST]]

    return find, size


def _fts(items: Sequence[Item], tokenizer: str, asking: Callable[[Query], str]) -> tuple[Find, int]:
    conn = _table(f"CREATE VIRTUAL TABLE found USING fts5({COLUMNS}, tokenize = '{tokenizer}')")
    _fill(conn, items)
    statement = (
        "SELECT rowid FROM found WHERE found MATCH ?"
        f" ORDER BY bm25(found, {WEIGHTS}) LIMIT {N_BEST}"
    )

    def find(query: Query) -> list[int]:
        wanted = asking(query)
        return [row[0] for row in conn.execute(statement, (wanted,))] if wanted else []

    return find, _size(conn)


def _any_word(query: Query) -> str:
    parts = [f'"{word}"' for word in re.findall(r"\w+", query.text)]
    return " OR ".join(parts) + ("*" if query.is_typing and parts else "")


def _any_trigram(query: Query) -> str:
    runs = re.findall(r"[\w+#.]+", query.text)
    parts = {run[at : at + 3] for run in runs for at in range(len(run) - 2)}
    return " OR ".join(f'"{part}"' for part in sorted(parts))


def _like(items: Sequence[Item]) -> tuple[Find, int]:
    conn = _table(f"CREATE TABLE found ({COLUMNS}, folded)")
    _fill(conn, items)
    conn.execute(
        "UPDATE found SET folded = lower(title || char(10) || tags || char(10) || summary"
        " || char(10) || creator)"
    )

    def find(query: Query) -> list[int]:
        asked = words.folded(query.text).split()[:8]
        every = " AND ".join(["instr(folded, ?) > 0"] * len(asked))
        titled = "instr(lower(title), ?) = 0"
        rows = conn.execute(
            f"SELECT rowid FROM found WHERE {every} ORDER BY {titled}, rowid DESC LIMIT {N_BEST}",
            [*asked, " ".join(asked)],
        )
        return [row[0] for row in rows]

    return find, _size(conn)


def _table(create: str) -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:")
    conn.execute(create)
    return conn


def _fill(conn: sqlite3.Connection, items: Sequence[Item]) -> None:
    rows = [(one.number, one.title, " ".join(one.tags), one.creator, one.summary) for one in items]
    conn.executemany(f"INSERT INTO found (rowid, {COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)


def _size(conn: sqlite3.Connection) -> int:
    pages, size = (conn.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
    return int(pages * size)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resources", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=400, help="of each task and language")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--citeulike", type=Path, default=CITEULIKE)
    parser.add_argument("--titles", type=Path, help="other English titles, one a line")
    parser.add_argument("--misses", type=int, default=0, help="shown of each task")
    return parser.parse_args()


if __name__ == "__main__":
    main()
