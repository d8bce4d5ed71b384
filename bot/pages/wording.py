"""What is made of a page's words: clean titles, two-letter languages, dates, minutes, levels."""

import html as entities
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from lxml import html

from bot.legible import is_blank

TITLE_MAX: Final = 200
SUMMARY_MAX: Final = 500
AUTHOR_MAX: Final = 100
_WORDS_PER_MINUTE = 220
_HAN_PER_MINUTE = 400
_READ_MAX = 60_000
_SEPARATORS = (
    *(" | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", " // ", " / "),
    *("｜", "_", "|"),
)
_BY = re.compile(r"^(?:by|von|par|por|作者|文|撰文)\s*[:：]?\s+|^(?:作者|文|撰文)[:：/]\s*", re.I)
_PERIOD = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?", re.I
)
_MINUTES = re.compile(r"(\d{1,4})\s*(?:-\s*)?(?:min|分钟|分鐘)", re.I)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PACKED_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T|(?!\d))")
_HAN_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.I)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(\d{{4}})", re.I)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LEVELS: Final = {
    "beginner": tuple("beginner intro basic elementary 初级 初級 入门 入門 零基础".split()),
    "advanced": tuple("advanced expert 高级 高級 进阶 進階".split()),
    "intermediate": tuple("intermediate 中级 中級".split()),
}
_COMMON: Final = {
    "en": frozenset("the of and to in is that it for with this on are be as you".split()),
    "de": frozenset("der die und das ist nicht mit ein eine auf den zu von sich dem".split()),
    "fr": frozenset("le les des et est une dans pour que qui sur pas du au avec".split()),
    "es": frozenset("el los las que una por con para es del se como más pero su".split()),
    "pt": frozenset("os que uma para com não do da em mais dos como por se ao".split()),
    "it": frozenset("il di che per una con non sono del della le gli anche nel è".split()),
    "nl": frozenset("het een van is dat niet op te zijn voor met aan door ook en".split()),
}
"""Words that no text of a language does without."""
_MANY = 0.08


def clean(written: str, limit: int) -> str:
    """Return one line without markup, without signs that turn it round or cannot be seen."""
    text = entities.unescape(_without_tags(written))
    seen = (c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in seen).split())
    if is_blank(line):
        return ""
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _without_tags(written: str) -> str:
    if "<" not in written:
        return written
    try:
        part = html.fragment_fromstring(written[:20_000], create_parent=True)
    except Exception:  # lxml raises what libxml2 does
        return written
    inner = [each for each in part.iter() if each is not part and isinstance(each.tag, str)]
    if any(each.tag not in html.defs.tags for each in inner):
        return written  # "Box<T> and friends"
    for each in part.xpath(".//script|.//style"):
        each.drop_tree()
    return str(part.text_content())


def title_of(title: str, site_names: Sequence[str]) -> str:
    """Return a title without the name of its site, before it or behind it."""
    names = {letters(name) for name in site_names if letters(name)}
    for _ in range(2):
        for separator in _SEPARATORS:
            front, found, last = title.rpartition(separator)
            if found and letters(last) in names and front.strip():
                title = front.strip()
                break
            first, found, rest = title.partition(separator)
            if found and letters(first) in names and rest.strip():
                title = rest.strip()
                break
        else:
            return title
    return title


def letters(text: str) -> str:
    """Return what of a text distinguishes it from another: letters and digits, small ones."""
    return "".join(c for c in text.lower() if c.isalnum())


def author_of(written: str) -> str:
    """Return who wrote something, without "by"; "" for addresses and handles."""
    line = clean(written, AUTHOR_MAX)
    line = _BY.sub("", line).strip(" ,;")
    is_address = "://" in line or line.startswith(("@", "www.", "/")) or "@" in line
    return "" if is_address else line


def language_of(tag: str) -> str:
    """Return the two letters of a language tag, "" for none."""
    code = tag.strip().replace("_", "-").partition("-")[0].lower()
    known = {"cmn": "zh", "zho": "zh", "chi": "zh", "eng": "en", "jpn": "ja", "cn": "zh"}
    code = known.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def spoken(text: str) -> str:
    """Return the language that a text is plainly written in, "" where that is not plain."""
    seen = text[:_READ_MAX:5]
    n_letters = sum(map(str.isalpha, seen))
    if n_letters < 20:
        return ""
    share = {name: len(found.findall(seen)) / n_letters for name, found in _SCRIPTS.items()}
    if share["ja"] > 0.05:
        return "ja"
    for name in ("zh", "ko", "ru", "ar"):
        if share[name] > 0.4:
            return name
    if share["zh"] > 0.15:
        return "zh"
    words = text[: _READ_MAX // 3].lower().split()
    counts = {name: sum(map(common.__contains__, words)) for name, common in _COMMON.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if len(words) >= 20 and counts[best] / len(words) > _MANY else ""


_SCRIPTS: Final = {
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
}
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][^\s\u3040-\u9fff]*")
_HAN = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")


def minutes_to_read(text: str) -> int | None:
    """Return how long a text takes to read, None for what is hardly a text."""
    n_han, n_words = len(_HAN.findall(text)), len(_WORD.findall(text))
    minutes = n_han / _HAN_PER_MINUTE + n_words / _WORDS_PER_MINUTE
    return max(1, round(minutes)) if minutes >= 0.5 else None


def minutes_of(written: str) -> int | None:
    """Return the minutes of ``PT1H30M``, "8 min read", "约 5 分钟" or a number of seconds."""
    text = written.strip()
    if text.isdecimal() and len(text) <= 7:
        return max(1, round(int(text) / 60)) if int(text) else None
    match = _PERIOD.fullmatch(text)
    if match and any(match.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return max(1, round(days * 24 * 60 + hours * 60 + minutes + seconds / 60))
    said = _MINUTES.search(text)
    return int(said[1]) or None if said else None


def day_of(written: str) -> str:
    """Return the first day that a text names, as an ISO date; "" for none."""
    text = written[:200]
    for pattern in (_ISO_DATE, _HAN_DATE, _PACKED_DATE):
        match = pattern.search(text)
        if match:
            return _day(int(match[1]), int(match[2]), int(match[3]))
    match = _MONTH_FIRST.search(text)
    if match:
        return _day(int(match[3]), _MONTHS.index(match[1].lower()) + 1, int(match[2]))
    match = _DAY_FIRST.search(text)
    if match:
        return _day(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    return ""


def _day(year: int, month: int, day: int) -> str:
    try:
        found = date(year, month, day)
    except ValueError:
        return ""
    return found.isoformat() if 1980 <= year <= 2100 else ""


def level_of(written: str) -> str:
    """Return the level that words such as "Beginner level" name, "" for another or several."""
    low = written.lower()
    found = [level for level, words in _LEVELS.items() if any(word in low for word in words)]
    return found[0] if len(found) == 1 else ""
