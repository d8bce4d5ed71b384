"""Write the inventory into docs/privacy.md: `python -m tests.inventory`."""

import re
from collections.abc import Iterator
from pathlib import Path

from storage.inventory import Row, rows

PAGE = Path(__file__).parent.parent / "docs" / "privacy.md"
BLOCK = re.compile(r"(<!-- inventory -->\n)(.*?)(<!-- end of inventory -->)", re.DOTALL)


def markdown() -> str:
    """Return the inventory as a table of docs/privacy.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| table | why it is kept | of members | erasing | kept |"
    yield "|---|---|---|---|---|"
    for row in rows():
        members = ", ".join(f"`{name}`" for name in row.members) or "–"
        erasing = ", ".join(sorted({_ERASING[action] for action in row.members.values()})) or "–"
        yield f"| `{row.table}` | {row.why} | {members} | {erasing} | {_how_long(row)} |"


_ERASING = {"delete": "deletes the row", "anonymise": "takes the id out"}


def _how_long(row: Row) -> str:
    if row.days is not None:
        return f"{row.days} days"
    if row.members:
        return "until erased, or the server is purged"
    return "until the server is purged" if row.is_of_a_guild else "with the database"


def main() -> None:
    """Put the schema's inventory between the marks."""
    text = PAGE.read_text("utf-8")
    made = BLOCK.sub(lambda found: found[1] + markdown() + found[3], text)
    PAGE.write_text(made, "utf-8")


if __name__ == "__main__":
    main()
