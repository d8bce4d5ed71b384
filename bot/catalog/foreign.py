"""What other programs export, as rows of the catalogue's columns.

Bookmarks of browsers (and the HTML of Pocket and Instapaper), CSV of Pocket, Raindrop, Instapaper
and Zotero, BibTeX, and OPML. What such a file says too long or in too many words is cut, for nobody
wrote it for us; an address that is none is refused by its line, as in our own files.
"""

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from lxml import etree, html

from bot import dates, tables
from bot.catalog import rules
from bot.files import Unreadable

Cells = dict[str, str]
SUFFIXES: Final = (".html", ".htm", ".bib", ".opml", ".xml")
_ITEMS_MAX = 200_000
_KINDS: Final[Mapping[str, str]] = {
    "book": "ebook",
    "videorecording": "video",
    "film": "video",
    "tvbroadcast": "video",
    "presentation": "video",
    "computerprogram": "tool",
    "software": "tool",
    "forumpost": "thread",
    "booklet": "ebook",
    "encyclopediaarticle": "page",
    "inbook": "ebook",
}
_VIDEO_HOSTS = ("youtube.com/", "youtu.be/", "vimeo.com/", "bilibili.com/video")
_TOOL_HOSTS = ("github.com/", "gitlab.com/", "gitee.com/")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ACCENTS: Final = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "c": "\u0327",
    "v": "\u030c",
    "r": "\u030a",
    "=": "\u0304",
}


def is_foreign(path: Path, columns: frozenset[str] = frozenset()) -> bool:
    """Say whether a file is another program's: by its ending, or by a table's columns."""
    return path.suffix.lower() in SUFFIXES or _reader_of(columns) is not None


def rows(path: Path, content: bytes) -> Iterator[Cells]:
    """Yield what a file that is no table holds, in its order.

    Raises
    ------
    Unreadable
        Nothing of it can be read.
    """
    match path.suffix.lower():
        case ".bib":
            found = _bibliography(content.decode("utf-8-sig", "replace"))
        case ".opml" | ".xml":
            found = _outlines(content)
        case _:
            found = _bookmarks(content)
    for n, cells in enumerate(found):
        if n >= _ITEMS_MAX:
            return
        yield cells


def table_rows(content: bytes, columns: frozenset[str]) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of another program's table with their lines."""
    reader = _reader_of(columns)
    assert reader is not None
    form = tables.Form(tuple(columns), (("url",),))
    for row in tables.read(io.BytesIO(content), form).rows:
        if row.problem is None:
            yield row.line, reader(row.cells)


def columns_of(content: bytes) -> frozenset[str]:
    """Return the columns that a table's header names, none where there is no table."""
    try:
        return frozenset(tables.read(io.BytesIO(content), tables.Form(("url",))).columns)
    except Unreadable:
        return frozenset()


# ------------------------------------------------------------------------------- tables


def _reader_of(columns: frozenset[str]) -> Callable[[Mapping[str, str]], Cells] | None:
    if "kind" in columns or "url" not in columns:
        return None
    if "item_type" in columns:
        return _of_zotero
    if {"selection", "folder"} <= columns:
        return _of_instapaper
    if {"excerpt", "created"} <= columns:
        return _of_raindrop
    if "time_added" in columns:
        return _of_pocket
    return None


def _of_pocket(row: Mapping[str, str]) -> Cells:
    tags = row.get("tags", "").split("|")
    return _cells(row["url"], row.get("title", ""), tags=tags, moment=row["time_added"])


def _of_raindrop(row: Mapping[str, str]) -> Cells:
    tags = [*row.get("tags", "").split(","), *_folder(row.get("folder", ""))]
    summary = row.get("note", "") or row.get("excerpt", "")
    return _cells(
        row["url"], row.get("title", ""), tags=tags, summary=summary, moment=row["created"]
    )


def _of_instapaper(row: Mapping[str, str]) -> Cells:
    tags = [*row.get("tags", "").strip("[]").replace('"', "").split(","), *_folder(row["folder"])]
    return _cells(
        row["url"],
        row.get("title", ""),
        tags=tags,
        summary=row["selection"],
        moment=row.get("timestamp", ""),
    )


def _of_zotero(row: Mapping[str, str]) -> Cells:
    doi = row.get("doi", "").strip()
    tags = f"{row.get('manual_tags', '')};{row.get('automatic_tags', '')}".split(";")
    creator = " & ".join(_turned(name) for name in row.get("author", "").split(";") if name.strip())
    return _cells(
        row["url"] or (f"https://doi.org/{doi}" if doi else ""),
        row.get("title", ""),
        kind=_KINDS.get(row["item_type"].lower(), ""),
        tags=tags,
        summary=row.get("abstract_note", ""),
        creator=creator,
        language=row.get("language", ""),
        moment=row.get("date", "") or row.get("publication_year", ""),
    )


def _folder(name: str) -> list[str]:
    plain = name.strip().lower()
    return [] if plain in ("unsorted", "unread", "archive", "starred", "") else [name]


# --------------------------------------------------------------------------------- trees


def _bookmarks(content: bytes) -> Iterator[Cells]:
    """Yield the links of a bookmark file, each with the folders that it is in as tags."""
    parser = html.HTMLParser(encoding=None if b"charset" in content[:2_000] else "utf-8")
    try:
        tree = html.document_fromstring(content or b"<p>", parser=parser)
    except (etree.LxmlError, ValueError):
        raise Unreadable("error-catalog-foreign") from None
    folder, n_found = "", 0
    for one in tree.iter("h3", "h1", "a"):
        if one.tag != "a":
            folder = "" if one.get("personal_toolbar_folder") else one.text_content().strip()
            continue
        address = (one.get("href") or "").strip()
        if not address or address.startswith(("place:", "javascript:", "chrome:", "about:")):
            continue
        n_found += 1
        tags = [*(one.get("tags") or "").split(","), *_folder(folder)]
        moment = one.get("add_date") or one.get("time_added") or ""
        yield _cells(address, one.text_content(), tags=tags, moment=moment)
    if not n_found:
        raise Unreadable("error-catalog-foreign")


def _outlines(content: bytes) -> Iterator[Cells]:
    """Yield the links of an OPML file; ours say all columns, others an address and a title."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content.strip() or b"<opml/>", parser)
    except (etree.LxmlError, ValueError):
        raise Unreadable("error-catalog-foreign") from None
    n_found = 0
    for one in root.iter("outline") if root is not None else ():
        told = {key.lower(): value for key, value in one.attrib.items()}
        address = told.get("url") or told.get("htmlurl") or told.get("xmlurl") or ""
        if not address:
            continue
        n_found += 1
        if told.get("kind"):
            yield {name: told[name] for name in told if name not in ("type", "text")}
        else:
            tags = [each.rpartition("/")[2] for each in told.get("category", "").split(",")]
            yield _cells(address, told.get("title") or told.get("text") or "", tags=tags)
    if not n_found:
        raise Unreadable("error-catalog-foreign")


# ------------------------------------------------------------------------------- BibTeX


def _bibliography(text: str) -> Iterator[Cells]:
    n_found = 0
    for kind, fields in _entries(text):
        arxiv = fields.get("eprint", "") if "arxiv" in fields.get("archiveprefix", "arxiv") else ""
        doi = fields.get("doi", "").removeprefix("https://doi.org/")
        address = fields.get("url") or (f"https://doi.org/{doi}" if doi else "")
        address = address or (f"https://arxiv.org/abs/{arxiv}" if arxiv else "")
        n_found += 1
        names = fields.get("author", "").replace("\n", " ").split(" and ")
        yield _cells(
            address,
            fields.get("title", ""),
            kind=_KINDS.get(kind, ""),
            tags=fields.get("keywords", "").replace(";", ",").split(","),
            summary=fields.get("abstract", ""),
            creator=" & ".join(_turned(name) for name in names if name.strip()),
            language=fields.get("language", "") or fields.get("langid", ""),
            moment=fields.get("date", "") or _month(fields),
        )
    if not n_found:
        raise Unreadable("error-catalog-foreign")


def _entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each entry's kind and fields; what is not closed ends with the text."""
    at = text.find("@")
    while at >= 0:
        begin = text.find("{", at)
        if begin < 0:
            return
        kind = text[at + 1 : begin].strip().lower()
        end = _closing(text, begin)
        if kind.isalpha() and kind not in ("comment", "string", "preamble"):
            yield kind, _fields(text[begin + 1 : end])
        at = text.find("@", max(end, begin + 1))


def _closing(text: str, begin: int) -> int:
    """Return the place of the brace that closes one; the text's end where none does."""
    depth, at = 0, begin
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            at += 1
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(text)


def _fields(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = inside.find(",") + 1
    while 0 < at < len(inside):
        equals = inside.find("=", at)
        if equals < 0:
            break
        name = inside[at:equals].strip(" \n\t\r,").lower()
        at = equals + 1
        while at < len(inside) and inside[at].isspace():
            at += 1
        opened = inside[at : at + 1]
        if opened == "{":
            end = _closing(inside, at)
            value = inside[at + 1 : end]
        elif opened == '"':
            end = inside.find('"', at + 1)
            end = len(inside) if end < 0 else end
            value = inside[at + 1 : end]
        else:
            end = inside.find(",", at)
            end = len(inside) if end < 0 else end
            value = inside[at:end]
        found.setdefault(name, _letters(value))
        at = inside.find(",", end) + 1
    return found


def _letters(value: str) -> str:
    """Return TeX's letters as letters, without its braces."""
    kept, at, accent = [], 0, ""
    while at < len(value):
        letter, following = value[at], value[at + 1 : at + 2]
        if letter == "\\" and following:
            is_accent = following in _ACCENTS and not (
                following.isalpha() and value[at + 2 : at + 3].isalpha()
            )
            accent = _ACCENTS[following] if is_accent else ""
            if not is_accent and not following.isalpha():
                kept.append(following)
            at += 2
            continue
        if letter not in "{}":
            kept.append(letter + (accent if letter.isalpha() else ""))
            accent = "" if letter.isalpha() else accent
        at += 1
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _month(fields: Mapping[str, str]) -> str:
    year, month = fields.get("year", ""), fields.get("month", "")[:3].lower()
    if not (year.isdecimal() and len(year) == 4):
        return ""
    number = _MONTHS.index(month) + 1 if month in _MONTHS else 1
    return f"{year}-{number:02}-01"


# ------------------------------------------------------------------------------- common


def _cells(
    url: str,
    title: str,
    *,
    kind: str = "",
    tags: list[str] | None = None,
    summary: str = "",
    creator: str = "",
    language: str = "",
    moment: str = "",
) -> Cells:
    """Return an entry as the catalogue's cells, cut to what it takes."""
    address, name = url.strip(), " ".join(title.split())
    code = language.strip()[:2].lower()
    found = {
        "kind": kind or _kind_of(address),
        "title": (name or address)[: rules.TITLE_MAX],
        "url": address,
        "summary": " ".join(summary.split())[: rules.SUMMARY_MAX],
        "tags": ";".join(_tags(tags or [])),
        "creator": " ".join(creator.split())[: rules.CREATOR_MAX],
        "language": code if len(code) == 2 and code.isascii() and code.isalpha() else "",
        "published": _moment(moment),
    }
    return {key: cell for key, cell in found.items() if cell or key in ("title", "url")}


def _kind_of(url: str) -> str:
    if any(host in url for host in _VIDEO_HOSTS):
        return "video"
    return "tool" if any(host in url for host in _TOOL_HOSTS) else "article"


def _tags(written: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for each in written:
        for part in each.replace("，", ",").replace("、", ",").replace(";", ",").split(","):
            tag = " ".join(part.split())
            if 0 < len(tag) <= rules.TAG_MAX:
                found[tag.lower()] = None
    return list(found)[: rules.TAGS_MAX]


def _moment(text: str) -> str:
    """Return a day as ISO, from one or from seconds since 1970 (browsers write microseconds)."""
    plain = text.strip()
    if plain.isascii() and plain.isdecimal():
        number = int(plain[:19])
        if len(plain) == 4:
            return f"{plain}-01-01" if "1000" < plain < "2101" else ""
        seconds = number / 1e6 if number > 10**14 else number / 1e3 if number > 10**11 else number
        try:
            return dates.utc(seconds).date().isoformat()
        except (OverflowError, ValueError, OSError):
            return ""
    try:
        return datetime.fromisoformat(plain).date().isoformat()
    except ValueError:
        return ""


def _turned(name: str) -> str:
    """Return "Lovelace, Ada" as "Ada Lovelace"."""
    last, comma, first = name.strip().partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else last
