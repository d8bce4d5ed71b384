"""Settings of one installation, from the environment and ``.env``. Policy is not settings."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import zones

ShopSecret = Annotated[SecretStr, Field(min_length=6)]
"""What signs a shop's messages; Lemon Squeezy's may be as short as this."""


class Settings(BaseSettings):
    """What the operator decides. ``.env.example`` explains every key."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    discord_token: SecretStr | None = None
    database_path: Path = Path("data/lyceum.sqlite3")
    backup_dir: Path | None = None
    backup_every_hours: Annotated[int, Field(ge=0, le=24 * 7)] = 24
    public_url: HttpUrl | None = None
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    message_content_intent: bool = False
    default_language: Literal["en", "zh-CN"] | None = None
    default_time_zone: str = "UTC"
    read_pages: bool = True
    refit_every_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 24
    rewarded_event_weight: Annotated[float, Field(ge=0, le=1)] = 0.2
    commands_a_minute: Annotated[int, Field(ge=0, le=10_000)] = 30
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    owner_alarm: bool = False
    stripe_webhook_secret: ShopSecret | None = None
    patreon_webhook_secret: ShopSecret | None = None
    lemonsqueezy_webhook_secret: ShopSecret | None = None
    standard_webhook_secret: ShopSecret | None = None
    afdian_user_id: str | None = None
    afdian_token: SecretStr | None = None
    afdian_public_key: str | None = None
    shop_guild_id: int | None = None
    purchases_key: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_path", "backup_dir")
    @classmethod
    def _may_begin_at_home(cls, value: Path | None) -> Path | None:
        # Nobody expands a ~ in .env; a name such as "~old.sqlite3" stays one.
        return None if value is None else Path(os.path.expanduser(value))

    @field_validator("default_time_zone")
    @classmethod
    def _must_be_a_zone(cls, value: str) -> str:
        found = zones.zone_name(value)
        if found is None:
            raise ValueError("DEFAULT_TIME_ZONE is no time zone, such as Asia/Shanghai")
        return found

    @field_validator("public_url")
    @classmethod
    def _must_be_a_root(cls, value: HttpUrl | None) -> HttpUrl | None:
        if value is not None and (value.query or value.fragment):
            raise ValueError("PUBLIC_URL must not carry a query or a fragment")
        return value

    @property
    def backups_folder(self) -> Path:
        """Where backups are put: BACKUP_DIR, else ``backups`` beside the database."""
        return self.backup_dir or Path(os.path.realpath(self.database_path)).parent / "backups"

    @property
    def public_root(self) -> str | None:
        """PUBLIC_URL without a trailing slash."""
        return str(self.public_url).rstrip("/") if self.public_url else None
