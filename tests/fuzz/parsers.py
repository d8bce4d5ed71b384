"""Every parser that takes strangers' bytes, what it may answer them with, and who is left out.

`corpus/<name>/` holds what each begins with: one file a kind, and whatever broke it once.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml.etree import LxmlError

from bot import files, tables
from bot.activity import interactions
from bot.catalog import foreign
from bot.errors import UserError
from bot.pages import charsets, feeds, metadata, robots
from bot.points import counted, importer
from bot.points.claims import BadRecord, Format
from bot.points.claims import Unreadable as NoExport
from bot.purchases import afdian, lemonsqueezy, patreon, references, standard, stripe
from bot.purchases.sources import Message, RefusedError, parsed
from bot.recommend import arrays
from bot.rulebook import values
from bot.search import asking

CORPUS = Path(__file__).with_name("corpus")
URL, SECRET, NOW = "https://example.org/a/b?c=d", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1.7e9


@dataclass(frozen=True, slots=True)
class Parser:
    """One parser: how it is given bytes, and by which errors it refuses them."""

    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()


def _table(data: bytes) -> object:
    form = tables.Form(("kind", "title", "url"), (("url",),))
    return list(tables.read(io.BytesIO(data), form).rows)


def _foreign(suffix: str) -> Callable[[bytes], object]:
    return lambda data: list(foreign.rows(Path(f"brought{suffix}"), data))


def _foreign_table(data: bytes) -> object:
    columns = foreign.columns_of(data)
    if foreign.is_foreign(Path("brought.csv"), columns):
        return list(foreign.table_rows(data, columns))
    return columns


def _export(form: Format) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        reading = importer.Reading()
        importer.read_export(reading, Path("export"), data, form, 7)
        return reading.claims

    return read


def _interactions(data: bytes) -> object:
    table = tables.read(io.BytesIO(data), interactions._FORMS["generic"])
    parser = interactions._Parser("past.csv", "generic", NOW, table.columns)
    return [parser.row(row) for row in table.rows]


def _webhook(
    prove: Callable[[Message, str], None], read: Callable[..., object], header: str
) -> Callable[[bytes], object]:
    """Take the same bytes for a signature, and for a body whose signature was right."""

    def take(data: bytes) -> object:
        try:
            text = data.decode("latin-1")
            headers = {header: text, "webhook-id": text, "webhook-timestamp": str(int(NOW))}
            prove(Message(headers, data, NOW), SECRET)
        except RefusedError:
            pass
        else:
            raise AssertionError("a signature that nobody made is believed")
        return read(
            Message({"webhook-id": "1", "x-patreon-event": "members:pledge:create"}, data, NOW),
            parsed(data),
        )

    return take


_SHOPS = (RefusedError,)
PARSERS: dict[str, Parser] = {
    "files.text_of": Parser(files.text_of, (UserError,)),
    "files.encoding_of": Parser(files.encoding_of),
    "files.documents": Parser(files.documents, (UserError, RecursionError)),
    "tables.read": Parser(_table, (files.Unreadable,)),
    "catalog.foreign.rows": Parser(_foreign(".html"), (UserError,)),
    "catalog.foreign.rows.bib": Parser(_foreign(".bib"), (UserError,)),
    "catalog.foreign.rows.opml": Parser(_foreign(".opml"), (UserError,)),
    "catalog.foreign.table_rows": Parser(_foreign_table, (UserError,)),
    "pages.charsets.decoded": Parser(charsets.decoded),
    "pages.metadata.read": Parser(lambda data: metadata.read(data, url=URL), (LxmlError,)),
    "pages.metadata.read.oembed": Parser(
        lambda data: metadata.read(data, url=URL, content_type="application/json"), (ValueError,)
    ),
    "pages.feeds.read": Parser(lambda data: feeds.read(data, url=URL), (LxmlError, ValueError)),
    "pages.robots.may_fetch": Parser(
        lambda data: robots.may_fetch(data.decode("utf-8", "replace"), "Lyceum", "/a/b")
    ),
    "points.importer.read_export.mee6": Parser(_export("mee6")),
    "points.importer.read_export.polaris": Parser(_export("polaris")),
    "points.importer.read_export.levelup": Parser(_export("levelup")),
    "points.importer.read_export.reputationbot": Parser(_export("reputationbot")),
    "points.counted.table": Parser(
        lambda data: counted.table(data, "csv"), (UserError, NoExport, BadRecord)
    ),
    "activity.interactions": Parser(_interactions, (files.Unreadable,)),
    "purchases.sources.parsed": Parser(parsed, _SHOPS),
    "purchases.stripe.read": Parser(
        _webhook(stripe.prove, stripe.read, "stripe-signature"), _SHOPS
    ),
    "purchases.standard.read": Parser(
        _webhook(standard.prove, standard.read, "webhook-signature"), _SHOPS
    ),
    "purchases.patreon.read": Parser(
        _webhook(patreon.prove, patreon.read, "x-patreon-signature"), _SHOPS
    ),
    "purchases.lemonsqueezy.read": Parser(
        _webhook(lemonsqueezy.prove, lemonsqueezy.read, "x-signature"), _SHOPS
    ),
    "purchases.afdian.read": Parser(
        lambda data: afdian.read(Message({}, data, NOW), parsed(data)), _SHOPS
    ),
    "purchases.afdian.answered": Parser(
        lambda data: afdian.answered(json.loads(data), "1", NOW), (ValueError, *_SHOPS)
    ),
    "purchases.references.referred": Parser(
        lambda data: references.referred(b"key", data.decode("utf-8", "replace"))
    ),
    "recommend.arrays.unpack": Parser(arrays.unpack, (ValueError,)),
    "rulebook.values.read": Parser(values.read, (UserError,)),
    "search.asking.concepts": Parser(
        lambda data: asking.concepts(data.decode("utf-8", "replace"), {})
    ),
}
ELSEWHERE = {
    "catalog.foreign.columns_of": "in catalog.foreign.table_rows",
    "pages.fetch.take": "counts bytes, and reads nothing of them",
    "pages.service.parsed": "hands on to pages.feeds.read",
    "points.importer.read_export": "by each of its formats",
    "purchases.afdian.prove": "with a public key: tests/purchases/test_hooks.py",
    "purchases.hearing.hear": "hands on to the shops",
    "purchases.lemonsqueezy.prove": "in purchases.lemonsqueezy.read",
    "purchases.patreon.prove": "in purchases.patreon.read",
    "purchases.references.address_hash": "the bytes are our key",
    "purchases.references.reference": "the bytes are our key",
    "purchases.sources.is_signed": "in each shop's own",
    "purchases.standard.prove": "in purchases.standard.read",
    "purchases.stripe.prove": "in purchases.stripe.read",
    "rulebook.drafts.bring": "hands on to rulebook.values.read",
    "sources.service.bring": "hands on to pages.feeds.read",
    "web.data_received": "aiohttp's own",
}
"""What takes bytes as well, and why it needs no row of its own."""
