"""What is an id, what was one before a spreadsheet saved it, and what only looks like a number."""

import random
from decimal import Decimal
from typing import Any

import pytest

from bot import ids
from bot.errors import UserError

ID = 123456789012345678


@pytest.mark.parametrize(
    "written",
    [ID, str(ID), f" {ID}\n", f"<@{ID}>", f"<@!{ID}>", f"'{ID}", f'="{ID}"'],
)
def test_an_id_is_understood_however_it_was_kept_as_text(written: Any) -> None:
    assert ids.discord_id(written) == ID


@pytest.mark.parametrize(
    "written",
    ["1.23457E+17", "1,23457e+17", "1E17", Decimal("1.2e17"), 1.2e17, f"{ID}.0", f"{ID},00"],
)
def test_a_rounded_id_is_said_to_be_rounded(written: Any) -> None:
    with pytest.raises(UserError) as refused:
        ids.discord_id(written)
    assert refused.value.key == "error-id-rounded"


NO_ID: list[Any] = ["", "ada", "42", "-1", 2**63, "9" * 20, "9" * 1_000_000, True, None, [ID]]
NO_ID += [f"{ID}{ID}", "0" * 18, f"<@&{ID}>", f"1_{ID}"]
NO_ID += ["１２３４５６７８９０１２３４５６７８", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨"]


@pytest.mark.parametrize("written", NO_ID)
def test_what_is_no_id_is_refused(written: Any) -> None:
    with pytest.raises(UserError) as refused:
        ids.discord_id(written)
    assert refused.value.key == "error-id"
    assert len(str(refused.value.params["value"])) <= 40


def as_javascript_shows(number: int) -> int:
    """Return a number as it is shown after it was a double: 17 digits, then zeros."""
    digits = repr(float(number)).split("e")[0].replace(".", "")
    return int(digits.ljust(len(str(number)), "0"))


def test_ids_that_end_in_zeros_are_told_from_chance() -> None:
    assert ids.rounded_together([123456789012345000]) == {123456789012345000}
    assert ids.rounded_together([123456789012345680]) == set()  # one in ten ends in a zero
    shown = {as_javascript_shows(ID + 10_000_019 * n) for n in range(5)}
    assert 123456789012345680 in shown
    assert ids.rounded_together(shown) == shown
    assert ids.rounded_together({*shown, *(ID + 10_000_019 * n for n in range(1, 5))}) == set()


def test_honest_ids_are_not_taken_for_rounded_ones() -> None:
    rng = random.Random(1)
    for n in (10, 100, 10_000):
        honest = {rng.randrange(4 * 10**16, 2 * 10**18) for _ in range(n)}
        assert ids.rounded_together(honest) == set()


@pytest.mark.parametrize("text", ["0", "9223372036854775807", "007"])
def test_a_whole_number_is_read(text: str) -> None:
    assert ids.whole(text) == int(text)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1.0", "²", "١", "9223372036854775808", "1_0"]
)
def test_anything_else_is_no_whole_number(text: str) -> None:
    assert ids.whole(text) is None


@pytest.mark.parametrize(
    "text", ["12", "-5", "1.5", "1,234", "1e5", "١٢", "１２", "1’234", "12 345"]
)
def test_what_reads_as_a_number_is_nobodys_name(text: str) -> None:
    assert ids.is_number(text)


@pytest.mark.parametrize(
    "text", ["ada", "4da", "r2d2", "e5", "NaN", "inf", "五", "0x1f", "-", "1-2"]
)
def test_a_name_may_hold_digits(text: str) -> None:
    assert not ids.is_number(text)
