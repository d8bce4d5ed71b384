import asyncio
from typing import Any

import pytest
from discord import ButtonStyle

from storage import audit, members
from storage.database import Database
from storage.records import Member
from tests.discord_sim import World, buttons_of, set_locale, slash_at_once, texts_of

QUESTION = "May Lyceum learn from what you do here?"
NOTICE = "Lyceum learns from what you do here"


async def stored(world: World, person: Any) -> Member:
    async with world.app.database.read() as conn:
        return await members.member(conn, world.guild.id, person.id)


async def actions(world: World) -> list[tuple[int, str]]:
    async with world.app.database.read() as conn:
        rows = await audit.rows(conn, world.guild.id)
    return [(row.actor_id, row.action) for row in rows]


async def question_to(world: World, person: Any) -> Any:
    result = await person.slash(world.channel, "profile view")
    (question,) = result.followups
    return question


async def test_a_member_is_asked_after_the_first_answer_and_never_again(world: World) -> None:
    question = await question_to(world, world.alice)
    assert question.ephemeral
    text = texts_of(question)
    assert QUESTION in text
    assert "never the text of your messages" in text
    assert "You get recommendations either way" in text
    assert "What was recorded before helps only if you say so." in text
    buttons = buttons_of(question)
    assert [button.label for button in buttons] == [
        "Yes, from now on",
        "Yes, including earlier",
        "No, thanks",
        "What is stored?",
    ]
    assert {button.style for button in buttons} == {ButtonStyle.secondary}
    assert (await stored(world, world.alice)).asked_at == world.env.now().timestamp()
    assert (await stored(world, world.alice)).consent == "unknown"
    for _ in range(2):
        assert (await world.alice.slash(world.channel, "profile view")).followups == []
        await world.restart()


async def test_the_question_reads_chinese(world: World) -> None:
    set_locale(world.bob, "zh-CN")
    question = await question_to(world, world.bob)
    assert "可以用你的操作训练推荐吗？" in texts_of(question)
    answered = await world.bob.click(question, custom_id="consent:yes")
    assert "谢谢" in texts_of(answered.response)


async def test_everybody_is_asked_for_themself(world: World) -> None:
    await question_to(world, world.alice)
    await question_to(world, world.bob)


async def test_of_many_commands_at_one_instant_one_asks(world: World) -> None:
    results = await slash_at_once(world.env, world.alice, world.channel, "profile view", 8)
    assert [len(result.followups) for result in results].count(1) == 1
    assert sum(len(result.followups) for result in results) == 1


async def test_of_many_claims_at_one_instant_one_wins(world: World) -> None:
    service = world.app.services.profile
    claims = await asyncio.gather(*(service.claim_question(1, 2) for _ in range(20)))
    assert sum(claim is not None for claim in claims) == 1


@pytest.mark.parametrize(
    ("answer", "consent", "says"),
    [
        ("yes", "granted", "what was recorded before does not"),
        ("all", "granted", "and what was recorded so far"),
        ("no", "declined", "nothing you do here trains the recommendations"),
    ],
)
async def test_an_answer_takes_the_questions_place_even_after_a_restart(
    world: World, answer: str, consent: str, says: str
) -> None:
    question = await question_to(world, world.alice)
    await world.restart()
    await world.env.advance_time(60)
    answered = await world.alice.click(question, custom_id=f"consent:{answer}")
    assert answered.response.id == question.id
    assert says in texts_of(answered.response)
    assert answered.followups == []
    member = await stored(world, world.alice)
    assert (member.consent, member.has_earlier) == (consent, answer == "all")
    assert member.consent_at == world.env.now().timestamp()
    assert await actions(world) == [(world.alice.id, f"consent-{consent}")]
    profile = await world.alice.slash(world.channel, "profile view")
    assert profile.followups == []


async def test_the_same_answer_twice_is_one_answer(world: World) -> None:
    service = world.app.services.profile
    for _ in range(2):
        await service.answer_consent(world.guild.id, world.alice.id, is_granted=True)
    assert len(await actions(world)) == 1


async def test_what_is_stored_opens_beside_the_question(world: World) -> None:
    question = await question_to(world, world.alice)
    shown = await world.alice.click(question, custom_id="privacy:show")
    assert shown.ephemeral
    assert shown.response.id != question.id
    assert "What Lyceum stores about you here" in texts_of(shown.response)
    assert shown.followups == []
    await world.alice.click(question, custom_id="consent:yes")


async def test_with_the_notice_policy_members_are_told_and_may_opt_out(world: World) -> None:
    """Texts: profile-consent-notice-text, profile-policy-notice-means."""
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    assert await trains_from(world, world.alice) is None
    await world.env.advance_time(60)
    notice = await question_to(world, world.alice)
    assert NOTICE in texts_of(notice)
    assert "Unless you say no, what is recorded from now on" in texts_of(notice)
    assert [b.custom_id for b in buttons_of(notice)] == ["consent:no", "privacy:show"]
    assert await trains_from(world, world.alice) == world.env.now().timestamp()
    assert await trains_from(world, world.bob) is None
    await world.alice.click(notice, custom_id="consent:no")
    assert await trains_from(world, world.alice) is None
    assert (world.alice.id, "consent-declined") in await actions(world)


async def trains_from(world: World, person: Any) -> float | None:
    known = await world.app.services.profile.profile(world.guild.id, person.id)
    return known.trains_from


async def test_a_notice_that_did_not_arrive_allows_nothing_and_is_given_again(
    world: World,
) -> None:
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    world.env.inject_error("POST", "/webhooks/*", status=500, code=0, times=1)
    assert (await world.alice.slash(world.channel, "profile view")).followups == []
    assert await trains_from(world, world.alice) is None
    await question_to(world, world.alice)
    assert await trains_from(world, world.alice) == world.env.now().timestamp()


async def test_the_privacy_card_is_no_notice(world: World) -> None:
    """Text: profile-learning-not-shown."""
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    result = await world.alice.slash(world.channel, "privacy")
    assert "not yet; it starts when you have been shown the notice" in texts_of(result.response)
    (notice,) = result.followups
    assert NOTICE in texts_of(notice)


async def test_another_policy_there_and_back_begins_again(world: World) -> None:
    """Text: profile-server-asked-again."""
    for policy in ("notice", "ask", "notice"):
        changed = await world.moderator.slash(world.channel, "server consent", policy=policy)
        assert "Until then nothing they do trains" in texts_of(changed.response)
        assert await trains_from(world, world.alice) is None
        await world.env.advance_time(60)
        await question_to(world, world.alice)
        told_at = world.env.now().timestamp()
        assert await trains_from(world, world.alice) == (told_at if policy == "notice" else None)


async def test_what_was_shown_under_another_policy_says_nothing_about_this_one(
    world: World,
) -> None:
    service, who = world.app.services.profile, (world.guild.id, world.alice.id)
    assert await service.claim_question(*who)
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    await service.mark_asked(*who, "ask")
    service.release_question(*who)
    assert await trains_from(world, world.alice) is None
    await question_to(world, world.alice)


async def test_who_stopped_tracking_and_presses_the_question_reads_that_nothing_is_learned(
    world: World,
) -> None:
    """Text: profile-consent-untracked."""
    question = await question_to(world, world.alice)
    await world.app.services.privacy.set_tracking(world.guild.id, world.alice.id, is_on=False)
    answered = await world.alice.click(question, custom_id="consent:yes")
    assert "Tracking is off for you, so nothing is recorded or learned" in texts_of(
        answered.response
    )
    assert await trains_from(world, world.alice) is None


async def test_the_notice_reads_chinese(world: World) -> None:
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    set_locale(world.bob, "zh-CN")
    assert "除非你拒绝，从现在起的记录" in texts_of(await question_to(world, world.bob))


async def test_another_policy_asks_those_again_who_did_not_answer(world: World) -> None:
    await question_to(world, world.alice)
    asked = await question_to(world, world.bob)
    await world.bob.click(asked, custom_id="consent:no")
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    assert NOTICE in texts_of(await question_to(world, world.alice))
    assert (await world.bob.slash(world.channel, "profile view")).followups == []


async def test_the_privacy_card_asks_by_itself(world: World) -> None:
    result = await world.alice.slash(world.channel, "privacy")
    assert result.followups == []
    assert (await stored(world, world.alice)).asked_at is not None
    assert (await world.alice.slash(world.channel, "profile view")).followups == []


async def test_a_button_that_answers_asks_too(world: World) -> None:
    result = await world.alice.slash(world.channel, "profile view")
    await world.app.database.write(
        lambda conn: members.change_member(conn, world.guild.id, world.alice.id, 0.0, asked_at=None)
    )
    pressed = await world.alice.click(result.response, custom_id="profile:language:en")
    (question,) = pressed.followups
    assert QUESTION in texts_of(question)


async def test_a_form_is_no_answer_until_it_is_sent(world: World) -> None:
    result = await world.alice.slash(world.channel, "profile view")
    await world.app.database.write(
        lambda conn: members.change_member(conn, world.guild.id, world.alice.id, 0.0, asked_at=None)
    )
    form = await world.alice.click(result.response, custom_id="profile:interests")
    assert form.followups == []
    assert (await stored(world, world.alice)).asked_at is None
    sent = await world.alice.submit_modal(form, {"interests": "Go"})
    assert QUESTION in texts_of(sent.followups[0])


async def test_a_refused_command_does_not_ask(lenient_world: World) -> None:
    world = lenient_world
    result = await world.alice.slash(world.channel, "profile timezone", timezone="Mars")
    assert result.followups == []
    assert (await stored(world, world.alice)).asked_at is None


async def test_those_who_are_not_tracked_are_not_asked(world: World) -> None:
    await world.app.services.privacy.set_tracking(world.guild.id, world.alice.id, is_on=False)
    assert (await world.alice.slash(world.channel, "profile view")).followups == []
    assert (await stored(world, world.alice)).asked_at is None


async def test_a_question_that_did_not_arrive_is_asked_again(world: World) -> None:
    world.env.inject_error("POST", "/webhooks/*", status=500, code=0, times=1)
    assert (await world.alice.slash(world.channel, "profile view")).followups == []
    assert (await stored(world, world.alice)).asked_at is None
    await question_to(world, world.alice)


async def test_asking_anew_spares_those_who_answered(database: Database) -> None:
    for user_id, consent in ((1, "unknown"), (2, "granted"), (3, "declined")):

        async def job(conn: Any, user_id: int = user_id, consent: str = consent) -> None:
            await members.change_member(conn, 7, user_id, 1.0, consent=consent, asked_at=1.0)

        await database.write(job)
    await database.write(lambda conn: members.forget_asking(conn, 7))
    async with database.read() as conn:
        found = [(await members.member(conn, 7, user_id)).asked_at for user_id in (1, 2, 3)]
    assert found == [None, 1.0, 1.0]
