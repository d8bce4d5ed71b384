"""Questions that were asked and answered before a visitor comes, as threads of the simulator.

They are played through the real services, at the moments when they are said to have happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app import App
from bot.demo import simulator
from bot.questions.rules import Actor
from bot.questions.threads import Thread, Word

_ANSWERED_AFTER_S = 1_500.0
_ACCEPTED_AFTER_S = 2_700.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of ``days`` ago; ``by`` is the language of somebody of the crowd."""

    by: str
    days: float
    title: str
    tags: tuple[str, ...]
    says: str
    helper: str
    answer: str
    is_solved: bool = True


async def play_back(
    app: App,
    env: Any,
    channel: Any,
    asked: Sequence[Asked],
    askers: Mapping[str, Sequence[int]],
    helpers: Mapping[str, int],
) -> None:
    """Have questions asked, answered and solved in ``channel``, the oldest first.

    Parameters
    ----------
    askers
        By language, the ids of who may ask; each asks in turn.
    helpers
        By name, the ids of who answers.
    """
    now = env.now()
    for number, one in enumerate(asked):
        who = askers[one.by]
        simulator.pin_clock(env, now - timedelta(days=one.days))
        await _play(app, env, channel, one, who[number % len(who)], helpers[one.helper])


async def _play(
    app: App, env: Any, channel: Any, one: Asked, asker_id: int, helper_id: int
) -> None:
    backend, guild_id = env.backend, channel.guild.id
    service = app.services.questions
    starter = backend.create_message(channel.id, asker_id, one.says, broadcast=False)
    thread = backend.create_thread(
        channel.id, one.title, asker_id, message_id=starter.id, broadcast=False
    )
    begun = Thread(
        guild_id=guild_id,
        channel_id=channel.id,
        thread_id=thread.id,
        asker_id=asker_id,
        title=one.title,
        tags=one.tags,
        asked_at=env.now().timestamp(),
        is_open_to_all=True,
    )
    question = await service.threads.begin(begun, is_asked_here=True)
    assert question is not None, one.title
    backend.clock.advance(_ANSWERED_AFTER_S)
    answer = backend.create_message(thread.id, helper_id, one.answer, broadcast=False)
    said = Word(
        guild_id=guild_id,
        thread_id=thread.id,
        message_id=answer.id,
        author_id=helper_id,
        written_at=env.now().timestamp(),
    )
    await service.threads.hear([said])
    if one.is_solved:
        backend.clock.advance(_ACCEPTED_AFTER_S)
        number = question.question_id
        known = await service.decisions.accept_known(guild_id, Actor(asker_id), number, answer.id)
        await service.upkeep.shown(known.question)
        thread.thread_metadata.archived = True
