"""What every table is made of: the columns that say whose a row is, and when."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite gives a rowid alias only to a column typed exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

ERASED = 0
"""What an anonymised member column holds."""


def guild_id() -> Column[int]:
    """Return the column that says which guild a row belongs to."""
    return Column("guild_id", BigId, nullable=False)


def member_id(
    name: str = "user_id",
    *,
    nullable: bool = False,
    name_in: str | None = None,
    is_subject: bool = False,
    **options: Any,
) -> Column[int]:
    """Return a column holding a member's Discord id, marked for export and erasure.

    ``name_in`` is a text column beside it that holds their name, ``is_subject`` says that the row
    is about them and so are its `words`: anonymising empties those too.
    """
    info = {"member": True, "name_in": name_in, "is_subject": is_subject}
    return Column(name, BigId, nullable=nullable, info=info, **options)


def words(name: str) -> Column[str]:
    """Return a column of what somebody wrote about what they did: it may name a member.

    Erasing empties it where the row is about the member or the words name them.
    """
    return Column(name, Text, nullable=False, server_default="", info={"words": True})


def at(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[float]:
    """Return a column of UTC unix seconds."""
    return Column(name, Float, nullable=nullable, primary_key=primary_key)
