"""Who answers whom is found by an index, and what servers have by default is another set of rules.

A server that never published rules went by the defaults. Its entries still say so, and are
explained and undone by what the defaults were then: version 0, stored for every server there is.
From now on it has the new defaults, as its version 1, which its moderators see and can take back.
A server that published rules keeps them.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FORMER: dict[str, dict[str, Any]] = {
    "message": {
        "points": 100,
        "cooldown_s": 60,
        "per_day": 20,
        "taper": 3,
        "min_length": 2,
        "needs_new": True,
        "is_capped": True,
    },
    "reply": {
        "points": 200,
        "cooldown_s": 60,
        "per_day": 10,
        "taper": 4,
        "pair_per_day": 3,
        "pair_days": 3,
        "min_length": 2,
        "needs_new": True,
        "is_capped": True,
    },
    "helpful": {
        "points": 200,
        "per_day": 30,
        "taper": 10,
        "pair_per_day": 2,
        "pair_days": 7,
        "min_length": 1,
        "needs_new": True,
        "emoji": ["👍", "❤️", "🙏", "💡", "💯", "✅", "⭐"],
        "is_capped": True,
    },
    "answer": {
        "points": 1500,
        "per_day": 10,
        "taper": 2,
        "pair_per_day": 2,
        "pair_days": 30,
        "giver_taper": 2,
        "min_length": 1,
        "needs_new": True,
        "is_capped": False,
    },
    "resource": {"points": 1000, "per_day": 3, "taper": 0, "is_capped": True},
    "savers": {"points": 100, "per_day": 5, "step": 5, "is_capped": True},
    "review": {"points": 500, "per_day": 5, "taper": 0, "is_capped": True},
    "checkin": {"points": 200, "per_day": 1, "min_length": 2, "is_capped": True},
    "newcomer": {"guild_days": 3, "account_days": 7, "percent": 10},
    "multipliers": {"channels": [], "roles": []},
    "general": {"daily_cap": 10000, "lock_h": 24, "zone": "", "by_hand": 50000},
    "levels": {"curve": "mee6", "percent": 20, "thresholds": []},
    "seasons": {"kind": "none", "starts": []},
}
_CHANGED: dict[str, dict[str, Any]] = {
    "message": {"per_day": 10, "taper": 1},
    "reply": {"pair_full": 2, "pair_step": 2, "pair_back": 0, "silent_days": 3},
    "helpful": {
        "points": 250,
        "taper": 20,
        "pair_full": 4,
        "pair_step": 3,
        "pair_back": 150,
        "min_length": 0,
        "needs_new": False,
    },
    "answer": {"pair_full": 1, "pair_step": 1, "pair_back": 100},
    "answered": {"answerers": 3, "answer_days": 30, "percent": 25},
    "small": {"others": 7, "few_days": 7},
}
_REASONS = {
    "en": "The defaults of Lyceum have changed; version 0 are the former ones.",
    "zh-CN": "Lyceum 的默认规则有变；版本 0 是原来的默认规则。",
}
_OPERATOR = -1
"""Whoever brought the server up to date published its version 1."""
_GUILDS = sa.text(
    "SELECT known.guild_id, coalesce(g.language, 'en'),"
    " EXISTS (SELECT 1 FROM rule_sets r WHERE r.guild_id = known.guild_id)"
    " FROM (SELECT guild_id FROM guilds UNION SELECT guild_id FROM balances"
    " UNION SELECT guild_id FROM rule_sets) AS known"
    " LEFT JOIN guilds g ON g.guild_id = known.guild_id"
)
_PUBLISH = sa.text(
    "INSERT INTO rule_sets (guild_id, version, rules, reason, created_by, created_at, effective_at)"
    " VALUES (:guild, :version, :rules, :reason, :by, unixepoch(), :since)"
    " ON CONFLICT DO NOTHING"
)


def upgrade() -> None:
    op.create_index(
        "ix_events_answers",
        "events",
        ["guild_id", "target_id", "user_id", "occurred_at"],
        sqlite_where=sa.text("kind IN (1, 3, 20) AND is_imported = 0 AND target_id IS NOT NULL"),
    )
    connection = op.get_bind()
    now = connection.execute(sa.text("SELECT unixepoch()")).scalar_one()
    former, changed = json.dumps(_FORMER), json.dumps(_merged())
    for guild_id, language, has_published in connection.execute(_GUILDS).all():
        first = {
            "guild": guild_id,
            "version": 0,
            "rules": former,
            "reason": "",
            "by": 0,
            "since": 0,
        }
        connection.execute(_PUBLISH, first)
        if not has_published:
            new = {"version": 1, "rules": changed, "by": _OPERATOR, "since": now}
            new["reason"] = _REASONS[language]
            connection.execute(_PUBLISH, {"guild": guild_id, **new})


def _merged() -> dict[str, dict[str, Any]]:
    sections = (*_FORMER, "answered", "small")
    return {name: {**_FORMER.get(name, {}), **_CHANGED.get(name, {})} for name in sections}
