"""The languages have the same texts with the same variables, and every text renders."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from fluent.runtime import FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from bot import ui
from bot.i18n import _ONE_LINER, LANGUAGES, LOCALES, Texts, _bundle, _one_liners, keys
from bot.rewards import fields
from bot.rulebook import values

ROOT = Path(__file__).parent.parent
DOCS = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *(ROOT / name for name in (".env.example", "benchmarks/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
PLAIN = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bhears? of\b": "is notified of",
    r"\bhinder(s|ed|ing)?\b": "keeps from; a problem",
    r"\bhand(s|ed|ing)? (it |them )?over\b": "deliver",
    r"\banew\b": "again; re-score",
}
"""Words that have a plain one, also in code."""
OLD_WORDS = {
    "en": PLAIN
    | {
        r"\bstays? off the boards\b": "is hidden from leaderboards",
        r"\bhides? from boards\b": "is hidden from leaderboards",
        r"\bunreward": "remove-reward",
        r"notice with opt-out": "on by default, with opt-out",
        r"not to be tracked": "tracking is off",
        r"next training has never seen": "what was learned goes out of use within a day",
    },
    "zh-CN": {
        r"审计日志|(?<!查看)审核日志": "操作记录: 审核日志 is Discord's own",
        r"给予": "授予",
        r"暂扣|暂不计入": "冻结",
        r"恢复计入": "解冻",
        r"重新计算|重新计分": "重算",
        r"正在生效|当前生效": "现行",
        r"退款": "退还积分",
        r"隐身": "不在排行榜显示",
        r"榜单": "排行榜",
        r"不被记录|免记录": "停止行为记录",
        r"告知并允许退出": "默认使用，可以退出",
        r"您": "你",
        r"/[一-鿿]+ [一-鿿]+`? (发|选|看)": "commands are named in English",
    },
}
"""What used to be said, by language, and what is said now: in texts and on every page."""
OLD_WORDS_IN_TEXTS = {
    "en": {
        r"\btold\b(?! apart)": "announced; notified",
        r"(?<!-)\bboards?\b": "leaderboard",
        r"\brefit(?!$)|(?<!^)\brefit": "training; refit is the command",
        r"one of the suggestions|pick a suggestion": "pick one from the list",
        r"^Write\b|\bwrite (a|your)\b": "enter",
        r"\bguilds?\b": "server",
        r"time_zone": "timezone",
        r"\bacts?\b": "interaction",
        r"\bpayments?\b": "entry",
        r"\bminted\b": "awarded",
        r"\bshelf\b": "shop",
        r"\bone a line\b": "one per line",
        r"\bfor good\b": "permanently",
        r"left out,": "leave it out",
    },
    "zh-CN": {
        r"(从|在)?(提示|列表)里": "从列表中",
        r"退回": "退还积分",
        r"名成员|\} 名(?! →|\*)": "位成员",
        r"另有": "还有",
        r"进阶": "中级",
        r"表情回应": "表情反应",
        r"/[一-鿿]": "commands are named in English",
        r"\} 分(?![钟别数之成])": "积分",
        r"对方": "这位成员",
    },
}
"""The same for words that have their place on a page of ours, but not in what Discord shows."""

OTHERS = [language for language in LANGUAGES if language != "en"]
FILES = sorted(path.name for path in (LOCALES / "en").glob("*.ftl"))


class Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.found.add(node.id.name)


def messages(language: str, name: str) -> dict[str, set[str]]:
    resource = FluentResource((LOCALES / language / name).read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for entry in resource.body:
        assert not isinstance(entry, ast.Junk), f"{language}/{name}: {entry.content}"
        if isinstance(entry, ast.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice in {name}"
            visitor = Variables()
            visitor.visit(entry.value)
            found[entry.id.name] = visitor.found
    return found


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_keys_and_variables(language: str, name: str) -> None:
    assert messages(language, name) == messages("en", name)


def test_a_key_stands_in_one_file_only() -> None:
    seen: dict[str, str] = {}
    for name in FILES:
        for key in messages("en", name):
            assert key not in seen, f"{key} stands in {name} and {seen[key]}"
            seen[key] = name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_renders(language: str) -> None:
    texts = Texts(language)
    for name in FILES:
        for key, variables in messages(language, name).items():
            assert texts(key, **dict.fromkeys(variables, 3)).strip(), key


def texts_of(language: str) -> Iterator[tuple[str, str]]:
    """Yield every text as it is written, with its key."""
    for path in sorted((LOCALES / language).glob("*.ftl")):
        source = path.read_text("utf-8")
        for entry in FluentResource(source).body:
            if isinstance(entry, ast.Message) and entry.value is not None:
                span = entry.value.span
                assert span is not None
                yield entry.id.name, source[span.start : span.end]


def found(words: Mapping[str, str], where: Iterable[tuple[str, str]]) -> list[str]:
    """Return each old word that is found, with its place and what to say instead."""
    return [
        f"{name}: {match[0]!r} in {line!r}: {instead}"
        for name, text in where
        for line in text.splitlines()
        for word, instead in words.items()
        if (match := re.search(word, re.sub(r"\$\w+", "", line), re.I))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_say_one_thing_in_one_way(language: str) -> None:
    words = OLD_WORDS[language] | OLD_WORDS_IN_TEXTS[language]
    assert found(words, texts_of(language)) == []


def test_the_docs_say_it_in_the_same_way() -> None:
    pages = [(path.name, path.read_text("utf-8")) for path in DOCS]
    assert found(OLD_WORDS["en"] | OLD_WORDS["zh-CN"], pages) == []


def test_the_code_says_it_plainly() -> None:
    sources = [
        (str(path.relative_to(ROOT)), path.read_text("utf-8"))
        for folder in ("bot", "storage", "recommender")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert found(PLAIN, sources) == []


def test_chinese_has_its_own_punctuation_and_spaces_around_latin() -> None:
    wrong = {
        r"[一-鿿][ ]?[,;:!?()'\"]|[()'\"][一-鿿]": "full-width punctuation",
        r"[一-鿿]\.(?!\w)": "。",
        r"(?<!…)…(?!…)": "……",
        r"[一-鿿][A-Za-z0-9`]|[A-Za-z0-9`][一-鿿]": "a space between",
    }
    written = [(key, text.replace("{ -> ", "")) for key, text in texts_of("zh-CN")]
    assert found(wrong, written) == []


def test_english_has_no_chinese_punctuation() -> None:
    assert found({r"[，。；：！？（）《》、]|\w …$": "its own"}, texts_of("en")) == []


WIDEST: Mapping[str, str | int] = {"zone": "America/Argentina/ComodRivadavia", "days": 90}
LABEL = re.compile(
    r"(points|rulebook|shop)-field-(?!.*hint)|^(?!error).*-form(-|$)|-modal-(title|label)"
    r"|points-rule-|rulebook-(rescore-day|ring-(hold|release|reverse))$"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_in_forms_and_descriptions(language: str) -> None:
    texts, long = Texts(language), []
    for name in FILES:
        for key, variables in messages(language, name).items():
            is_short = key.endswith(("-desc", "-hint"))
            limit = ui.FIELD_LABEL_MAX if LABEL.search(key) else 100 if is_short else None
            shown = texts(key, **{each: WIDEST.get(each, 3) for each in variables})
            if limit is not None and len(shown) > limit:
                long.append((key, len(shown)))
    for field in fields.FIELDS:
        hint = texts(f"error-points-{field.kind}", **values.bounds(field))
        if field.kind not in ("switch", "choice", "length") and len(hint) > ui.FIELD_HINT_MAX:
            long.append((f"hint of {field.name}", len(hint)))
    assert long == []


def test_a_title_inside_a_title_has_the_inner_marks() -> None:
    shown = Texts("zh-CN")("why-because-save", title="《统计学习方法》的代码实现")
    assert shown == "因为你收藏过《〈统计学习方法〉的代码实现》"


def test_every_text_is_used() -> None:
    sources = "\n".join(
        path.read_text("utf-8") for path in (Path(__file__).parent.parent / "bot").rglob("*.py")
    )
    sources += "\n".join(p.read_text("utf-8") for p in (LOCALES / "en").glob("*.ftl"))
    unused = [
        key
        for name in FILES
        for key in messages("en", name)
        if f'"{key}"' not in sources
        and f'"{key.removesuffix("-desc")}"' not in sources
        and not _is_built(key, sources)
    ]
    assert unused == []


def _is_built(key: str, sources: str) -> bool:
    """Return whether some f-string may build `key`: f"prefix-{...}" or f"prefix-{...}-suffix"."""
    for match in re.finditer(r'f"([a-z][a-z0-9-]*-)\{[^"]*\}((?:-[a-z0-9-]+)?)"', sources):
        if key.startswith(match[1]) and key.endswith(match[2]) and len(key) > len(match[1]):
            return True
    return False


def test_bold_ends_at_a_word_or_before_a_space() -> None:
    """Otherwise markdown as most programs read it shows the asterisks, the demo's page too."""
    ends = re.compile(r"\*\*[^*\n]*[：？！。，、；）”…]\*\*(?=[^\s*])")
    for language in LANGUAGES:
        assert [key for key, text in texts_of(language) if ends.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_one_line_are_read_as_fluent_reads_them(language: str) -> None:
    bundle, found = _bundle(language), _one_liners(language)
    assert len(found) > len(keys(language)) / 2
    for key, text in found.items():
        pattern = bundle.get_message(key).value
        assert pattern is not None and bundle.format_pattern(pattern, {}) == (text, []), key


def test_what_goes_on_in_another_line_or_is_filled_in_is_no_text_of_one_line() -> None:
    hard = (
        "a = one\n\nb = two  \nc = three\n  goes on\nd = four\n\n    goes on\n"
        'e = five\n    .attribute = x\nf = { $n } six\ng = {""}\nh =\n    seven\n# i = x\nj=nine\n'
        "-k = a term\nl = ten\n    { $n }\nm = last\n"
    )
    assert dict(_ONE_LINER.findall(hard)) == {"a": "one", "b": "two  ", "j": "nine", "m": "last"}
