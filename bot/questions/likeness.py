"""How alike a question is to what is there, by the words that say what it is about.

Each weighs the more the rarer it is. A topic is words, not letters, and Chinese is read by pairs of
characters. Pure.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

WORDS_MAX = 12
"""Words of a title that are looked for: the rarest decide anyway."""
ENOUGH = 0.4
"""What is shown has at least so much of the title's words by weight; less is a coincidence."""
ENOUGH_ALONE = 0.34
"""The same for titles of four words and more, of which nothing has all."""
_LONG = 4
IN_HEAD = 0.3
"""So much of it is in title and tags: what a summary happens to mention is another topic."""

_WORD = re.compile(r"[a-z0-9][a-z0-9+#.]*|[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMON = frozenset(
    "a about advice all also am an and any anybody anyone are as at be best better but by can"
    " cannot could course did do does doesn don else error errors ever fast faster first fix for"
    " from get gets getting good got had has have having help here how i if in into is isn it"
    " its just know less like make many me more most much my need no not now of on one only or"
    " our out over own people please problem problems question questions re read really should"
    " slow slower slowly so some somebody someone something speed start still stuck than that"
    " the their them then there these they thing things this to too try trying up use used using"
    " very want was way we well were what when where which while who why will with without won"
    " work working works would wrong you your".split()
)
_COMMON_HAN = frozenset(
    "怎么 么样 样才 如何 为什 什么 请问 有没 没有 可以 一下 这个 那个 问题 求助 帮忙 大家 有人 知道"
    " 需要 应该 哪里 哪个 是不 不是 还是 的时 时候 一个 之前 一定 定要 想要 求教".split()
)


def words_in(text: str) -> list[str]:
    """Return the words of a folded text that say what it is about, each once, in its order.

    English ones lose their plural; of Chinese each pair of characters is one.
    """
    found: dict[str, None] = {}
    for run in _WORD.findall(text):
        if _HAN.match(run):
            pairs = [run[n : n + 2] for n in range(len(run) - 1)] or [run]
            found |= dict.fromkeys(pair for pair in pairs if pair not in _COMMON_HAN)
        else:
            word = _singular(run.strip("."))
            if word and run not in _COMMON and word not in _COMMON:
                found[word] = None
    return list(found)


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def weights(words: Iterable[str], n_with: Mapping[str, int], n_all: int) -> dict[str, float]:
    """Return how much each word tells: more the fewer texts have it, little if none has.

    Parameters
    ----------
    n_with
        How many of the texts have each word.
    n_all
        How many texts there are.
    """
    return {
        word: math.log1p((n_all + 1) / (1 + n_with.get(word, 0)))
        * (1 if n_with.get(word) else 0.15)
        for word in words
    }


def ranked(
    wanted: Mapping[str, float], candidates: Sequence[tuple[int, str]], limit: int
) -> list[int]:
    """Return the candidates that are about the same, the likest first.

    Parameters
    ----------
    wanted
        The weight of each word that is looked for.
    candidates
        Ids and folded texts (`storage.folding.words_of`): the title, tags, an empty line, the rest.
    """
    total = sum(wanted.values())
    enough = ENOUGH if len(wanted) < _LONG else ENOUGH_ALONE
    scored = []
    for number, text in candidates:
        got, in_head, in_title = (
            sum(weight for word, weight in wanted.items() if word in there)
            for there in (
                set(words_in(part))
                for part in (text, text.partition("\n\n")[0], text.partition("\n")[0])
            )
        )
        if total and got >= enough * total and in_head >= IN_HEAD * total:
            scored.append((got + 0.5 * in_title, number))
    scored.sort(key=lambda each: (-each[0], -each[1]))
    return [number for _, number in scored[:limit]]
