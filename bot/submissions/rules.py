"""What is made of a page's words, when a submission is complete, and who is trusted. Pure."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from bot import dates
from bot.legible import is_blank
from storage.records import Review, Submission

WAITING_MAX: Final = 10
"""Submissions of one member that may wait at once."""
TRUSTED_PER_DAY: Final = 3
"""Of who is trusted, so many a day are published at once; the others wait like everybody's."""
SAMPLED_SHARE: Final = 0.25
"""So many of these are shown to moderators all the same."""
REVIEWERS_OF_PAID: Final = 2
OUTCOMES_SEEN: Final = 20
"""Decisions that trust looks back on."""
UNDO_S: Final = 60.0
"""For so long after a decision its submitter is not told, for it may have been a slip."""
DRAFT_LIFE_S: Final = dates.DAY_S
SCORES: Final = ("is_correct", "is_clear", "is_current", "is_worth")
SCORE_MAX: Final = 5
SENTENCE_MAX: Final = 300
REASON_MAX: Final = 300
NEEDED: Final = ("title", "kind")
_ALIKE = 0.86
_IN_ROW = 5
_TRUST = 0.75
_PRIOR = (1, 3)
_LINK = re.compile(r"https?://[^\s<>\x00-\x1f\"'）)\]】」』》，。；、！？|]+", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\s*([0-9][0-9.,]*)\s*([A-Za-z]{3})?\s*|\s*([A-Za-z]{3})\s*([0-9][0-9.,]*)\s*"
)


def links_in(text: str, limit: int = 5) -> list[str]:
    """Return the first web addresses in a text, each once."""
    found = (match.rstrip(".,;:!?*_~`") for match in _LINK.findall(text[:8_000]))
    return list(dict.fromkeys(found))[:limit]


def price_fields(text: str) -> dict[str, str]:
    """Return price and currency of "49.90 USD", "CNY 129" or "0"; "" for neither.

    What is neither is handed on as it is, so that it is refused by name.
    """
    if is_blank(text):
        return {}
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return {"price": text.strip()}
    amount, currency = (match[1], match[2]) if match[1] else (match[4], match[3])
    found = {"price": amount.replace(",", "")}
    return found | ({"currency": currency.upper()} if currency else {})


def price_text(fields: Mapping[str, str]) -> str:
    """Return what `price_fields` reads."""
    return " ".join(filter(None, (fields.get("price", ""), fields.get("currency", ""))))


def without_blank(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that say something."""
    return {name: text for name, text in fields.items() if not is_blank(text)}


def lacking(fields: Mapping[str, str]) -> list[str]:
    """Return the fields that a submission needs and has not."""
    return [name for name in NEEDED if not fields.get(name)]


def is_paid(fields: Mapping[str, str]) -> bool:
    """Say whether it costs something."""
    return any(digit in fields.get("price", "") for digit in "123456789")


def n_reviewers(found: Sequence[Review], submission: Submission) -> int:
    """Return how many have reviewed it who did not propose it."""
    return len({r.user_id for r in found if r.reviewed_at and r.user_id != submission.user_id})


def mean_score(review: Review) -> float | None:
    """Return the mean of a review's answers, None where it is not done."""
    given = [value for name in SCORES if (value := getattr(review, name)) is not None]
    return sum(given) / len(given) if given else None


def is_trusted(outcomes: Sequence[bool]) -> bool:
    """Say whether a member's submissions are published at once.

    Parameters
    ----------
    outcomes
        Whether what moderators decided on was published, the latest first.

    Notes
    -----
    The share that was, shrunk by one good of three invented ones, is at least three quarters, and
    the last five were: a rejection ends trust until five more were approved.
    """
    good, all_ = _PRIOR
    shrunk = (sum(outcomes) + good) / (len(outcomes) + all_)
    return len(outcomes) >= _IN_ROW and all(outcomes[:_IN_ROW]) and shrunk >= _TRUST


def is_trusted_source(is_always: bool, fields: Mapping[str, str], outcomes: Sequence[bool]) -> bool:
    """Say whether what came from a source by itself is published at once; paid things never are.

    ``is_always`` is what moderators said of the source; else it is as of a member.
    """
    return not is_paid(fields) and (is_always or is_trusted(outcomes))


def is_alike(one: str, other: str) -> bool:
    """Say whether two titles may be one thing's: an edition, or the same under another address."""
    short, long = sorted((_letters(one), _letters(other)), key=len)
    if not short:
        return False
    if len(short) >= 12 and long.startswith(short):
        return True
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= _ALIKE


def _letters(title: str) -> str:
    return "".join(c for c in title.casefold() if c.isalnum())[:120]
