"""What the doctor says of one thing it has looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``fix`` says what to do, empty only where nothing is wrong."""

    state: State
    subject: str
    text: str
    fix: str = ""
