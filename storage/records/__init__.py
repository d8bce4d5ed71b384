"""What travels between storage and the features: frozen records, no behaviour.

Ids are Discord's 64-bit integers unless they name a table's own row. Times are UTC unix
seconds. Points (``amount``) are hundredths of a point. Everybody imports from here; a file below
holds what one part of `storage.schema` does, under the same name.
"""

from storage.records.activity import Acts, Deed, Event, EventKind, Logged
from storage.records.audit import OPERATOR, AuditAction, AuditFilter, AuditRow
from storage.records.catalogue import (
    UNLOGGED,
    Filters,
    Impression,
    Level,
    Link,
    Resource,
    ResourceKind,
    ResourceState,
    Surface,
    Why,
)
from storage.records.digests import Delivery, DeliveryState, DigestItem, DigestSetting
from storage.records.guilds import (
    Consent,
    ConsentPolicy,
    Guild,
    Holdings,
    Member,
    ReturnNotice,
    Stay,
    StayState,
)
from storage.records.levels import (
    GrantState,
    LevelGrant,
    LevelNotice,
    LevelReward,
    LevelSettings,
    Moved,
    NoticePlace,
)
from storage.records.models import Snapshot, SnapshotState
from storage.records.points import (
    BoardSpan,
    LedgerEntry,
    Rescore,
    RuleDraft,
    RuleUse,
    Standing,
    StoredRuleSet,
)
from storage.records.shop import (
    ItemKind,
    ItemState,
    Redemption,
    RedemptionState,
    RoleEnd,
    ShopItem,
    ShopUnit,
)

__all__ = [
    "OPERATOR",
    "UNLOGGED",
    "Acts",
    "AuditAction",
    "AuditFilter",
    "AuditRow",
    "BoardSpan",
    "Consent",
    "ConsentPolicy",
    "Deed",
    "Delivery",
    "DeliveryState",
    "DigestItem",
    "DigestSetting",
    "Event",
    "EventKind",
    "Filters",
    "GrantState",
    "Guild",
    "Holdings",
    "Impression",
    "ItemKind",
    "ItemState",
    "LedgerEntry",
    "Level",
    "LevelGrant",
    "LevelNotice",
    "LevelReward",
    "LevelSettings",
    "Link",
    "Logged",
    "Member",
    "Moved",
    "NoticePlace",
    "Redemption",
    "RedemptionState",
    "Rescore",
    "Resource",
    "ResourceKind",
    "ResourceState",
    "ReturnNotice",
    "RoleEnd",
    "RuleDraft",
    "RuleUse",
    "ShopItem",
    "ShopUnit",
    "Snapshot",
    "SnapshotState",
    "Standing",
    "Stay",
    "StayState",
    "StoredRuleSet",
    "Surface",
    "Why",
]
