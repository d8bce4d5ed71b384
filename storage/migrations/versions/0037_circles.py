"""Whom only their own circle answers lifts nobody by default.

A server whose moderators never published rules has what the defaults are from now on, as its next
version, which its moderators see and can take back. What it went by is kept: the defaults until
now are its version 0, where it has none yet. A server that published rules keeps them.
"""

import json
from copy import deepcopy
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_FORMER: dict[str, dict[str, Any]] = {
    "message": {
        "points": 100,
        "cooldown_s": 60,
        "per_day": 10,
        "taper": 1,
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
        "pair_full": 2,
        "pair_step": 2,
        "pair_back": 0,
        "silent_days": 3,
        "min_length": 2,
        "needs_new": True,
        "is_capped": True,
    },
    "helpful": {
        "points": 250,
        "per_day": 30,
        "taper": 20,
        "pair_per_day": 2,
        "pair_days": 7,
        "pair_full": 4,
        "pair_step": 3,
        "pair_back": 150,
        "min_length": 0,
        "needs_new": False,
        "emoji": ["👍", "❤️", "🙏", "💡", "💯", "✅", "⭐"],
        "is_capped": True,
    },
    "answer": {
        "points": 1500,
        "per_day": 10,
        "taper": 2,
        "pair_per_day": 2,
        "pair_days": 30,
        "pair_full": 1,
        "pair_step": 1,
        "pair_back": 100,
        "giver_taper": 2,
        "min_length": 1,
        "needs_new": True,
        "is_capped": False,
    },
    "resource": {"points": 1000, "per_day": 3, "taper": 0, "is_capped": True},
    "savers": {"points": 100, "per_day": 5, "step": 5, "is_capped": True},
    "review": {"points": 500, "per_day": 5, "taper": 2, "is_capped": True},
    "checkin": {"points": 200, "per_day": 1, "min_length": 2, "is_capped": True},
    "newcomer": {"guild_days": 3, "account_days": 7, "percent": 10},
    "answered": {"answerers": 3, "answer_days": 30, "percent": 25, "known_to": 1},
    "small": {"others": 7, "few_days": 7},
    "multipliers": {"channels": [], "roles": []},
    "general": {"daily_cap": 10000, "lock_h": 24, "zone": "", "by_hand": 50000},
    "levels": {"curve": "mee6", "percent": 20, "thresholds": []},
    "seasons": {"kind": "none", "starts": []},
}
_CHANGED: dict[str, dict[str, Any]] = {"answered": {"circle": 2}}
_REASONS = {
    "en": "The defaults of Lyceum have changed: who is answered in one circle only gives less.",
    "zh-CN": "Lyceum 的默认规则有变：只在自己圈子里得到回应的人，他们的感谢得分变少。",
}
_OPERATOR = -1
"""Whoever brought the server up to date published its version."""
_GUILDS = sa.text(
    "SELECT known.guild_id, coalesce(g.language, 'en'),"
    " (SELECT max(r.version) FROM rule_sets r WHERE r.guild_id = known.guild_id)"
    " FROM (SELECT guild_id FROM guilds UNION SELECT guild_id FROM balances"
    " UNION SELECT guild_id FROM rule_sets) AS known"
    " LEFT JOIN guilds g ON g.guild_id = known.guild_id"
    " WHERE NOT EXISTS (SELECT 1 FROM rule_sets r WHERE r.guild_id = known.guild_id"
    " AND r.version > 0 AND r.created_by <> :operator)"
)
_PUBLISH = sa.text(
    "INSERT INTO rule_sets (guild_id, version, rules, reason, created_by, created_at, effective_at)"
    " VALUES (:guild, :version, :rules, :reason, :by, unixepoch(), :since)"
    " ON CONFLICT DO NOTHING"
)


def upgrade() -> None:
    connection = op.get_bind()
    now = connection.execute(sa.text("SELECT unixepoch()")).scalar_one()
    former, changed = json.dumps(_FORMER), json.dumps(_merged())
    found = connection.execute(_GUILDS, {"operator": _OPERATOR}).all()
    for guild_id, language, last in found:
        first = {"guild": guild_id, "version": 0, "rules": former, "reason": "", "by": 0}
        connection.execute(_PUBLISH, {**first, "since": 0})
        new = {"guild": guild_id, "version": (last or 0) + 1, "rules": changed, "by": _OPERATOR}
        connection.execute(_PUBLISH, {**new, "reason": _REASONS[language], "since": now})


def _merged() -> dict[str, dict[str, Any]]:
    merged = deepcopy(_FORMER)
    for name, section in _CHANGED.items():
        merged[name] |= section
    return merged
