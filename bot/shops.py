"""What the doctor says of the shops that purchases are heard of: set up or not, and heard when."""

from collections.abc import Iterator

from bot import dates
from bot.clock import Clock
from bot.findings import Finding
from bot.settings import Settings
from storage import purchases

QUIET_S = 30 * dates.DAY_S
_NAMES = {
    "stripe": "Stripe",
    "patreon": "Patreon",
    "lemonsqueezy": "Lemon Squeezy",
    "standard": "Standard Webhooks",
    "afdian": "爱发电",
    "discord": "Discord",
    "role": "roles of other bots",
    "csv": "CSV files",
    "hand": "by hand",
}


def findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Say of each shop that is set up, or was heard of, when that was last."""
    heard = purchases.heard(settings.database_path)
    is_set = {
        "stripe": settings.stripe_webhook_secret is not None,
        "patreon": settings.patreon_webhook_secret is not None,
        "lemonsqueezy": settings.lemonsqueezy_webhook_secret is not None,
        "standard": settings.standard_webhook_secret is not None,
        "afdian": settings.afdian_user_id is not None and settings.afdian_token is not None,
    }
    for source, name in _NAMES.items():
        if source in heard or is_set.get(source):
            yield _finding(source, name, heard.get(source), is_set.get(source), clock)
    if any(is_set.values()) and settings.public_root is None:
        yield Finding(
            state="note",
            subject="shops",
            text="webhooks are set up, and PUBLIC_URL is not",
            fix="set PUBLIC_URL and give shops the address PUBLIC_URL/hooks/NAME",
        )
    if heard and settings.purchases_key is None:
        yield Finding(
            state="note",
            subject="shops",
            text="the key of references and of hashed e-mail addresses is in the database",
            fix="PURCHASES_KEY in .env keeps it apart from backups; set it before the first sale",
        )


def _finding(
    source: str, name: str, at: float | None, is_set: bool | None, clock: Clock
) -> Finding:
    subject = f"shop {name}"
    last = "never heard of" if at is None else f"last heard of on {dates.utc(at).date()}"
    if is_set is False:
        return Finding(
            state="note",
            subject=subject,
            text=f"{last}, and not set up",
            fix=f"its messages are refused until the secret of {name} stands in .env",
        )
    if is_set and (at is None or clock().timestamp() - at > QUIET_S):
        return Finding(
            state="note",
            subject=subject,
            text=f"set up, {last}",
            fix=f"look at {name}'s list of deliveries to PUBLIC_URL/hooks/{source}",
        )
    return Finding("good", subject, last)
