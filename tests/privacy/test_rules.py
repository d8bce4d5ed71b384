import gzip
import json

from bot.privacy import rules

TABLES = {"events": [{"user_id": "1", "kind": "message"}], "members": []}


def test_an_export_is_json_with_notes_and_every_table() -> None:
    name, content = rules.pack(10**18, 2 * 10**18, "2026-03-02T09:00:00+00:00", TABLES)
    assert name == "lyceum-1000000000000000000-2000000000000000000.json"
    document = json.loads(content)
    assert document["tables"] == TABLES
    assert document["user_id"] == "2000000000000000000"
    assert document["exported_at"] == "2026-03-02T09:00:00+00:00"


def test_an_export_too_large_to_attach_is_compressed() -> None:
    tables = {"events": [{"kind": "消息"}] * 500}
    _, whole = rules.pack(1, 2, "now", tables)
    name, content = rules.pack(1, 2, "now", tables, limit=len(whole) - 1)
    assert name == "lyceum-1-2.json.gz"
    assert len(content) < len(whole)
    assert gzip.decompress(content) == whole
    assert rules.pack(1, 2, "now", tables, limit=len(whole)) == ("lyceum-1-2.json", whole)
