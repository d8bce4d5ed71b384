"""How long reading a saved page takes in the reader's process.

``python -m benchmarks.pages FOLDER`` reads every ``*.html`` below a folder, say a clone of
mozilla/readability's ``test/test-pages``, beside the floor of the same run: lxml's bare parse.
"""

import asyncio
import statistics
import sys
from pathlib import Path
from time import perf_counter, process_time

from lxml import html

from bot.errors import UserError
from bot.pages.fetch import Answer
from bot.pages.metadata import read
from bot.pages.reader import BODY_MAX, Reader

URL = "https://example.org/a"


async def main(pages: list[bytes]) -> None:
    """Print the medians, in milliseconds."""
    reader, took, alone, floor = Reader(), [], [], []
    for body in pages[:1] + pages:
        answer = Answer(
            url="https://example.org/a",
            content_type="text/html",
            charset="",
            language="",
            body=body,
        )
        began = perf_counter()
        try:
            await reader.read(answer)
        except UserError:
            print("a page could not be read")
        took.append(1000 * (perf_counter() - began))
        began = process_time()
        read(body[:BODY_MAX], url=answer.url)
        alone.append(1000 * (process_time() - began))
        began = perf_counter()
        html.document_fromstring(body[:BODY_MAX])
        floor.append(1000 * (perf_counter() - began))
    await reader.close()
    took, alone, floor = took[1:], alone[1:], floor[1:]
    print(f"{len(pages)} pages, {statistics.mean(map(len, pages)) / 1000:.0f} kB on average")
    rows = (
        ("read in the child", took),
        ("its processor time", alone),
        ("lxml's bare parse", floor),
    )
    for name, values in rows:
        p95 = statistics.quantiles(values, n=20)[-1]
        print(f"{name:>18}: p50 {statistics.median(values):6.1f} ms, p95 {p95:6.1f} ms")


if __name__ == "__main__":
    asyncio.run(main([path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*.html"))]))
