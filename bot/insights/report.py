"""The report: one HTML file that needs nothing else, charts as inline SVG, and its table as CSV.

Pure: figures in, text out. Every chart stands beside the table that says the same.
"""

import csv
import io
from html import escape
from typing import Any

from bot import dates
from bot.i18n import Texts
from bot.insights import views

Figures = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; --ink: #23262f; --soft: #5c6270; --paper: #fff; --line: #5865f2;
  --track: #e3e5ee }
@media (prefers-color-scheme: dark) { :root { --ink: #eef0f6; --soft: #a9afbd; --paper: #17181d;
  --track: #34373f } }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
p, figcaption { color: var(--soft) } figure { margin: 1rem 0 }
svg { width: 100%; max-width: 32rem; height: auto; display: block }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; padding: .25rem; border-bottom: 1px solid var(--track);
  overflow-wrap: anywhere }
td + td, th + th { overflow-wrap: normal; white-space: nowrap }
th:last-child { white-space: normal }
@media (max-width: 30rem) { table { font-size: .8rem } }
td + td, th + th { text-align: right }
@media print { body { max-width: none } h2, figure { break-inside: avoid } }
"""
_WIDTH, _ROW = 360, 42
"""As wide as a phone, so that letters there are as large as those around; a name above its bar."""


def html(found: Figures, since: float, until: float, texts: Texts) -> str:
    """Return the whole report as a page."""
    span = texts("insights-report-span", since=_day(since), until=_day(until))
    body = [f"<h1>{escape(texts('insights-report-title'))}</h1>", f"<p>{escape(span)}</p>"]
    rows = rates(found, texts)
    if not rows:
        days = max(1, round((until - since) / dates.DAY_S))
        body.append(f"<p>{escape(texts('insights-none', days=days))}</p>")
    else:
        body += [_bars(rows), _table(rows, texts)]
        if found["weeks"]:
            body.append(f"<h2>{escape(texts('insights-report-weeks'))}</h2>")
            weeks = [(_day(each["at"]), each["open"]) for each in found["weeks"]]
            body += [_lines(weeks)] if len(weeks) > 1 else []
            body.append(_table(weeks, texts))
        for line in views.words(found, texts):
            body.append(f"<p>{escape(line.replace('**', '').replace('`', ''))}</p>")
        body.append(f"<p>{escape(texts('insights-how'))}</p>")
    title = escape(texts("insights-report-title"))
    return (
        f'<!doctype html>\n<html lang="{texts.language}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def rates(found: Figures, texts: Texts) -> list[tuple[str, Figures]]:
    """Return every rate with its name, those of too few members left out."""
    if not found.get("reach"):
        return []
    rows = [(texts("insights-group-reach"), found["reach"])]
    for name, each in found["surfaces"].items():
        for kind in views.RATES:
            if each[kind]:
                what = texts(f"insights-group-{kind}")
                rows.append((f"{texts(f'insights-surface-{name}')} · {what}", each[kind]))
    held = found["holdout"]
    if held and held.get("rate_held"):
        rows.append((texts("insights-others"), held["rate_others"]))
        rows.append((texts("insights-held"), held["rate_held"]))
    return rows


def table(found: Figures, texts: Texts) -> str:
    """Return the rates as CSV that a spreadsheet may open: no cell begins a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["figure", "members", "shown", "taken", "rate", "low", "high"])
    for name, rate in rates(found, texts):
        figures = (rate["value"], rate["low"], rate["high"])
        numbers = [f"{each:.6f}" for each in figures]
        writer.writerow([_safe(name), rate["n_members"], rate["n_shown"], rate["n_hits"], *numbers])
    return file.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _day(at: float) -> str:
    return dates.utc(at).date().isoformat()


def _table(rows: list[tuple[str, Figures]], texts: Texts) -> str:
    names = ("figure", "members", "value", "interval")
    head = "".join(f"<th>{escape(texts(f'insights-report-{name}'))}</th>" for name in names)
    cells = (
        f"<tr><td>{escape(name)}</td><td>{rate['n_members']:,}</td><td>{rate['value']:.1%}</td>"
        f"<td>{rate['low']:.1%}–{rate['high']:.1%}</td></tr>"
        for name, rate in rows
    )
    return f"<table><tr>{head}</tr>{''.join(cells)}</table>"


def _bars(rows: list[tuple[str, Figures]]) -> str:
    """Return the rates as bars with their intervals."""
    most = max(0.01, *(rate["high"] for _, rate in rows))
    parts, width = [], _WIDTH - 4
    for n, (name, rate) in enumerate(rows):
        y = n * _ROW + 20
        low, high, end = (2 + rate[key] / most * width for key in ("low", "high", "value"))
        parts.append(
            f'<text x="0" y="{y - 5}" font-size="13" fill="currentColor">{escape(name)}</text>'
            f'<text x="{_WIDTH}" y="{y - 5}" font-size="13" text-anchor="end" '
            f'fill="currentColor">{rate["value"]:.1%}</text>'
            f'<rect x="2" y="{y + 3}" width="{width}" height="10" rx="5" fill="var(--track)"/>'
            f'<rect x="2" y="{y + 3}" width="{end - 2:.1f}" height="10" rx="5" '
            'fill="var(--line)"/>'
            f'<path d="M{low:.1f} {y + 8}H{high:.1f}M{low:.1f} {y + 3}v10M{high:.1f} {y + 3}v10" '
            'stroke="currentColor" fill="none"/>'
        )
    return _figure("".join(parts), len(rows) * _ROW + 10)


def _lines(weeks: list[tuple[str, Figures]]) -> str:
    """Return a rate by week as a line within its interval."""
    height, most = 180, max(0.01, *(rate["high"] for _, rate in weeks))
    step = (_WIDTH - 60) / max(len(weeks) - 1, 1)

    def points(key: str) -> list[str]:
        return [
            f"{40 + n * step:.1f},{10 + (1 - rate[key] / most) * height:.1f}"
            for n, (_, rate) in enumerate(weeks)
        ]

    band = " ".join([*points("high"), *reversed(points("low"))])
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="3" fill="var(--line)"/>'
        for x, y in (each.split(",") for each in points("value"))
    )
    ends = "".join(
        f'<text x="{40 + n * step:.1f}" y="{height + 30}" font-size="12" text-anchor="middle" '
        f'fill="currentColor">{weeks[n][0][5:]}</text>'
        for n in sorted({0, len(weeks) - 1})
    )
    return _figure(
        f'<polygon points="{band}" fill="var(--line)" opacity=".2"/>'
        f'<polyline points="{" ".join(points("value"))}" stroke="var(--line)" fill="none" '
        f'stroke-width="2"/>{marks}{ends}'
        f'<text x="0" y="16" font-size="12" fill="currentColor">{most:.0%}</text>'
        f'<text x="0" y="{height + 12}" font-size="12" fill="currentColor">0</text>',
        height + 40,
    )


def _figure(inside: str, height: int) -> str:
    return f'<figure><svg viewBox="0 0 {_WIDTH} {height}" role="img">{inside}</svg></figure>'
