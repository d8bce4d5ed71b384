"""A refused form loses nothing: it says what is wrong and opens again as it was filled in."""

import sqlite3
from typing import Any

import pytest
from simcord.backend.cdn import CdnStore

from bot import forms
from bot.i18n import Texts
from bot.refusals import AGAIN_TEMPLATE
from storage import rulebook
from storage.schema import metadata
from tests.discord_sim import World, button_id, buttons_of, set_locale, texts_of
from tests.form_cases import BY_NAME, Case, open_add, open_terms, rows
from tests.rulebook.test_commands import change
from tests.test_access import give_roles
from tests.test_forms import EXPIRED, REFUSED, hand_in

WRONG = {"title": "A *loud* sticker", "description": "Line one,\nline two.", "price": "lots"}


def shown_in(opened: Any) -> dict[str, Any]:
    """Return what a form's fields hold when it opens."""
    held: dict[str, Any] = {}
    for label in opened.modal["components"]:
        field = label["component"]
        chosen = [each["value"] for each in field.get("options") or [] if each.get("default")]
        chosen += [str(each["id"]) for each in field.get("default_values") or []]
        held[field["custom_id"]] = chosen or field.get("value") or ""
    return held


def answer(result: Any) -> Any:
    """Return the message that says what became of a form."""
    return result.followups[-1] if result.followups else result.response


async def again(world: World, refused: Any) -> Any:
    """Press the button of a refusal."""
    message = answer(refused)
    button = button_id(message, AGAIN_TEMPLATE)
    return await world.moderator.click(message, custom_id=button)


def block_writes(world: World, is_blocked: bool) -> None:
    """Let the database refuse every row, or none any more."""
    with sqlite3.connect(world.app.settings.database_path) as file:
        for table in metadata.sorted_tables:
            for deed in ("INSERT", "UPDATE", "DELETE"):
                name = f"no_{deed}_{table.name}"
                made = (
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table.name}"
                    " BEGIN SELECT RAISE(ABORT, 'full'); END"
                )
                file.execute(made if is_blocked else f"DROP TRIGGER {name}")


@BY_NAME
async def test_what_is_wrong_is_said_and_the_form_opens_again_as_it_was(
    world: World, case: Case
) -> None:
    opened = await case.open(world)
    before = await rows(world)
    refused = await world.moderator.submit_modal(opened, case.wrong)
    assert answer(refused).flags.ephemeral
    assert await rows(world) == before
    reopened = await again(world, refused)
    assert reopened.modal["title"] == opened.modal["title"]
    assert shown_in(reopened) == shown_in(opened) | case.wrong
    assert EXPIRED not in await hand_in(world, reopened, case.filled(11))
    assert case.stored(11) in "\n".join(await rows(world) - before)
    if any(str(each.custom_id).startswith("form:again") for each in buttons_of(answer(refused))):
        assert EXPIRED in texts_of((await again(world, refused)).response)


@BY_NAME
async def test_a_fault_of_ours_loses_nothing_either(lenient_world: World, case: Case) -> None:
    world = lenient_world
    opened = await case.open(world)
    before = await rows(world)
    if not case.stored(11):
        pytest.skip("writes nothing")
    block_writes(world, True)
    refused = await world.moderator.submit_modal(opened, case.filled(11))
    block_writes(world, False)
    assert "reference" in texts_of(answer(refused))
    assert await rows(world) == before
    reopened = await again(world, refused)
    assert shown_in(reopened) == shown_in(opened) | case.filled(11)
    await hand_in(world, reopened, case.filled(11))
    assert case.stored(11) in "\n".join(await rows(world) - before)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_refusal_shows_what_was_typed_so_that_a_restart_leaves_it_to_be_copied(
    lenient_world: World, language: str
) -> None:
    world, texts = lenient_world, Texts(language)
    set_locale(world.moderator, "zh-CN" if language == "zh-CN" else "en-US")
    refused = await world.moderator.submit_modal(await open_add(world), WRONG)
    shown = texts_of(refused.response)
    title = texts("shop-field-title")
    assert texts("form-typed-line", field=title, value=r"A \*loud\* sticker") in shown
    assert "```\nLine one,\nline two.\n```" in shown
    assert texts("form-kept") in shown
    await world.restart()
    assert texts("error-form-expired") in texts_of((await again(world, refused)).response)


async def test_a_form_of_before_a_restart_gives_back_what_was_typed(lenient_world: World) -> None:
    world = lenient_world
    opened = await open_add(world)
    await world.restart()
    answer = await hand_in(world, opened, WRONG)
    assert EXPIRED in answer
    assert "```\nA *loud* sticker\n```" in answer and "line two." in answer


async def test_codes_too_long_to_be_shown_come_back_as_a_file(world: World) -> None:
    opened = await world.moderator.slash(world.channel, "shop-admin add", kind="coupon")
    codes = "\n".join(f"CODE-{n:05}-ABCDEFGH" for n in range(200))
    wrong = {"title": "Codes", "price": "lots", "units": codes, "file": ("more.txt", b"X-1")}
    refused = await world.moderator.submit_modal(opened, wrong)
    (attached,) = answer(refused).attachments
    assert codes in (await attached.read()).decode()
    assert Texts("en")("form-file") in texts_of(answer(refused))
    reopened = await again(world, refused)
    assert shown_in(reopened)["units"] == codes
    fixed = wrong | {"price": "5", "title": "More codes"}
    done = await world.moderator.submit_modal(reopened, fixed)
    assert "201" in texts_of(done.response)
    assert not done.response.attachments


class LosingCdn(CdnStore):
    """Discord's file server on a day when what is uploaded cannot be had back."""

    def get(self, url: str) -> None:
        """Have nothing."""


async def test_a_file_that_discord_does_not_hand_on_is_no_form_done(world: World) -> None:
    opened = await world.moderator.slash(world.channel, "shop-admin add", kind="coupon")
    filled = {"title": "Codes", "price": "5", "units": "A-1", "file": ("more.txt", b"X-1")}
    before, cdn = await rows(world), world.env.backend.cdn
    world.env.backend.cdn = LosingCdn()
    refused = await world.moderator.submit_modal(opened, filled)
    shown = texts_of(answer(refused))
    assert Texts("en")("error-file-upload") in shown and Texts("en")("form-file") in shown
    assert await rows(world) == before
    world.env.backend.cdn = cdn
    reopened = await again(world, refused)
    assert shown_in(reopened)["units"] == "A-1"
    done = await world.moderator.submit_modal(reopened, filled)
    assert "2" in texts_of(done.response) and await rows(world) != before


async def test_a_file_of_rules_that_discord_does_not_hand_on_changes_nothing(
    lenient_world: World,
) -> None:
    world = lenient_world
    world.env.backend.cdn = LosingCdn()
    file = ("mine.toml", b"[message]\npoints = 4")
    refused = await world.moderator.slash(world.channel, "rules import", file=file)
    assert Texts("en")("error-file-upload") in texts_of(refused.response)
    async with world.app.database.read() as conn:
        assert await rulebook.draft(conn, world.guild.id) is None


async def test_roles_and_channels_that_were_chosen_come_back_chosen(world: World) -> None:
    role = world.guild.create_role("Patrons")
    await world.env.settle()
    wrong = {"min_level": "high", "needs_role": [role]}
    refused = await world.moderator.submit_modal(await open_terms(world), wrong)
    assert shown_in(await again(world, refused))["needs_role"] == [str(role.id)]
    wrong = {"chosen": [world.channel], "percent": "lots", "value": ""}
    refused = await change(world, "multipliers", "channels", wrong)
    held = shown_in(await again(world, refused))
    assert (held["chosen"], held["percent"]) == ([str(world.channel.id)], "lots")


async def test_a_form_refused_twice_holds_the_later_and_stays_one_message(world: World) -> None:
    first = await world.moderator.submit_modal(await open_add(world), WRONG)
    n_messages = len(world.channel.history())
    second = await world.moderator.submit_modal(
        await again(world, first), WRONG | {"price": "free"}
    )
    assert second.response.id == first.response.id
    assert len(world.channel.history()) == n_messages
    held = shown_in(await again(world, second))
    assert (held["title"], held["price"]) == (WRONG["title"], "free")


async def test_a_refused_form_opens_again_for_its_owner_only_for_an_hour(
    lenient_world: World,
) -> None:
    world = lenient_world
    refused = await world.moderator.submit_modal(await open_add(world), WRONG)
    button = button_id(refused.response, AGAIN_TEMPLATE)
    other = await world.alice.slash(world.channel, "points")
    assert "Sticker" not in str(other.modal)
    kept = (await again(world, refused)).modal
    assert kept is not None
    held = list(world.env.backend.guilds[world.guild.id].members[world.moderator.id].role_ids)
    give_roles(world, world.moderator)
    assert texts_of((await again(world, refused)).response) == REFUSED
    world.env.backend.guilds[world.guild.id].members[world.moderator.id].role_ids = held
    await world.env.advance_time(forms.LIFE_S - 60)
    assert (await again(world, refused)).modal is not None
    await world.env.advance_time(120)
    assert EXPIRED in texts_of((await again(world, refused)).response)
    assert button


async def test_what_is_gone_is_not_asked_for_again(lenient_world: World) -> None:
    world = lenient_world
    await change(world, "message", "points", {"value": "2"})
    asked = await world.moderator.slash(world.channel, "rules publish")
    publish = button_id(asked.response, r"rulebook:publish:.*")
    form = await world.moderator.click(asked.response, custom_id=publish)
    await change(world, "message", "points", {"value": "900"})
    refused = await world.moderator.submit_modal(form, {"reason": "they write well", "at": ""})
    assert "they write well" in texts_of(refused.response)
    assert buttons_of(refused.response) == []


async def test_who_erases_their_data_leaves_no_form_behind(lenient_world: World) -> None:
    world = lenient_world
    refused = await world.moderator.submit_modal(await open_add(world), WRONG)
    card = await world.moderator.slash(world.channel, "privacy")
    sure = await world.moderator.click(card.response, custom_id="privacy:erase")
    await world.moderator.click(sure.response, custom_id="privacy:erase:all")
    assert EXPIRED in texts_of((await again(world, refused)).response)


async def test_what_was_done_is_not_offered_again_where_only_the_answer_was_lost(
    lenient_world: World,
) -> None:
    world = lenient_world
    opened = await open_add(world)
    path = "/interactions/*/*/callback"
    world.env.inject_error("POST", path, status=500, code=0, times=1)
    lost = await world.moderator.submit_modal(opened, WRONG | {"price": "5"})
    assert "reference" in texts_of(answer(lost)) and buttons_of(answer(lost)) == []
    assert len(await world.app.services.shop.goods.find(world.guild.id, "", any_state=True)) == 1


@pytest.mark.parametrize("note", ["a" * 60, "``` fence ```" * 6, "一" * 290])
async def test_a_refused_command_gives_back_what_is_long(lenient_world: World, note: str) -> None:
    world = lenient_world
    await world.alice.slash(world.channel, "checkin", note="first")
    refused = await world.alice.slash(world.channel, "checkin", note=note)
    shown = texts_of(refused.response)
    assert refused.ephemeral
    assert Texts("en")("form-typed") in shown
    assert note in shown.replace("\u200b", "")
    short = await world.alice.slash(world.channel, "checkin", note="short")
    assert Texts("en")("form-typed") not in texts_of(short.response)
