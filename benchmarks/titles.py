"""Fifty thousand resources in two languages, and queries whose answers are known.

The demo's catalogue as it is; beside it titles made of real words: English ones of what
scientists call one article (the tags of citeulike-a), Chinese ones of the runs of characters in
the demo's Chinese titles and summaries and in the names that our table of the field knows, mixed
ones of both. Nothing here asks the index how it cuts a text, so that every engine is judged alike.
"""

import csv
import gzip
import re
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from bot.search import field, synonyms

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "bot" / "demo" / "catalog.csv"
HOLDERS_MAX = 5
"""So many resources hold all words of a query at most: others have no answer that is known."""
TYPO_MIN = 5
"""Letters of a word that is misspelt at least."""
RUN_TYPO_MIN = 4
"""Characters of a run in which one is wrong at least."""
SHARES = {"en": 0.7, "zh": 0.2, "mixed": 0.1}
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_TERM = re.compile("[a-z0-9+#.]+|[\u4e00-\u9fff]+")
_WEAK = re.compile("^[的和与及并在讲对把从用以为是把被这那]|[的和与及把]$")
"""What a run begins or ends with that was cut out of a sentence."""
_JOINS = ("与", "：", "和", "中的", "及", "——")
_ENDS = ("", "", "入门", "实战", "教程", "指南", "（上）", "笔记")
_ASKED = {
    "en": (
        "how do I learn {}?",
        "what is the best book about {}",
        "can you recommend something on {}?",
        "where should I start with {}",
        "I'm looking for a course on {}",
        "is there a good introduction to {}?",
    ),
    "zh": (
        "怎么学{}？",
        "有没有{}的书",
        "求推荐{}的课程",
        "什么是{}",
        "想学{}，应该看什么？",
        "请问{}如何入门",
    ),
}
_ASKED["mixed"] = _ASKED["zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A resource, and the terms its title is made of: words, or runs of Han."""

    number: int
    language: str
    title: str
    tags: tuple[str, ...]
    creator: str
    summary: str
    kind: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A text, the resource it was made from, and whether its last word is still being typed."""

    task: str
    language: str
    text: str
    number: int
    is_typing: bool = False


def world(n_items: int, citeulike: Path, rng: Random, titles: Path | None = None) -> list[Item]:
    """Return the resources; `titles` is a file of other English titles, one a line."""
    items = list(_demo())
    creators = sorted({one.creator for one in items if one.creator})
    han = _runs(items)
    articles = _lines(titles) if titles else _articles(citeulike)
    known = {one.title.casefold() for one in items}
    languages = list(SHARES)
    while len(items) < n_items:
        (language,) = rng.choices(languages, list(SHARES.values()))
        terms, tags = _made(language, articles, han, rng, is_whole=titles is not None)
        title = _title(language, terms, rng)
        if len(terms) < 3 or title.casefold() in known:
            continue
        known.add(title.casefold())
        items.append(
            Item(
                number=len(items) + 1,
                language=language,
                title=title,
                tags=tags,
                creator=rng.choice(creators),
                summary="",
                kind=rng.choice(("article", "course", "ebook", "video")),
                terms=terms,
            )
        )
    return items


def queries(items: Sequence[Item], n_each: int, rng: Random) -> list[Query]:
    """Return `n_each` queries a task and language, or as many as there are words for."""
    holders = _holders(items)
    tasks: dict[str, Callable[[Item, list[str], Random], str | None]] = {
        "title words": _words,
        "one typo": _misspelt,
        "prefix": _begun,
        "synonym": _renamed,
        "question": _asked,
    }
    found = []
    for task, ask in tasks.items():
        wanted = Counter(dict.fromkeys(SHARES, n_each))
        for one in rng.sample(items, len(items)):
            if not wanted[one.language] or len(one.terms) < 3:
                continue
            terms = _chosen(one, holders, rng)
            text = ask(one, terms, rng) if terms else None
            if text is not None:
                found.append(
                    Query(
                        task=task,
                        language=one.language,
                        text=text,
                        number=one.number,
                        is_typing=task == "prefix",
                    )
                )
                wanted[one.language] -= 1
    return found


def _holders(items: Sequence[Item]) -> dict[str, set[int]]:
    """Return by each term the resources whose titles hold it, by whatever name."""
    literal: dict[str, set[int]] = defaultdict(set)
    for one in items:
        for term in one.terms:
            literal[term].add(one.number)
    names = _names()
    return {
        term: set.union(found, *(literal.get(name, set()) for name in names.get(term, ())))
        for term, found in literal.items()
    }


def _chosen(one: Item, holders: dict[str, set[int]], rng: Random) -> list[str]:
    """Return terms of a title, in its order, that hardly any other holds; none where there are."""
    wanted = 3 if one.language == "en" else 2
    at = sorted(rng.sample(range(len(one.terms)), min(wanted, len(one.terms))))
    terms = [one.terms[i] for i in at]
    shared = set.intersection(*(holders[term] for term in terms))
    return terms if len(set(terms)) == wanted and len(shared) <= HOLDERS_MAX else []


def _words(_: Item, terms: list[str], rng: Random) -> str:
    return " ".join(rng.sample(terms, len(terms)))


def _misspelt(_: Item, terms: list[str], rng: Random) -> str | None:
    """Return the terms with one typo: of a word any letter, of a run one character."""
    able = [i for i, term in enumerate(terms) if len(term) >= _typo_min(term)]
    if not able:
        return None
    at = rng.choice(able)
    return " ".join([*terms[:at], _typo(terms[at], rng), *terms[at + 1 :]])


@cache
def _characters() -> str:
    """Return the Han of the field's names, any of which may be typed by mistake."""
    return "".join(sorted(set("".join(_HAN.findall(field.LINES)))))


def _typo_min(term: str) -> int:
    return RUN_TYPO_MIN if _HAN.match(term) else TYPO_MIN


def _typo(word: str, rng: Random) -> str:
    """Return a word with a letter changed, left out, put in, or swapped with the next."""
    at = rng.randrange(len(word) - 1)
    before, one, other, after = word[:at], word[at], word[at + 1], word[at + 2 :]
    if _HAN.match(word):
        return before + rng.choice(_characters().replace(one, "")) + other + after
    letter = rng.choice(string.ascii_lowercase.replace(one, ""))
    middle = rng.choice((letter + other, other, letter + one + other, other + one))
    return before + middle + after


def _begun(_: Item, terms: list[str], rng: Random) -> str | None:
    """Return the terms, the last one not typed to its end."""
    *before, last = terms
    shortest = 2 if _HAN.match(last) else 3
    if len(last) <= shortest:
        return None
    return " ".join([*before, last[: rng.randint(shortest, len(last) - 1)]])


def _renamed(_: Item, terms: list[str], rng: Random) -> str | None:
    """Return the terms, one of them by another of its names, in either language."""
    names = _names()
    able = [i for i, term in enumerate(terms) if term in names]
    if not able:
        return None
    at = rng.choice(able)
    return " ".join([*terms[:at], rng.choice(names[terms[at]]), *terms[at + 1 :]])


def _asked(one: Item, terms: list[str], rng: Random) -> str:
    joined = " ".join(terms) if one.language == "en" else "和".join(terms)
    return rng.choice(_ASKED[one.language]).format(joined)


def _names() -> dict[str, list[str]]:
    """Return by each name of one term its other names."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in synonyms.lines(field.LINES):
        for name in line:
            if _TERM.fullmatch(name):
                found[name] += [other for other in line if other != name]
    return found


def _demo() -> Iterator[Item]:
    with CATALOGUE.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            terms = tuple(_TERM.findall(row["title"].casefold()))
            has_han, has_latin = (any(test(x) for x in terms) for test in (_HAN.match, str.isascii))
            yield Item(
                number=number,
                language="mixed" if has_han and has_latin else "zh" if has_han else "en",
                title=row["title"],
                tags=tuple(row["tags"].split(";")),
                creator=row["creator"],
                summary=row["summary"],
                kind=row["kind"],
                terms=terms,
            )


def _runs(items: Sequence[Item]) -> list[str]:
    """Return runs of two to six Han: of the demo's texts, and names of the field."""
    texts = [f"{one.title} {one.summary}" for one in items] + [field.LINES]
    found = {run for text in texts for run in _HAN.findall(text) if len(run) <= 6}
    return sorted(run for run in found if not _WEAK.search(run) and run not in _ENDS)


def _articles(folder: Path) -> list[list[str]]:
    """Return what scientists call each article, in words of three letters at least."""
    with gzip.open(folder / "tags.dat.gz", "rt", encoding="utf-8") as file:
        names = [re.sub("[^a-z0-9+#]+", " ", line.casefold()).strip() for line in file]
    with gzip.open(folder / "item-tag.dat.gz", "rt", encoding="utf-8") as file:
        numbers = [[int(tag) for tag in line.split()[1:]] for line in file]
    worth = {n for n, name in enumerate(names) if 3 <= len(name) <= 30}
    rows = [[names[n] for n in row if n in worth] for row in numbers]
    return [row for row in rows if len(row) >= 5]


def _lines(path: Path) -> list[list[str]]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if 4 <= len(row) <= 16]


def _made(
    language: str, articles: list[list[str]], han: list[str], rng: Random, *, is_whole: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the terms of a title, and tags."""
    row = rng.choice(articles)
    if language == "zh":
        return tuple(rng.sample(han, rng.randint(3, 4))), tuple(rng.sample(han, 2))
    if is_whole and language == "en":
        return tuple(_TERM.findall(" ".join(row).casefold())), ()
    picked = rng.sample(row, min(len(row), rng.randint(4, 7)))
    words = [word for name in picked[:-1] for word in name.split()]
    if language == "mixed":
        words = [x for pair in zip(words[:2], rng.sample(han, 2), strict=False) for x in pair]
    return tuple(dict.fromkeys(words)), (picked[-1].replace(" ", "-"),)


def _title(language: str, terms: tuple[str, ...], rng: Random) -> str:
    if language == "en":
        return " ".join(terms).capitalize()
    made = terms[0]
    for term in terms[1:]:
        made += rng.choice(_JOINS) + term
    return made + rng.choice(_ENDS)
