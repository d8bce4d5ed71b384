"""Topics in the words of whoever reads them: a tag's name in Chinese, a Chinese tag's in English.

A tag is one text, whatever it is called; only what is shown differs. What the field calls the same
in both languages (Rust, SQL, React) has no other name here. Over these names stand those of a
server's own tags, a `Tree`: names and other words that moderators gave, and what is a part of what.
Pure.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from bot.legible import is_blank
from storage.records import Tag

_NAMES = """\
accessibility 无障碍, agents 智能体, agile 敏捷开发, algorithms 算法, architecture 架构
artificial-intelligence 人工智能, async 异步编程, attention 注意力机制, authentication 身份验证
automation 自动化, backend 后端, big-data 大数据, blockchain 区块链, cache 缓存, calculus 微积分
career 职业发展, causal-inference 因果推断, clean-code 整洁代码, cloud 云计算, cloud-native 云原生
code-review 代码评审, code-style 代码规范, collaborative-filtering 协同过滤, compilers 编译原理
computer-graphics 计算机图形学, computer-vision 计算机视觉, concurrency 并发编程
cryptography 密码学, data-analysis 数据分析, data-engineering 数据工程, data-mining 数据挖掘
data-science 数据科学, data-structures 数据结构, data-warehouse 数据仓库, database 数据库
databases 数据库, debugging 调试, deep-learning 深度学习, design-patterns 设计模式
discrete-math 离散数学, distributed-systems 分布式系统, documentation 文档
dynamic-programming 动态规划, embedded 嵌入式, exercises 练习, fine-tuning 微调, frontend 前端
functional-programming 函数式编程, game-development 游戏开发, graph-theory 图论
information-retrieval 信息检索, internationalization 国际化, interview 面试, iot 物联网
kernel 内核, knowledge-graph 知识图谱, linear-algebra 线性代数, llm 大模型, logging 日志
low-code 低代码, machine-learning 机器学习, machine-translation 机器翻译, math 数学
mathematics 数学, message-queue 消息队列, microservices 微服务, mobile 移动开发
multithreading 多线程, networking 计算机网络, neural-network 神经网络, nlp 自然语言处理
object-detection 目标检测, observability 可观测性, open-source 开源, operating-systems 操作系统
performance 性能优化, probability 概率论, product-management 产品, programming 编程
project-management 项目管理, prompt-engineering 提示词工程, quantum-computing 量子计算
recommender-systems 推荐系统, refactoring 重构, reinforcement-learning 强化学习, resume 简历
reverse-engineering 逆向工程, robotics 机器人, search-engine 搜索引擎, security 信息安全
serverless 无服务器, software-architecture 软件架构, speech-recognition 语音识别, startup 创业
statistics 统计学, system-design 系统设计, technical-writing 技术写作, testing 软件测试
time-series 时间序列, user-experience 用户体验, vector-database 向量数据库, virtualization 虚拟化
visualization 可视化, web-development 网页开发, web-scraping 爬虫
"""
_PAIR = re.compile(r"([a-z-]+) ([\u3400-\u9fff]+)")
CHINESE: Final[Mapping[str, str]] = MappingProxyType(dict(_PAIR.findall(_NAMES)))
_ENGLISH = {name: tag for tag, name in reversed(list(CHINESE.items()))}


def named(tag: str, language: str) -> str:
    """Return what a tag is called in a language ("en", "zh-CN"); itself, where nothing else."""
    known = CHINESE if language.startswith("zh") else _ENGLISH
    return known.get(key(tag), tag)


def in_chinese(interest: str, language: str) -> str:
    """Return a member's own word, in Chinese where they read that and it is a tag's name.

    What somebody wrote in Chinese is left as they wrote it, whatever they read.
    """
    return named(interest, language) if language.startswith("zh") else interest


@lru_cache(maxsize=8_192)
def key(tag: str) -> str:
    """Return a tag, or a word for one, as they are compared."""
    return "-".join(unicodedata.normalize("NFKC", tag).casefold().split())


def form(text: str) -> str:
    """Return a text as a tag is written: in small letters, hyphens for spaces, on one line."""
    spaced = (" " if unicodedata.category(c) in ("Cc", "Cs") or c == "`" else c for c in text)
    return "-".join(" ".join("".join(spaced).split()).lstrip("#").split()).lower()


def split(text: str) -> list[str]:
    """Return the tags in a list, each once; commas and semicolons, Chinese ones too, separate."""
    found = (form(part) for part in re.split(r"[;,；，、]", text))
    return list(dict.fromkeys(tag for tag in found if not is_blank(tag)))


def mark(tag: str) -> str:
    """Return a few letters and digits that stand for a tag where there is no room for it."""
    return hashlib.sha256(key(tag).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Tree:
    """A server's own tags.

    Attributes
    ----------
    tags
        Those that are in use, by id: what was merged into another is a word for that.
    words
        By each word for a tag, as it is compared, the tag's name.
    ids
        The tag's id by its name.
    below
        The ids of a tag's parts, by its id.
    closed
        Whether resources carry no other tags.
    """

    tags: Mapping[int, Tag] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[int, Sequence[int]] = field(default_factory=dict)
    closed: bool = False

    @classmethod
    def of(cls, tags: Iterable[Tag], *, closed: bool = False) -> "Tree":
        """Return the tree of a server's tags, merged ones among them."""
        every = {tag.tag_id: tag for tag in tags}
        live = {number: tag for number, tag in every.items() if tag.merged_into is None}
        words: dict[str, str] = {}
        for tag in (*live.values(), *(each for each in every.values() if each.tag_id not in live)):
            now = _standing(every, tag)
            if now is not None:
                for word in own_words(tag):
                    words.setdefault(key(word), now.name)
        for tag in live.values():
            for known in (CHINESE, _ENGLISH):
                other = known.get(key(tag.name))
                if other is not None:
                    words.setdefault(key(other), tag.name)
        ids = {tag.name: number for number, tag in live.items()}
        below: dict[int, list[int]] = {}
        for number, tag in live.items():
            below.setdefault(tag.under_id or 0, []).append(number)
        return cls(tags=live, words=words, ids=ids, below=below, closed=closed)

    def name_of(self, word: str) -> str:
        """Return the name of the tag that a word stands for, the word where it stands for none."""
        return self.words.get(key(word), word)

    def knows(self, word: str) -> bool:
        """Say whether a word stands for one of the server's own tags."""
        return key(word) in self.words

    def names_of(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the tags that some words stand for, each once, in their order."""
        return tuple(dict.fromkeys(map(self.name_of, words)))

    def tag(self, word: str) -> Tag | None:
        """Return the tag that a word stands for."""
        number = self.ids.get(self.name_of(word))
        return None if number is None else self.tags[number]

    def above(self, word: str) -> tuple[str, ...]:
        """Return a tag and those that it is a part of, the nearest first."""
        found = {self.name_of(word): None}
        tag = self.tag(word)
        while tag is not None:
            tag = self.tags.get(tag.under_id or 0)
            if tag is None or tag.name in found:
                break
            found[tag.name] = None
        return tuple(found)

    def under(self, word: str) -> tuple[str, ...]:
        """Return a tag and all its parts, the nearest first."""
        found = {self.name_of(word): None}
        left = [number] if (number := self.ids.get(self.name_of(word))) else []
        while left:
            parts = [self.tags[part] for part in self.below.get(left.pop(0), ())]
            left += [tag.tag_id for tag in parts if tag.name not in found]
            found |= {tag.name: None for tag in parts}
        return tuple(found)

    def called(self, word: str, language: str) -> str:
        """Return what the tag that a word stands for is called in a language."""
        tag = self.tag(word)
        if tag is None:
            return named(word, language)
        own = tag.chinese if language.startswith("zh") else tag.english
        return own or named(tag.name, language)

    def interest(self, word: str, language: str) -> str:
        """Return a member's own word; for one of the server's tags, what that is called."""
        return self.called(word, language) if self.knows(word) else in_chinese(word, language)

    def said(self) -> tuple[tuple[str, ...], ...]:
        """Return all words for each tag, and its name first."""
        by_name: dict[str, dict[str, None]] = {name: {name: None} for name in self.ids}
        for word, name in self.words.items():
            by_name[name][word] = None
        return tuple(tuple(words) for words in by_name.values())

    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return each tag that has parts, with what those are called."""
        found = []
        for name in self.ids:
            under = self.under(name)[1:]
            if under:
                tags = [self.tags[self.ids[each]] for each in under]
                called = (w for t in tags for w in (t.name, t.english, t.chinese) if w)
                found.append((name, tuple(dict.fromkeys(called))))
        return tuple(found)


NO_TREE: Final = Tree()


def own_words(tag: Tag) -> Sequence[str]:
    """Return all words that moderators gave a tag."""
    return tuple(dict.fromkeys(w for w in (tag.name, tag.english, tag.chinese, *tag.aliases) if w))


def _standing(every: Mapping[int, Tag], tag: Tag) -> Tag | None:
    """Return what a tag is now, None where that is nothing."""
    seen = set()
    now: Tag | None = tag
    while now is not None and now.merged_into is not None:
        if now.tag_id in seen:
            return None
        seen.add(now.tag_id)
        now = every.get(now.merged_into)
    return now
