"""Fault switches: rules that make an endpoint fail, wait, or lose its answer."""

from fnmatch import fnmatchcase
from random import Random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .altered import ALTERATIONS


class FaultRule(BaseModel):
    """It skips `after` matching requests, then fires on every n-th, at most `times` times; or on a
    share of them, drawn from `seed`."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    path: str = Field(
        description="A path template as in /_sandbox/requests, or a glob, e.g. `/orders*`."
    )
    status: int | None = Field(None, ge=200, le=599)
    body: Any = None
    content_type: str = "application/json"
    headers: dict[str, str] = {}
    delay: float = Field(0, ge=0, description="Seconds to wait before anything else.")
    drop: bool = Field(False, description="Do the work, then close the connection unanswered.")
    hang: float = Field(0, ge=0, description="Do the work, then wait so long with the answer.")
    alter: Literal[ALTERATIONS] | None = Field(
        None, description="Do the work, then say this of it."
    )
    relabel: str | None = Field(None, description="Answer with this content type.")
    every: int = Field(1, ge=1)
    share: float | None = Field(None, gt=0, lt=1, description="Of the requests, at random.")
    seed: int = 0
    times: int | None = Field(None, ge=0)
    after: int = Field(0, ge=0)


class Faults:
    """The active rules, and the numbers of requests that each matched and fired on."""

    def __init__(self):
        self._rules: list[list] = []  # [rule, matched, fired, Random]

    def replace(self, rules: list[FaultRule]):
        """Replace all rules with `rules`."""
        self._rules = [[rule, 0, 0, Random(rule.seed)] for rule in rules]

    def describe(self):
        """Return the rules with their counters."""
        return [
            rule.model_dump(exclude_defaults=True) | {"matched": matched, "fired": fired}
            for rule, matched, fired, _random in self._rules
        ]

    def pick(self, method: str, template: str, path: str) -> FaultRule | None:
        """Count one request against every rule; return the first that fires on it."""
        chosen = None
        for entry in self._rules:
            rule = entry[0]
            if not _matches(rule, method, template, path):
                continue
            entry[1] += 1
            turn = entry[1] - rule.after
            if chosen or turn < 1 or turn % rule.every:
                continue
            if rule.share and entry[3].random() >= rule.share:
                continue
            if rule.times is not None and entry[2] >= rule.times:
                continue
            entry[2] += 1
            chosen = rule
        return chosen


def _matches(rule, method, template, path):
    if rule.method and rule.method.upper() != method:
        return False
    return rule.path in (template, path) or fnmatchcase(path, rule.path)
