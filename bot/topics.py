"""Topics in the words of whoever reads them: a tag's name in Chinese, a Chinese tag's in English.

A tag is one text, whatever it is called; only what is shown differs. What the field calls the same
in both languages (Rust, SQL, React) has no other name here. Pure.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
    return known.get(_key(tag), tag)


def in_chinese(interest: str, language: str) -> str:
    """Return a member's own word, in Chinese where they read that and it is a tag's name.

    What somebody wrote in Chinese is left as they wrote it, whatever they read.
    """
    return named(interest, language) if language.startswith("zh") else interest


def _key(tag: str) -> str:
    return "-".join(unicodedata.normalize("NFKC", tag).casefold().split())
