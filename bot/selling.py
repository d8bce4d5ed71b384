"""What the composition root builds for what is sold elsewhere: its secrets and its jobs."""

from bot.client import LyceumClient
from bot.i18n import Speaker
from bot.invites import DiscordInvites
from bot.jobs import Job
from bot.messenger import DiscordMessenger
from bot.purchases.afdian import PLATFORM_KEY
from bot.purchases.asking import AskingRun
from bot.purchases.giving import PurchasesRun
from bot.purchases.hearing import Keys
from bot.purchases.inviting import InvitingRun
from bot.purchases.noticing import NoticingRun
from bot.purchases.receipt_letters import ReceiptRun
from bot.purchases.reminding import RemindingRun
from bot.roles import DiscordRoles
from bot.services import Services
from bot.settings import Settings

PURCHASES_TICK_S = 10
ASKING_TICK_S = 30
REMINDING_TICK_S = 120


def keys(settings: Settings) -> Keys:
    """Return the secrets of the shops that are set up, and what else sales go by."""
    given = {
        "stripe": settings.stripe_webhook_secret,
        "patreon": settings.patreon_webhook_secret,
        "lemonsqueezy": settings.lemonsqueezy_webhook_secret,
        "standard": settings.standard_webhook_secret,
    }
    sources = {name: each.get_secret_value() for name, each in given.items() if each}
    if settings.afdian_user_id and settings.afdian_token:
        written = settings.afdian_public_key or PLATFORM_KEY
        sources["afdian"] = written.replace("\\n", "\n")
    own = settings.purchases_key
    return Keys(
        sources=sources,
        own=own.get_secret_value() if own else None,
        guild_id=settings.shop_guild_id,
    )


def jobs(
    services: Services, settings: Settings, client: LyceumClient, speaker: Speaker
) -> tuple[Job, ...]:
    """Build the jobs about what is sold elsewhere."""
    giving = PurchasesRun(services.purchases.owed, DiscordRoles(client))
    reminding = RemindingRun(services.purchases.claims, DiscordMessenger(client), speaker)
    noticing = NoticingRun(client, services.purchases.owed, speaker)
    inviting = InvitingRun(
        claims=services.purchases.claims,
        invites=DiscordInvites(client),
        roles=DiscordRoles(client),
        messenger=DiscordMessenger(client),
        speaker=speaker,
    )
    monthly = ReceiptRun(services.purchases.receipts, DiscordMessenger(client), speaker)
    token = settings.afdian_token
    asking = AskingRun(
        services.purchases.hearing,
        settings.afdian_user_id,
        token.get_secret_value() if token else None,
    )
    return (
        Job("purchases", PURCHASES_TICK_S, giving.tick),
        Job("asking back", ASKING_TICK_S, asking.tick),
        Job("reminders", REMINDING_TICK_S, reminding.tick),
        Job("products", REMINDING_TICK_S, noticing.tick),
        Job("doors", REMINDING_TICK_S, inviting.tick),
        Job("receipts", REMINDING_TICK_S, monthly.tick),
    )
