"""The cast, the conversations and the guided steps of the demo, as data."""

from dataclasses import dataclass

from bot.demo.asked import Asked
from bot.demo.community import Person
from bot.demo.history import Published
from storage.records import ItemKind


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody a newcomer may be.

    ``person`` is None for one without any history, ``language`` None for one whose Discord is in
    the page's language.
    """

    key: str
    name: str
    colour: str
    language: str | None
    person: Person | None
    is_moderator: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try. ``action`` is what the bot answered when it is done.

    An action is a command's name, or the beginning of a pressed button's id; ``times`` counts how
    often the role must have done it.
    """

    key: str
    role: str
    place: str
    action: str
    times: int = 1


ROLES = (
    Role(key="nia", name="Nia", colour="#f0a132", language=None, person=None),
    Role(
        key="ana",
        name="Ana",
        colour="#3ba55d",
        language=None,
        person=Person(
            name="Ana",
            tastes=("recommender-systems", "machine-learning", "data-engineering"),
            languages=("en",),
            activity=2.0,
            has_agreed=True,
        ),
    ),
    Role(
        key="lin",
        name="林晓",
        colour="#eb459e",
        language="zh-CN",
        person=Person(
            name="林晓",
            tastes=("llm", "nlp", "deep-learning"),
            languages=("zh", "en"),
            activity=1.6,
            has_agreed=True,
        ),
    ),
    Role(
        key="mo",
        name="Mo",
        colour="#5865f2",
        language=None,
        person=Person(
            name="Mo",
            tastes=("python", "testing", "architecture"),
            languages=("en",),
            activity=1.6,
            has_agreed=True,
        ),
        is_moderator=True,
    ),
)

CHANNELS = (
    ("general", "Hello, news and everything else · 打招呼、聊新鲜事"),
    ("resources", "What is worth your time · 值得一看的资源"),
    ("help", "Ask anything · 有问题就问"),
)

# Who says what, where: (channel, role or passer-by, text).
TALK = (
    ("general", "mo", "Morning! Reading group is on Thursday, chapter 4 of the Rust book."),
    ("general", "ana", "I finally understand why our recommender kept showing the same ten posts."),
    ("general", "lin", "大家早！昨晚把注意力机制那篇又读了一遍，这次终于看懂了。"),
    ("general", "passer-en", "Has anybody tried the new Postgres full-text tutorial?"),
    ("general", "passer-zh", "刚跟着教程把第一个模型训练出来，开心！"),
    ("help", "passer-en", "My pandas groupby eats 20 GB of memory. Where do I start looking?"),
    (
        "help",
        "ana",
        "Categoricals first, then chunk the read. See #resources for a guide.",
    ),
    ("help", "passer-zh", "请问学 Kubernetes 之前一定要先学 Docker 吗？"),
    ("help", "lin", "建议先学 Docker，镜像和容器的概念绕不开，一个周末差不多就够了。"),
)

# What members made themselves.
PUBLISHED = (
    Published(
        by="Ana",
        weeks=13,
        kind="article",
        title="Reading notes: Designing Data-Intensive Applications, chapters 5 to 9",
        page="notes/ddia-replication",
        summary="Replication, partitioning, transactions and consensus, a page for each chapter.",
        tags=("distributed-systems", "databases"),
        language="en",
        minutes=40,
    ),
    Published(
        by="林晓",
        weeks=11,
        kind="article",
        title="从零手写注意力机制：每一步的张量形状",
        page="notes/attention-by-hand",
        summary="不用框架，用 NumPy 一步步写出多头注意力，并画出每一步的形状。",
        tags=("deep-learning", "nlp", "llm"),
        language="zh",
        minutes=35,
    ),
    Published(
        by="Mo",
        weeks=9,
        kind="article",
        title="How we review pull requests in this server",
        page="guides/reviews",
        summary="What we look at first, how to disagree, and when to stop.",
        tags=("code-style", "testing", "architecture"),
        language="en",
    ),
    Published(
        by="Ana",
        weeks=6,
        kind="video",
        title="Evaluating a recommender on your own logs (recording of our Thursday group)",
        page="talks/offline-evaluation",
        summary="Temporal splits, popularity as a baseline, and what offline figures cannot say.",
        tags=("recommender-systems", "statistics"),
        language="en",
        minutes=55,
    ),
    Published(
        by="林晓",
        weeks=4,
        kind="article",
        title="RAG 实践小结：切分、召回与评测",
        page="notes/rag-in-practice",
        summary="读书会整理：怎样切分文档、怎样评测召回，以及常见的坑。",
        tags=("rag", "llm"),
        language="zh",
        minutes=20,
    ),
    Published(
        by="Mo",
        weeks=2,
        kind="consultation",
        title="Bring your failing test: an hour with Mo",
        page="hours/tests",
        summary="A shared screen and one flaky test suite, on Saturdays.",
        tags=("testing", "python"),
        language="en",
        minutes=60,
    ),
)

# What was asked in #help before a visitor comes, and solved; the last one waits for its asker to
# say whether the answer helped.
ASKED = (
    Asked(
        by="en",
        days=26.0,
        title="Which index makes ORDER BY created_at fast in Postgres?",
        tags=("postgresql", "databases"),
        says="A list of 40 rows takes 900 ms. EXPLAIN shows a sort over the whole table.",
        helper="Mo",
        answer="A b-tree on (tenant_id, created_at DESC): the filter first, then what you sort by.",
    ),
    Asked(
        by="zh",
        days=21.0,
        title="Docker 容器之间怎么互相访问？",
        tags=("docker",),
        says="两个容器都能从宿主机访问，但在一个容器里 ping 不通另一个的名字。",
        helper="林晓",
        answer="放进同一个自定义网络就能用容器名互相访问，默认的 bridge 网络不解析名字。",
    ),
    Asked(
        by="en",
        days=17.0,
        title="How do I learn SQL joins without memorising them?",
        tags=("sql", "databases"),
        says="I keep mixing up left and inner joins in interviews.",
        helper="Ana",
        answer="Draw two small tables and write the result by hand, five times. Then it stays.",
    ),
    Asked(
        by="zh",
        days=12.0,
        title="向量数据库和普通数据库加向量索引，该怎么选？",
        tags=("rag", "databases", "llm"),
        says="文档大约二十万段，团队已经在用 Postgres。",
        helper="林晓",
        answer="二十万段用 pgvector 足够，先不要多维护一个系统。",
    ),
    Asked(
        by="en",
        days=6.0,
        title="pytest fixtures: when is scope='session' a mistake?",
        tags=("python", "testing"),
        says="Our suite got faster and then two tests began to fail in random order.",
        helper="Mo",
        answer="When a test changes what the fixture made. Keep it for what nobody writes to.",
    ),
    Asked(
        by="zh",
        days=3.0,
        title="学 Kubernetes 之前要先学 Docker 吗？",
        tags=("kubernetes", "docker"),
        says="想直接上手 Kubernetes，不知道跳过 Docker 会不会吃亏。",
        helper="Mo",
        answer="建议先学一个周末的 Docker：镜像、端口、卷。之后 Kubernetes 的概念就都对得上了。",
    ),
    Asked(
        by="en",
        days=0.2,
        title="Why is my pandas groupby using 20 GB of memory?",
        tags=("pandas", "python"),
        says="The file has 3 GB, and I group by four columns of text.",
        helper="Ana",
        answer="Turn the four columns into categoricals, and group with observed=True.",
        is_solved=False,
    ),
)

SHOPKEEPER = "Mo"
BONUS = 25
"""Points that everybody brought from before, so that the shop can be tried at once."""
# What the shop sells: (kind, what a moderator would fill in); times are put in for a slot.
GOODS: tuple[tuple[ItemKind, dict[str, str]], ...] = (
    (
        "coupon",
        {
            "title": "20% off the data course · 数据课程八折券",
            "description": "A code for one order. · 每个兑换码限用一次。",
            "price": "10",
            "units": "DATA-7F3K\nDATA-9QX2\nDATA-4MTR",
        },
    ),
    (
        "slot",
        {
            "title": "Half an hour with Mo · 和 Mo 聊半小时",
            "description": "Bring a question about Python, tests or architecture."
            " · 带上一个关于 Python、测试或架构的问题。",
            "price": "20",
        },
    ),
    (
        "custom",
        {
            "title": "Stickers by post · 邮寄贴纸",
            "description": "Mo will ask where to send them. · Mo 会问你寄到哪里。",
            "price": "15",
            "stock": "5",
        },
    ),
)

# Who answers what, as they said on their cards: (name, topics, languages, first and last hour).
EXPERTS = (
    ("Mo", ("python", "testing", "architecture"), ("en", "zh"), 0, 24),
    ("林晓", ("llm", "nlp", "deep-learning"), ("zh", "en"), 0, 24),
    ("Ana", ("recommender-systems", "machine-learning", "data-engineering"), ("en",), 18, 22),
)

BOOKED_BY = {"Mo": GOODS[1][1]["title"]}
"""Of those, whom one can book, and as which item of the shop."""
INVITE_MIN = 1
"""Minutes without an answer after which experts are asked: the guide does not wait long."""
THREAD = "thread"
"""Where the newest question is discussed, as a place of a step."""

# In the order in which somebody meets the server, becomes a member and looks after it.
STEPS = (
    Step(key="recommend", role="nia", place="general", action="recommend"),
    Step(key="topics", role="nia", place="general", action="start:topic", times=3),
    Step(key="again", role="nia", place="general", action="recommend", times=2),
    Step(key="open", role="nia", place="general", action="card:open"),
    Step(key="privacy", role="nia", place="general", action="privacy"),
    Step(key="ask", role="nia", place="help", action="ask:post"),
    Step(key="invited", role="mo", place=THREAD, action="expert:yes"),
    Step(key="answer", role="mo", place=THREAD, action="message"),
    Step(key="accept", role="nia", place=THREAD, action="question:pick"),
    Step(key="paid", role="mo", place=THREAD, action="points"),
    Step(key="taste", role="ana", place="general", action="recommend"),
    Step(key="read", role="ana", place="general", action="card:open"),
    Step(key="after", role="ana", place="general", action="recommend", times=2),
    Step(key="points", role="ana", place="help", action="points"),
    Step(key="digest", role="ana", place="general", action="digest now"),
    Step(key="chinese", role="lin", place="general", action="recommend"),
    Step(key="rules", role="mo", place="general", action="rules set"),
    Step(key="preview", role="mo", place="general", action="rulebook:preview"),
    Step(key="rescore", role="mo", place="general", action="rulebook:rescore"),
)
