"""What the composition root builds for the catalogue: the jobs that let it grow and stay fresh."""

from bot.client import LyceumClient
from bot.feedback.delivery import FeedbackRun
from bot.fresh.delivery import ChecksRun
from bot.gaps.delivery import WishesRun
from bot.i18n import Speaker
from bot.jobs import Job
from bot.messenger import DiscordMessenger
from bot.services import Services
from bot.sources.delivery import SourcesRun
from bot.submissions.delivery import SubmissionsRun
from bot.tasks.delivery import TasksRun

SUBMISSIONS_TICK_S = 20
WISHES_TICK_S = 120
SOURCES_TICK_S = 60
FEEDBACK_TICK_S = 60
CHECKS_TICK_S = 60


def jobs(services: Services, client: LyceumClient, speaker: Speaker) -> tuple[Job, ...]:
    """Build the jobs about what members propose, find missing, say of it, and hand in."""
    messenger = DiscordMessenger(client)
    proposals = SubmissionsRun(
        service=services.submissions, client=client, messenger=messenger, speaker=speaker
    )
    sentences = FeedbackRun(services.feedback, client, speaker)
    marks = TasksRun(services.tasks.marking, messenger, speaker)
    wishes = WishesRun(services.gaps, messenger, speaker)
    sources = SourcesRun(services.sources, client, speaker)
    return (
        Job("submissions", SUBMISSIONS_TICK_S, proposals.tick),
        Job("tasks", SUBMISSIONS_TICK_S, marks.tick),
        Job("checks", CHECKS_TICK_S, ChecksRun(services.fresh).tick),
        Job("sources", SOURCES_TICK_S, sources.tick),
        Job("wishes", WISHES_TICK_S, wishes.tick),
        Job("feedback", FEEDBACK_TICK_S, sentences.tick),
    )
