"""What a site asks of robots (RFC 9309), matched without regular expressions. Pure.

A rule's ``*`` and ``$`` are followed piece by piece, so that no rule takes longer than its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

RULES_MAX = 2_000
"""Rules of one file that count."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether what begins like ``path`` may be fetched."""

    is_allowed: bool
    path: str


def may_fetch(text: str, agent: str, target: str) -> bool:
    """Say whether a robots.txt lets somebody fetch a path.

    Parameters
    ----------
    agent
        The product token, of which letter case makes no difference.
    target
        Path and query as they are asked for, beginning with a slash.

    Notes
    -----
    Of the rules of the agent's group, or of the group ``*`` where it has none, the longest that
    fits decides; of two equally long ones the one that allows.
    """
    groups = _groups(text)
    rules = groups.get(agent.lower(), groups.get("*", []))
    fitting = [rule for rule in rules if rule.path and _fits(rule.path, target)]
    best = max(fitting, key=lambda rule: (len(rule.path), rule.is_allowed), default=None)
    return best is None or best.is_allowed


def _groups(text: str) -> dict[str, list[Rule]]:
    groups: dict[str, list[Rule]] = {}
    agents: list[str] = []
    is_open = False
    n_rules = 0
    for name, value in _lines(text):
        if name == "user-agent":
            agents = [*agents, value.lower()] if is_open else [value.lower()]
            is_open = True
            for agent in agents:
                groups.setdefault(agent, [])
        elif name in ("allow", "disallow") and n_rules < RULES_MAX:
            is_open = False
            n_rules += 1
            for agent in agents:
                groups[agent].append(Rule(name == "allow", value))
    return groups


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _fits(path: str, target: str) -> bool:
    """Say whether a rule's path fits the beginning of `target`, with ``$`` all of it."""
    is_whole = path.endswith("$")
    first, *others = path.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1] if is_whole else others:
        found = target.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if not is_whole:
        return True
    last = others[-1] if others else ""
    return (
        target.endswith(last) and len(target) - len(last) >= place
        if others
        else (place == len(target))
    )
