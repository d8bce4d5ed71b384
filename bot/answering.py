"""What the composition root builds for questions and for experts: their jobs."""

from bot.client import LyceumClient
from bot.experts.delivery import InvitationsRun
from bot.i18n import Speaker
from bot.jobs import Job
from bot.messenger import DiscordMessenger
from bot.questions.checking import Checking
from bot.questions.delivery import QuestionsRun
from bot.services import Services

QUESTIONS_TICK_S = 60


def jobs(services: Services, client: LyceumClient, speaker: Speaker) -> tuple[Job, ...]:
    """Build the jobs about questions and about who is asked to answer them."""
    questions = QuestionsRun(services.questions, client, speaker)
    absences = Checking(services.questions, client, questions)
    invitations = InvitationsRun(
        inviting=services.experts.inviting,
        messenger=DiscordMessenger(client),
        client=client,
        speaker=speaker,
    )
    return (
        Job("questions", QUESTIONS_TICK_S, questions.tick),
        Job("absences", QUESTIONS_TICK_S, absences.tick),
        Job("invitations", QUESTIONS_TICK_S, invitations.tick),
    )
