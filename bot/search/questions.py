"""What of a question is asked about: words that only ask fall away, in both languages."""

import re
from typing import Final

ASKING: Final = frozenset(
    """
    a about all am an and any anybody anyone are as at be been being best better but by can could
    did do does find for from get give good great had has have help how i if in into is it its
    know like looking lot me most my need of on or our out please really recommend recommendation
    recommendations show should so some somebody someone something suggest suggestion suggestions
    tell than that the their them then there these they thing things this those to top try us want
    versus vs was way ways we were what when where which who why will with would you your
    """.split()
)
"""English words that ask, or stand between those that name something."""
SOFT: Final = frozenset(
    """
    article articles basic basics beginner beginners begin beginning book books course courses
    ebook ebooks explain explained free getting guide guides intro introduction introductory learn
    learning material materials paper papers read reading resource resources start started starting
    study studying teach tutorial tutorials understand understanding using use video videos work
    works write writing build building create creating make making implement implementing
    implementation practice practices practical fundamentals essentials advanced complete simple
    easy quick internals example examples explanation difference differences between
    compare comparison
    教程 入门 书 书籍 图书 课程 文章 视频 论文 资料 资源 基础 学习 指南 教学 新手 初学者 零基础
    电子书 免费
    实战 实践 笔记 手册 handbook notes 原理 详解 讲解 解析 剖析 精通 进阶 深入 快速 简介 概述
    示例 例子 实现 搭建 从零开始 快速入门 面试题 区别 对比 比较
    """.split()
)
"""Words that say what for, and need not occur where something else does."""
_CHINESE: Final = re.compile(
    "(?:"
    + "|".join(
        sorted(
            """
            怎么样 怎么办 怎么 怎样 如何 什么是 是什么 为什么 什么 哪些 哪个 哪里 哪本 有没有 有哪些
            有什么 推荐一下 推荐 请问 请教 求推荐 求 我想要 我想 我要 想要 想学 想看 想
            可以 能不能
            能否 应该 关于 一下 一些 一个 一本 一门 给我 帮我 最好的 最好 比较好 好的 好用的 适合
            哪种
            介绍 知道 了解 学会 学 看 找 吗 呢 吧 啊 呀 的 了 从 到 在 和 与 或 及 是 要 请 我 你 有
            """.split(),
            key=lambda word: (-len(word), word),
        )
    )
    + ")"
)


def named_in(run: str) -> list[str]:
    """Return what a run of Chinese names once what only asks is cut out of it.

    Nothing may be left; "是什么" names nothing.
    """
    return [part for part in _CHINESE.split(run) if part]


def is_soft(word: str) -> bool:
    """Say whether a word only says what for: a book, a course, to learn."""
    return word in SOFT
