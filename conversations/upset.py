"""Whether those who get something have reason to be upset, told before anything is sent.

Of a campaign by what its segments ask: an open complaint, a bad rating, an answer that is owed, a label or a
list by a name that says so. Some of them are enough. Who only stayed away is not upset.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from conversations import gate
from conversations.left_out import BAD_RATING, COMPLAINT_OPEN, UPSET
from crm.models import Case, Label, Purpose, Segment
from crm.segments import rules
from tenants.kit.text import bare

Node = Mapping[str, Any]
NAMED = re.compile(
    r"\b(?:quej|reclam|molest|enoj|enfad|furi|insatisf|inconform|descontent|decepcion|chatead|irritad"
    r"|complain|upset|angry|unhappy|dissatisf|disappoint)"
)
WITHOUT = re.compile(r"\b(?:sin|sem|no|nao|not|without)\b")


def customer(customer_id: UUID) -> bool:
    """Whether one customer has: a complaint is open, he wrote upset, or he rated badly lately."""
    found = gate.judge([customer_id], purpose=Purpose.PROMOTION, at=timezone.now())
    return found.get(customer_id) in (COMPLAINT_OPEN, UPSET, BAD_RATING)


def segments(ids: Collection[UUID]) -> bool:
    """Whether some of those in any of these segments have. Three queries at most."""
    known = {str(one.pk): one for one in Segment.objects.standing()} if ids else {}
    labels = {str(pk): name for pk, name in Label.objects.values_list("pk", "name")} if known else {}
    telling = _Telling(known, labels, gate.policy().rating_most)
    return any(telling.of_segment(str(pk), ()) for pk in ids)


class _Telling:
    """What rules ask, with the segments and labels they name."""

    def __init__(self, known: Mapping[str, Segment], labels: Mapping[str, str], worst: int) -> None:
        self.known, self.labels, self.worst = known, labels, worst

    def of_segment(self, pk: str, path: tuple[str, ...]) -> bool:
        one = self.known.get(pk)
        if one is None or pk in path:
            return False
        if one.is_list:
            return _is_name_of_upset(one.name)
        return self._of_group(one.rule["where"], True, (*path, pk))

    def _of_group(self, node: Node, wanted: bool, path: tuple[str, ...]) -> bool:
        """Whether a group asks for it; within “none of” it is what is not wanted."""
        match = rules.match_of(node)
        wanted = wanted != (match == rules.NONE)
        return any(
            self._of_group(one, wanted, path) if rules.match_of(one) else self._of_one(one, wanted, path)
            for one in node[match]
        )

    def _of_one(self, one: Node, wanted: bool, path: tuple[str, ...]) -> bool:
        key, op = one["is"], one.get("op")
        if key == "segment":
            return (op == "in") == wanted and self.of_segment(str(one.get("segment")), path)
        if key in ("label", "conversations.label"):
            return (op not in ("none_of", "has_not")) == wanted and self._is_named(one)
        if key == "cases.open":
            return (op == "has") == wanted and _of_complaints(one)
        if key == "conversations.waiting":
            return (op == "has") == wanted
        if key == "cases.count":
            return wanted and op != "at_most" and one["n"] > 0 and _of_complaints(one)
        return wanted and key == "ratings.last" and op != "at_least" and one["n"] <= self.worst

    def _is_named(self, one: Node) -> bool:
        return any(_is_name_of_upset(self.labels.get(str(pk), "")) for pk in one["labels"])


def _is_name_of_upset(name: str) -> bool:
    return bool(NAMED.search(bare(name))) and not WITHOUT.search(bare(name))


def _of_complaints(one: Node) -> bool:
    return one.get("kind") in (None, Case.Kind.COMPLAINT)
