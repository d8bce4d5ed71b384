"""What is about the same as a question's title, or nothing at all.

A query names what is wanted; a title tells a story, most of whose words name nothing. So what
occurs nowhere hardly counts here, what is common in talk does not, and silence is better than a
coincidence: what is found has a good part of what is left, in its title or tags.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import asking, words
from bot.search.asking import Concept
from bot.search.index import SUMMARY, Index
from bot.search.matching import Scores, corrected, said
from bot.search.questions import ASKING

ENOUGH, ENOUGH_LONG = 0.45, 0.34
"""By how rare they are, so much of the words; less is enough of `LONG` and more: none has all."""
LONG: Final = 4
HEAD: Final = 0.3
"""So much of them in title and tags: what a summary happens to mention is another topic."""
TOPIC: Final = 2.0
"""What a word counts that the field has a name for, beside one of any other kind."""
NOWHERE: Final = 0.15
"""What a word counts that occurs nowhere."""
TALK: Final = frozenset(
    """
    actually add advice after again already always another app application around ask asking
    back because before build call calls cannot change code compare correctly cost course create
    days different doesn doing don each easy else enough error errors even ever every everything
    fail failing fails fast faster first fix friend full function functions getting going happen
    happening happens hard hello help here hi instead issue issues just keep keeps less little
    long lot make makes many maybe mean means meeting message minutes more most much never new
    next no not nothing now number old once one only other over own part parts people place play
    please point possible problem problems properly put question questions rather reach real run
    running same say says see seems sense set several she side simple since slow slower slowly
    solve something sometimes soon speed still stop stuck sudden suddenly take takes team thank
    thanks thing think time times today together too trouble try trying twice two under until up
    use used useful uses using usually very wait without won wonder working world worse worth
    wrong year years yet
    一定 之前 之后 必须 需要 多少 问题 求助 求教 帮忙 大家 有人 时候 还是 不是 是不是 一直 总是 突然
    报错 出错 失败 不能 不行 没有 理解 要先 先学 现在 已经 这个 那个 这样 有点
    """.split()
)
"""Words of talk, beside those that ask (`questions`)."""


def find(index: Index, text: str) -> NDArray[np.int64]:
    """Return the ids of what is about the same as a text, the likest first, int64[n]."""
    right = corrected(index, text)
    named = [one for one in asking.concepts(right, index.synonyms) if not _is_talk(one)]
    if not named:
        return np.empty(0, np.int64)
    scores = [said(index, one.ways) for one in named]
    n_found = [sum(int(np.count_nonzero(each)) for each in one) for one in scores]
    rarity = np.array(
        [
            np.log1p(len(index) / (1 + n)) * (TOPIC if _is_topic(one) else 1.0 if n else NOWHERE)
            for one, n in zip(named, n_found, strict=True)
        ],
        np.float32,
    )
    if not any(n_found) or not rarity.sum():
        return np.empty(0, np.int64)
    rarity /= rarity.sum()
    ids, likes = [], []
    for place, segment in enumerate(index.segments):
        there = np.stack([one[place] for one in scores])
        like = _like(there, rarity)
        at = np.flatnonzero(like)
        ids.append(segment.ids[at])
        likes.append(like[at])
    all_ids, all_likes = np.concatenate(ids), np.concatenate(likes)
    return all_ids[np.lexsort((-all_ids, -all_likes))]


def _like(there: NDArray[np.float32], rarity: Scores) -> Scores:
    """Return how alike each is, 0 for what is not, of what each word says there: float32[w, n]."""
    enough = ENOUGH if len(rarity) < LONG else ENOUGH_LONG
    has = rarity @ (there > 0).astype(np.float32)
    in_head = rarity @ (there > SUMMARY + 0.05).astype(np.float32)
    like: Scores = has * 0.5 + rarity @ np.minimum(there, 1.0)
    return np.where((has >= enough) & (in_head >= HEAD), like, np.float32(0))


def _is_talk(one: Concept) -> bool:
    """Say whether a concept is talk; what has a name in the field is none."""
    return one.is_soft or all(
        _is_common(word) or (word in ASKING and not _is_topic(one)) for word in one.typed
    )


def _is_topic(one: Concept) -> bool:
    return any(share < 1 for _, share in one.ways)


def _is_common(word: str) -> bool:
    return word in TALK or (words.is_run(word) and len(word) == 1)
