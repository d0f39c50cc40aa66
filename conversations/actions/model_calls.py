"""One call of a business's model: allowed, paid for beforehand, made, settled, written down.

What a call may cost at most is booked before it is made, so that many at once never spend more than the
budget; a call that was lost on its way stays booked. Nothing is locked while the model thinks.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from conversations import model_wire
from conversations.model_wire import Message, NotSaid, Said, Server
from conversations.models import ModelCall, ModelEndpoint, ModelUsage
from tenants.db.prepared import prepared
from tenants.kit.ratelimit import allow
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.model")
CHECK = "check"
LETTERS = 3
"""Of a token, where nobody counts: rather too few."""
ENOUGH_FAILURES = 3
PAUSE = timedelta(seconds=60)
LONG_PAUSE = timedelta(minutes=10)
LOST = timedelta(minutes=5)
"""A call that has not come back by then will not."""
KEPT = timedelta(days=400)
Outcome = ModelCall.Outcome
STRIKES = (Outcome.SLOW, Outcome.BROKEN, Outcome.UNREACHED, Outcome.NONSENSE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it is made: where, by which row, with what booked."""

    server: Server
    call_id: UUID
    use: str
    month: date
    most: int
    seconds: float
    version: int


def first_of_month(at: datetime | None = None) -> date:
    """The first day of the month, in the business's own zone."""
    return (at or timezone.now()).astimezone(own().zone).date().replace(day=1)


def first_of_next(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def tokens_of(messages: Sequence[Message]) -> int:
    """About how many tokens messages are, rather too many."""
    return sum(len(message["content"]) // LETTERS + 8 for message in messages)


@prepared(ModelEndpoint, without=("secrets",))
def _endpoints() -> QuerySet[ModelEndpoint]:
    return ModelEndpoint.objects.all()


def available(use: str | None = None) -> ModelEndpoint | None:
    """The model, if it may be asked for this, or for anything, now; looks, and promises nothing."""
    endpoint = next(iter(_endpoints()), None)
    if endpoint is None or not endpoint.is_on or (use and use not in endpoint.uses):
        return None
    if endpoint.spent_up_on == first_of_month():
        return None
    paused = endpoint.paused_until is not None and endpoint.paused_until > timezone.now()
    return None if paused else endpoint


def open_call(
    use: str, *, conversation_id: UUID | None = None, membership_id: UUID | None = None
) -> ModelCall:
    """A row for a call that a worker is to make."""
    call: ModelCall = ModelCall.objects.create(
        use=use, conversation_id=conversation_id, membership_id=membership_id
    )
    return call


def ask(
    tenant_id: UUID | str,
    call_id: UUID,
    messages: Sequence[Message],
    *,
    seconds: float | None = None,
) -> Said:
    """Make a call that was opened. Harmless when run twice: the second finds it taken. Raises `NotSaid`.

    Call it outside of any scope: nothing may be held while the model thinks.
    """
    asked = _begin(tenant_id, call_id, messages, seconds)
    started = time.monotonic()
    try:
        said = model_wire.complete(asked.server, messages, most=asked.most, seconds=asked.seconds)
    except NotSaid as error:
        _settle(tenant_id, asked, started, messages, error)
        raise
    _settle(tenant_id, asked, started, messages, said)
    return said


def conclude(call: ModelCall, outcome: Outcome, faults: Sequence[str] = ()) -> None:
    """Write down what became of what the model said; the business is in scope."""
    ModelCall.objects.filter(pk=call.pk).update(outcome=outcome, faults=sorted(set(faults)))
    if outcome in (Outcome.USED, Outcome.WARNED):
        month = first_of_month(call.created_at)
        ModelUsage.objects.filter(month=month, use=call.use).update(used=F("used") + 1)


def _begin(tenant_id: UUID | str, call_id: UUID, messages: Sequence[Message], seconds: float | None) -> Asked:
    with tenant_scope(tenant_id):
        endpoint = ModelEndpoint.objects.select_for_update().first()
        taken = ModelCall.objects.filter(pk=call_id, outcome=Outcome.WAITING).update(outcome=Outcome.CALLING)
        if not taken:
            raise NotSaid(Outcome.OFF)
        call = ModelCall.objects.get(pk=call_id)
        month = first_of_month()
        refused = _refused(endpoint, call.use, month)
        if endpoint is None or refused:
            ModelCall.objects.filter(pk=call_id).update(outcome=refused)
        else:
            most = endpoint.most_output
            if not _book(endpoint, call, month, tokens_of(messages), most):
                refused = Outcome.BUDGET
    if endpoint is None or refused:
        raise NotSaid(refused or Outcome.OFF)
    server = Server(endpoint.base_url, endpoint.model, endpoint.secrets.get("key", ""), endpoint.limit_name)
    wait = min(seconds or endpoint.seconds, endpoint.seconds)
    return Asked(server, call_id, call.use, month, most, wait, endpoint.version)


def _refused(endpoint: ModelEndpoint | None, use: str, month: date) -> Outcome | None:
    """Why a call is not made; a test is made also while the model is off or paused."""
    if endpoint is None:
        return Outcome.OFF
    if not allow("model", str(endpoint.tenant_id), limit=endpoint.per_minute, seconds=60):
        return Outcome.LIMIT
    if use == CHECK:
        return None
    if not endpoint.is_on or use not in endpoint.uses:
        return Outcome.OFF
    if endpoint.paused_until is not None and endpoint.paused_until > timezone.now():
        return Outcome.PAUSED
    return Outcome.BUDGET if endpoint.spent_up_on == month else None


def _book(endpoint: ModelEndpoint, call: ModelCall, month: date, read: int, most: int) -> bool:
    """Count the most that a call may cost; False where the budget does not take it. The row is locked."""
    cost = endpoint.price(read, most)
    usage, is_new = ModelUsage.objects.get_or_create(month=month, use=call.use)
    if is_new:
        ModelCall.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    if call.use != CHECK and cost and spent(month) + cost > endpoint.budget:
        ModelEndpoint.objects.filter(pk=endpoint.pk).update(spent_up_on=month)
        ModelCall.objects.filter(pk=call.pk).update(outcome=Outcome.BUDGET)
        return False
    ModelUsage.objects.filter(pk=usage.pk).update(
        calls=F("calls") + 1, read=F("read") + read, written=F("written") + most, cost=F("cost") + cost
    )
    ModelCall.objects.filter(pk=call.pk).update(
        model=endpoint.model, read=read, written=most, cost=cost, currency=endpoint.currency
    )
    return True


def spent(month: date) -> Any:
    """What a month's calls cost, those on their way at the most they may."""
    return ModelUsage.objects.filter(month=month).aggregate(sum=Sum("cost"))["sum"] or 0


def _settle(
    tenant_id: UUID | str, asked: Asked, started: float, messages: Sequence[Message], end: Said | NotSaid
) -> None:
    """Count what a call really took, and mind how the server behaves."""
    milliseconds = round((time.monotonic() - started) * 1_000)
    with tenant_scope(tenant_id):
        endpoint = ModelEndpoint.objects.select_for_update().first()
        call = ModelCall.objects.get(pk=asked.call_id)
        read, written = _taken(call, messages, end)
        cost = call.cost if endpoint is None else endpoint.price(read, written)
        failed = isinstance(end, NotSaid)
        ModelUsage.objects.filter(month=asked.month, use=asked.use).update(
            read=F("read") + read - call.read,
            written=F("written") + written - call.written,
            cost=F("cost") + cost - call.cost,
            failed=F("failed") + int(failed),
        )
        changes = {"read": read, "written": written, "cost": cost, "milliseconds": milliseconds}
        if isinstance(end, NotSaid):
            changes["outcome"] = end.outcome
        ModelCall.objects.filter(pk=call.pk).update(**changes)
        if endpoint is not None and endpoint.version == asked.version:
            _mind(endpoint, end)
    log.info(
        "model called",
        use=asked.use,
        outcome=end.outcome.value if isinstance(end, NotSaid) else "said",
        ms=milliseconds,
        read=read,
        written=written,
    )


def _taken(call: ModelCall, messages: Sequence[Message], end: Said | NotSaid) -> tuple[int, int]:
    """Tokens read and written. Where nobody says: as booked if it may have been made, else none."""
    if isinstance(end, NotSaid):
        return (call.read, call.written) if end.is_paid else (0, 0)
    read = tokens_of(messages) if end.read is None else end.read
    written = len(end.text) // LETTERS + 1 if end.written is None else end.written
    return read, written


def _mind(endpoint: ModelEndpoint, end: Said | NotSaid) -> None:
    """Leave a server alone that asks for it or fails again and again."""
    if isinstance(end, Said):
        endpoint.failures, endpoint.paused_until = 0, None
        endpoint.limit_name = end.limit_name
    else:
        now = timezone.now()
        endpoint.failures = min(endpoint.failures + 1, 1_000) if end.outcome in STRIKES else endpoint.failures
        if end.wait:
            endpoint.paused_until = now + timedelta(seconds=end.wait)
        elif end.outcome in (Outcome.QUOTA, Outcome.KEY):
            endpoint.paused_until = now + LONG_PAUSE
        elif endpoint.failures >= ENOUGH_FAILURES:
            endpoint.paused_until = now + PAUSE
    endpoint.save(update_fields=["failures", "paused_until", "limit_name", "updated_at"])
