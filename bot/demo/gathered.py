"""What the demo's community gathered, as data: a path, a task, proposals, wishes, its own tags."""

from storage.records import Verdict

PATH = (
    "Containers, from zero to a cluster · 从容器到集群",
    "One step at a time, each with your own hands. · 每一步都自己动手。",
    (
        "Docker Docs: Get started",
        "Docker building best practices",
        "Learn Kubernetes Basics",
        "Kubernetes The Hard Way",
    ),
)
"""A path: title, summary, the titles of its steps."""

TASK = (
    "Docker Docs: Get started",
    "Put a program of yours into an image · 把你的程序做成镜像",
    "Write a Dockerfile for something you made, and say how big the image is and why.\n"
    "为自己写的程序写一个 Dockerfile，并说说镜像有多大、为什么。",
)
"""A task: the title of what it is beside, its own, and what to do."""

# What members handed in for it: by whom, the text, how it was marked and in which words.
WORKS: tuple[tuple[str, str, Verdict | None, str], ...] = (
    (
        "Ana",
        "FROM python:3.12-slim, two stages, 148 MB. Without the second stage it was 1.1 GB: "
        "the compiler and pip's cache stayed in.",
        "excellent",
        "You measured both: that is the point.",
    ),
    (
        "林晓",
        "用 distroless 做基础镜像，最后 62 MB。日志要靠 sidecar 才看得到，值不值得还没想好。",
        None,
        "",
    ),
)

# What members proposed and nobody has decided: by whom, and what they filled in.
WAITING: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Ana",
        {
            "url": "https://sre.google/sre-book/table-of-contents/",
            "kind": "ebook",
            "title": "Site Reliability Engineering",
            "summary": "How Google runs production systems: error budgets, toil, postmortems.",
            "tags": "devops, distributed-systems",
            "language": "en",
        },
    ),
    (
        "林晓",
        {
            "url": "https://study-hall.example/notes/llm-inference",
            "kind": "article",
            "title": "大模型推理优化：从 KV 缓存到投机采样",
            "summary": "把常见的推理加速方法讲清楚，并给出各自的适用场景。",
            "tags": "llm, deep-learning",
            "language": "zh",
        },
    ),
)

WISHES = (("a hands-on course on observability", 6), ("中文的编译原理实战课", 5))
"""What members wish for, and how many stand behind it."""

# The server's own tags: (name, in English, in Chinese, other words, what it is a part of).
TAGS = (
    ("machine-learning", "Machine learning", "机器学习", "ml", ""),
    ("deep-learning", "Deep learning", "深度学习", "dl", "machine-learning"),
    ("recommender-systems", "Recommender systems", "推荐系统", "recsys", "machine-learning"),
    ("nlp", "Natural language processing", "自然语言处理", "language-processing", "deep-learning"),
    ("computer-vision", "Computer vision", "计算机视觉", "cv", "deep-learning"),
    ("llm", "Large language models", "大模型", "llms, 大语言模型", "nlp"),
    ("rag", "Retrieval-augmented generation", "检索增强生成", "检索增强", "llm"),
    ("data", "Data", "数据", "", ""),
    ("databases", "Databases", "数据库", "db", "data"),
    ("sql", "SQL", "SQL", "structured-query-language", "databases"),
    ("postgresql", "PostgreSQL", "PostgreSQL", "postgres, pg", "databases"),
    ("redis", "Redis", "Redis", "", "databases"),
    ("data-engineering", "Data engineering", "数据工程", "", "data"),
    ("data-analysis", "Data analysis", "数据分析", "data-analytics", "data"),
    ("devops", "DevOps", "运维", "ops, 运维开发", ""),
    ("docker", "Docker", "Docker", "容器", "devops"),
    ("kubernetes", "Kubernetes", "Kubernetes", "k8s", "devops"),
    ("frontend", "Frontend", "前端", "front-end, 前端开发", ""),
    ("javascript", "JavaScript", "JavaScript", "js", "frontend"),
    ("typescript", "TypeScript", "TypeScript", "ts", "javascript"),
    ("css", "CSS", "CSS", "样式表", "frontend"),
)
