"""Write what a release is made of as CycloneDX: every locked dependency, with its hashes.

    python deploy/sbom.py > dist/lyceum-bot.cdx.json

It is read from requirements/run.txt, of which `pip install --require-hashes` installs exactly that.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def locked(text: str) -> list[dict[str, Any]]:
    """Return the components that a lock names, in its order."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := _LOCKED.match(line):
            name, version, marker = match.groups()
            found.append(_component(name, version) | {"scope": "required"})
            if marker:
                found[-1]["scope"] = "optional"
                found[-1]["properties"] = [{"name": "lyceum:marker", "value": marker}]
        elif match := _HASH.search(line):
            found[-1].setdefault("hashes", []).append({"alg": "SHA-256", "content": match[1]})
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{_plain(name)}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    }


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a project and its lock; the same for the same two."""
    components = locked(lock)
    name, version = project["name"], project["version"]
    ours = _component(name, version) | {
        "type": "application",
        "description": project["description"],
    }
    direct = {_plain(re.split(r"[^A-Za-z0-9._-]", each)[0]) for each in project["dependencies"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": ours},
        "components": components,
        "dependencies": [
            {
                "ref": ours["bom-ref"],
                "dependsOn": [
                    each["bom-ref"] for each in components if _plain(each["name"]) in direct
                ],
            }
        ],
    }


if __name__ == "__main__":
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    made = bill((ROOT / "requirements" / "run.txt").read_text("utf-8"), about)
    json.dump(made, sys.stdout, indent=1, ensure_ascii=False)
