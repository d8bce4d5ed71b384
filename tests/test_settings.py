from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_the_example_lists_every_key() -> None:
    keys = {
        line.split("=")[0]
        for line in EXAMPLE.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    assert keys == {name.upper() for name in Settings.model_fields}


def test_the_example_gives_the_defaults() -> None:
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)


@pytest.mark.parametrize(
    "change",
    [
        {"web_port": 70_000},
        {"public_url": "ftp://x"},
        {"public_url": "https://x/?a=1"},
        {"refit_every_hours": 0},
        {"refit_every_hours": 169},
        {"rewarded_event_weight": -0.1},
        {"rewarded_event_weight": 1.1},
        {"rewarded_event_weight": "nan"},
        {"log_level": "LOUD"},
    ],
)
def test_bad_settings_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **change)  # type: ignore[arg-type]
