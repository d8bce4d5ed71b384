import discord
import pytest

from bot.i18n import LANGUAGES, Texts
from bot.privacy import views
from bot.privacy.service import Report
from bot.profile.service import Profile
from storage import privacy
from storage.records import EventKind, Guild, Holdings, Member


def test_what_there_is_none_of_has_no_line() -> None:
    holdings = Holdings({"events": 3, "links": 0}, {EventKind.MESSAGE: 3}, 0.0)
    (line,) = views.stored_lines(holdings, Texts("en"))
    assert line == "3 messages: when, where and how long, never the text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_card_fits_discord(language: str) -> None:
    tables = {table.name: 10**9 for table in privacy.personal_tables()}
    holdings = Holdings(tables, dict.fromkeys(EventKind, 10**6), 0.0)
    known = Profile(Member(1, 2, asked_at=10.0**9), Guild(1, consent_policy="notice"))
    card = views.card(Report(holdings, known), Texts(language))
    assert 0 < card.content_length() < 4_000
    assert all(
        len(button.label or "") < 80
        for button in card.walk_children()
        if isinstance(button, discord.ui.Button)
    )
