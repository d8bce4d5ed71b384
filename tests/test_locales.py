"""The languages have the same texts with the same variables, and every text renders."""

import re
from pathlib import Path

import pytest
from fluent.runtime import FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from bot.i18n import LANGUAGES, LOCALES, Texts

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


def test_chinese_has_no_english_punctuation_after_chinese_words() -> None:
    for path in (LOCALES / "zh-CN").glob("*.ftl"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not re.search(r"[\u4e00-\u9fff][,;!?]", line), f"{path.name}:{number}: {line}"


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
        if f'"{key}"' not in sources and not _is_built(key, sources)
    ]
    assert unused == []


def _is_built(key: str, sources: str) -> bool:
    """Return whether some f-string may build `key`: f"prefix-{...}" or f"prefix-{...}-suffix"."""
    for match in re.finditer(r'f"([a-z][a-z0-9-]*-)\{[^"]*\}((?:-[a-z0-9-]+)?)"', sources):
        if key.startswith(match[1]) and key.endswith(match[2]) and len(key) > len(match[1]):
            return True
    return False
