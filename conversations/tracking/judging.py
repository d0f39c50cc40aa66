"""A worker's verdict over what was fetched: alone it may look like a person, together it may not.

Several links of one mail within two seconds, or the link that nobody sees around the same time: a machine
went through the mail. What is left was a person, and only that reaches the recipient's line.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from conversations.actions.campaigns import marks
from conversations.models import Touch

AROUND = timedelta(seconds=30)  # of the trap
AT_ONCE = timedelta(seconds=2)
WAIT = AROUND + AT_ONCE  # before a touch is judged: what comes after it counts, too
MOST = 500  # in one go
Kind, Sign, Verdict = Touch.Kind, Touch.Sign, Touch.Verdict


def judge_due(now: datetime | None = None) -> bool:
    """Judge what waited long enough, some at a time; True when there is more. Harmless twice."""
    now = now or timezone.now()
    waiting = Touch.objects.filter(verdict=Verdict.UNVERIFIED, at__lte=now - WAIT).order_by("at")
    rows = list(waiting.select_for_update(skip_locked=True, of=("self",))[:MOST])
    around = _around(rows)
    people: list[Touch] = []
    machines: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        if sign := sign_of(row, around[row.recipient_id]):
            machines[sign].append(row.pk)
        else:
            people.append(row)
    for sign, ids in machines.items():
        Touch.objects.filter(pk__in=ids).update(verdict=Verdict.MACHINE, sign=sign)
    Touch.objects.filter(pk__in=[one.pk for one in people]).update(verdict=Verdict.PERSON)
    for one in people:
        mark = marks.clicked if one.kind == Kind.CLICK else marks.opened
        mark(one.recipient_id, one.at)
    return len(rows) == MOST


def sign_of(row: Touch, around: Sequence[Touch]) -> str:
    """By what a machine is told from what else was fetched of the same mail."""
    near = [one for one in around if abs(one.at - row.at) <= AROUND]
    if any(one.kind == Kind.TRAP for one in near):
        return Sign.TRAP
    links = {one.number for one in around if one.kind == Kind.CLICK and abs(one.at - row.at) <= AT_ONCE}
    return Sign.BURST if len(links) > 1 and row.kind == Kind.CLICK else ""


def _around(rows: Sequence[Touch]) -> dict[UUID, list[Touch]]:
    """All that was fetched of the same mails around that time."""
    found: defaultdict[UUID, list[Touch]] = defaultdict(list)
    if rows:
        first, last = rows[0].at - AROUND, rows[-1].at + AROUND
        theirs = Q(recipient__in={one.recipient_id for one in rows}, at__gte=first, at__lte=last)
        for one in Touch.objects.filter(theirs):
            found[one.recipient_id].append(one)
    return found
