"""What moderators type or attach: fields by their names, values, whole rules as TOML."""

import codecs
import re
import tomllib
from collections.abc import Mapping

from bot.errors import UserError
from bot.rewards import fields, formats, kinds
from bot.rewards.fields import Field, RuleError, UnknownFieldError
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rules

_PLACE = re.compile(r"at line (\d+), column (\d+)")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""As some editors write "Unicode"."""
_PATH_MAX = 100
"""Of a name that no rule has, as it is told."""


def field_of(rule: str, name: str) -> Field:
    """Return a field by its names.

    Raises
    ------
    UserError
        There is no such rule, or it has no such field.
    """
    if rule not in {field.rule for field in fields.FIELDS}:
        raise UserError("error-points-rule")
    try:
        return fields.field_of(rule, name)
    except UnknownFieldError:
        raise UserError("error-points-field") from None


def bounds(field: Field) -> Mapping[str, str | int]:
    """Return the variables of the text that says what a field takes."""
    unit = kinds.POINT if field.kind == "points" else 1
    return {"low": field.low // unit, "high": field.high // unit, "field": field.name}


def parsed(field: Field, written: str) -> fields.Value:
    """Return the value that a moderator wrote for a field.

    Raises
    ------
    UserError
        It says what the field takes.
    """
    try:
        return fields.parse(field, written)
    except RuleError:
        raise _refusal(field) from None


def with_chosen(field: Field, written: str, chosen: tuple[int, ...], percent: str) -> fields.Value:
    """Return a value as `parsed` does, of multipliers with those chosen set to a percentage.

    Raises
    ------
    UserError
        One of the two cannot be read, or there are too many.
    """
    value = parsed(field, written)
    if field.kind != "weights":
        return value
    if chosen:
        wanted = parsed(
            Field(rule="", name="", kind="percent", low=0, high=fields.WEIGHT_MAX), percent
        )
        assert isinstance(value, tuple) and isinstance(wanted, int)
        value = rules.weighed(value, chosen, wanted)  # type: ignore[arg-type]
    if len(value) > field.high:  # type: ignore[arg-type]
        raise _refusal(field)
    return value


def read(data: bytes) -> RuleSet:
    """Return the rules that a file holds.

    Raises
    ------
    UserError
        It is no TOML, is too large, or holds what rules do not take.
    """
    if len(data) > rules.TOML_BYTES_MAX:
        raise UserError("error-rulebook-file")
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        return formats.from_toml(data.decode(encoding))
    except UnicodeDecodeError:
        raise UserError("error-rulebook-file") from None
    except tomllib.TOMLDecodeError as error:
        # The parser's own words are English; where it stopped is said in any language.
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise UserError("error-rulebook-toml", line=line, column=column) from None
    except UnknownFieldError as error:
        raise UserError("error-rulebook-unknown", path=error.path[:_PATH_MAX]) from None
    except RuleError as error:
        path = f"{error.field.rule}.{error.field.name}"
        raise UserError(
            "error-rulebook-value",
            path=path,
            low=bounds(error.field)["low"],
            high=bounds(error.field)["high"],
        ) from None


def _refusal(field: Field) -> UserError:
    return UserError(f"error-points-{field.kind}", **bounds(field))
