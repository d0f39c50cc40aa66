"""Forgetting a customer: planned, taken back for a week, then done in small steps that a kill cannot spoil.

The order of the steps is what makes it safe to be killed anywhere. First the addresses leave a keyed hash
behind; then their traces are looked for in tables that hang on nobody, while the addresses are still there
to look with; then the rows go, those that hang on others first, each batch with its files in a transaction
of its own; the customer himself goes last. Whoever runs it again finds what is left by the same walk.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BinaryField, F, FileField, Func, IntegerField, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import erased, holdings
from crm.actions.customers import tell
from crm.models import Customer, ErasedTotal, Erasure, Identity, PrivacyRequest
from tenants import audit, doors
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.models import AuditEvent
from tenants.permissions import Sees
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id, tenant_scope

GRACE = timedelta(days=7)
LONGEST_GRACE = 60  # days
SHORTEST_TRACE = 6  # characters: shorter ones are found in everything
SEARCHED = 2_000  # rows at once
PIECE = 1024 * 1024  # bytes of a file
WHEN = (
    "happened_at",
    "placed_at",
    "starts_at",
    "paid_at",
    "opened_at",
    "received_at",
    "made_at",
    "created_at",
)


class CannotErase(Refused):
    """Who may not see everything of a customer cannot say that all of it is to go."""


class ErasedAlready(Conflicting):
    """It can no longer be taken back, or is planned already."""


# --- planning ---


@transaction.atomic
def plan_erasure(
    *,
    customer: Customer,
    by: Actor,
    reason: str = Erasure.Reason.ASKED,
    request: PrivacyRequest | None = None,
    days: int = GRACE.days,
) -> Erasure:
    """Say that a customer is to be forgotten after so many days. Raises `CannotErase`, `ErasedAlready`."""
    if by.sees != Sees.ALL:
        raise CannotErase(
            _("Ask somebody who sees every conversation: everything of this customer would go.")
        )
    if not 0 <= days <= LONGEST_GRACE:
        raise CannotErase(_("Choose between 0 and %(most)s days.") % {"most": LONGEST_GRACE}, "days")
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if planned_for(customer):
        raise ErasedAlready(_("This customer is to be erased already."))
    erasure: Erasure = Erasure.objects.create(
        customer=customer,
        request=request,
        reason=reason,
        asked_by_label=by.label[:150],
        due_at=timezone.now() + timedelta(days=days),
    )
    audit.record("customer.erasure_planned", target=customer, by=by, days=days, reason=str(reason))
    tell(customer.pk)
    if not days:
        _ring(erasure)
    return erasure


def _ring(erasure: Erasure) -> None:
    from crm.privacy_tasks import erase_customer  # noqa: PLC0415 -- the task names this module

    ring(erase_customer, erasure.tenant_id, erasure.pk)


def planned_for(customer: Customer) -> Erasure | None:
    """What is planned for a customer."""
    waiting = (Erasure.State.PLANNED, Erasure.State.RUNNING)
    found: Erasure | None = Erasure.objects.filter(customer=customer, state__in=waiting).first()
    return found


@transaction.atomic
def cancel_erasure(*, erasure: Erasure, by: Actor) -> Erasure:
    """Take it back while there is time. Raises `ErasedAlready`."""
    erasure = Erasure.objects.select_for_update(of=("self",)).select_related("customer").get(pk=erasure.pk)
    if erasure.state == Erasure.State.CANCELLED:
        return erasure
    if erasure.state != Erasure.State.PLANNED:
        raise ErasedAlready(_("It has begun and cannot be taken back."))
    erasure.state, erasure.due_at = Erasure.State.CANCELLED, None
    erasure.save(update_fields=["state", "due_at"])
    audit.record("customer.erasure_cancelled", target=erasure.customer, by=by)
    if erasure.customer_id:
        tell(erasure.customer_id)
    return erasure


# --- doing it: each step in a transaction of its own ---


def run_erasure(tenant_id: UUID, erasure_id: UUID) -> bool:
    """Forget the customer of an erasure that is due; False when there is nothing to do. Harmless twice."""
    with tenant_scope(tenant_id):
        people = _begin(erasure_id)
        if people is None:
            return False
        traces = traces_of(people)
    _search_elsewhere(tenant_id, traces, people)
    _remove(tenant_id, erasure_id, people)
    with tenant_scope(tenant_id):
        _finish(erasure_id, people)
    return True


def _begin(erasure_id: UUID) -> list[UUID] | None:
    """Let nobody take it back any more; who is to be forgotten, None when it is not due or over."""
    free = Erasure.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=erasure_id)
    erasure = free.select_related("customer").first()
    waiting = (Erasure.State.PLANNED, Erasure.State.RUNNING)
    if erasure is None or erasure.state not in waiting or erasure.due_at > timezone.now():
        return None
    erasure.state = Erasure.State.RUNNING
    erasure.save(update_fields=["state"])
    if erasure.customer is None:
        return []
    people = holdings.people_of(erasure.customer)
    erased.set_tombstones(people)
    return people


# --- traces in tables that hang on nobody ---


def traces_of(people: Sequence[UUID]) -> list[str]:
    """Words by which a customer is known again: addresses as kept and shown, digits, names, identifiers."""
    found: set[str] = {form for pk in people for form in (str(pk), pk.hex)}
    for kind, value, display in Identity.objects.filter(customer__in=people).values_list(
        "kind", "value", "display"
    ):
        found |= {value, display}
        if kind in erased.PHONES:
            found.add(re.sub(r"\D", "", value))
    for name in Customer.objects.filter(pk__in=people).values_list("name", flat=True):
        if " " in name.strip() or len(name) > 2 * SHORTEST_TRACE:
            found.add(name.strip())
    return sorted(word for word in found if len(word) >= SHORTEST_TRACE)


def _search_elsewhere(tenant_id: UUID, traces: list[str], people: Sequence[UUID]) -> None:
    if not traces:
        return
    for model, fields, condition in holdings.elsewhere():
        last = UUID(int=0)
        while True:
            with tenant_scope(tenant_id):
                rows = model.objects.filter(condition, pk__gt=last).order_by("pk")
                ids = list(rows.values_list("pk", flat=True)[:SEARCHED])
                if ids:
                    last = ids[-1]
                    _empty_where_found(model, fields, ids, traces, people)
            if not ids:
                break


def _empty_where_found(
    model: Any, fields: list[Any], ids: list[UUID], traces: list[str], people: Sequence[UUID]
) -> int:
    """Empty the personal fields of rows in which a trace is found; returns how many rows.

    Of what tells of many customers only `people` are taken out.
    """
    rows = model.objects.filter(pk__in=ids)
    emptied = 0
    texts = [column for column in fields if not isinstance(column, FileField)]
    for column in texts:
        found = _naming(rows, column, traces)
        if cut := holdings.cutting(model._meta.label_lower, column.name):
            emptied += _cut_out(found, column.name, cut, people)
            continue
        emptied += found.update(**{column.name: holdings.empty_value(column)})
    files = [column for column in fields if isinstance(column, FileField)]
    for row in rows if files else ():
        if any(_file_names(getattr(row, column.name), traces) for column in files):
            for column in files:
                getattr(row, column.name).delete(save=False)
            row.save(update_fields=[column.name for column in files])
            emptied += 1
    return emptied


def _cut_out(rows: Any, name: str, cut: holdings.Cut, people: Sequence[UUID]) -> int:
    held = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in held:
        setattr(row, name, cut(getattr(row, name), people))
        row.save(update_fields=[name])
    return len(held)


def _naming(rows: Any, column: Any, traces: list[str]) -> Any:
    """Rows whose field holds one of some words."""
    if isinstance(column, BinaryField):
        condition, named = Q(), {}
        for number, trace in enumerate(traces):
            place = Func(
                Value(trace.encode(), output_field=BinaryField()),
                F(column.name),
                template="position(%(expressions)s)",
                arg_joiner=" IN ",
                output_field=IntegerField(),
            )
            named[f"_trace_{number}"] = place
            condition |= Q(**{f"_trace_{number}__gt": 0})
        found = rows.annotate(**named).filter(condition)
        return rows.model.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    condition = Q()
    for trace in traces:
        condition |= Q(_words__icontains=trace)
    words = Cast(column.name, TextField())
    ids = list(rows.annotate(_words=words).filter(condition).values_list("pk", flat=True))
    return rows.model.objects.filter(pk__in=ids)


def _file_names(file: Any, traces: list[str]) -> bool:
    """Whether a stored file holds one of some words; what is packed cannot be read so."""
    if not file or not file.storage.exists(file.name):
        return False
    words = [trace.lower().encode() for trace in traces]
    longest, kept = max(map(len, words)), b""
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            seen = (kept + piece).lower()
            if any(word in seen for word in words):
                return True
            kept = piece[-longest:]
    return False


# --- what hangs on him ---


def _remove(tenant_id: UUID, erasure_id: UUID, people: list[UUID]) -> None:
    for part in holdings.parts():
        kept = holdings.is_kept(part.label)
        while True:
            with tenant_scope(tenant_id):
                rows = part.rows(people)
                if kept:
                    _empty(part, rows.exclude(pk=erasure_id))
                    break
                ids = list(rows.order_by().values_list("pk", flat=True)[: holdings.BATCH])
                if not ids:
                    break
                _remove_rows(part, sorted(set(ids)), erasure_id)


def _empty(part: holdings.Part, rows: Any) -> int:
    """Take every word out of rows that stay."""
    number = 0
    columns = [one for one in part.model._meta.concrete_fields if holdings.holds_words(one)]
    for row in rows:
        for column in columns:
            if isinstance(column, FileField):
                getattr(row, column.name).delete(save=False)
            elif column.name not in KEPT_WORDS:
                setattr(row, column.name, holdings.empty_value(column, row.pk))
        row.save(update_fields=[one.name for one in columns])
        number += 1
    _forget_elsewhere([row.pk for row in rows])
    return number


KEPT_WORDS = frozenset({"country"})  # of rows that stay: whose law counted the days


def _remove_rows(part: holdings.Part, ids: list[UUID], erasure_id: UUID) -> int:
    """Some rows with their files and what else names them, counted."""
    rows = part.model.objects.filter(pk__in=ids)
    for row in rows if part.files() else ():
        for column in part.files():
            if file := getattr(row, column.name):
                file.storage.delete(file.name)
    _forget_elsewhere(ids)
    holdings.go_along(part.label, ids)
    _count(part, rows)
    number = rows.delete()[0]
    _note(erasure_id, part.label, number)
    return int(number)


def _forget_elsewhere(ids: Sequence[UUID]) -> None:
    """Empty what the audit trail tells of some rows, and close the doors that lead to them."""
    AuditEvent.objects.filter(target_id__in=ids).exclude(details={}).update(details={})
    doors.close_all(tenant_id=current_tenant_id(), target_ids=ids)


def _count(part: holdings.Part, rows: Any) -> None:
    """Keep how many there were of each month."""
    names = {column.name for column in part.model._meta.concrete_fields}
    moment = next((name for name in WHEN if name in names), None)
    if moment is None:
        return
    months = Counter(when.date().replace(day=1) for when in rows.values_list(moment, flat=True) if when)
    for month, number in months.items():
        add_total(part.label, month, number)


def add_total(what: str, month: date, number: int) -> None:
    """So many more rows of a month that statistics still count."""
    ErasedTotal.objects.get_or_create(what=what, month=month)
    ErasedTotal.objects.filter(what=what, month=month).update(number=F("number") + number)


def _note(erasure_id: UUID, label: str, number: int) -> None:
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure_id)
    erasure.removed[label] = erasure.removed.get(label, 0) + number
    erasure.save(update_fields=["removed"])


def _finish(erasure_id: UUID, people: list[UUID]) -> None:
    """The customer himself, with whatever came meanwhile, and the last word about it."""
    for part in holdings.parts():  # what came between the last step and this one
        if not holdings.is_kept(part.label) and part.files():
            ids = list(part.rows(people).order_by().values_list("pk", flat=True))
            if ids:
                _remove_rows(part, ids, erasure_id)
    for customer in Customer.objects.filter(pk__in=people):
        add_total("crm.customer", customer.created_at.date().replace(day=1), 1)
    _forget_elsewhere(people)
    Customer.objects.filter(pk__in=people).delete()
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure_id)
    erasure.state, erasure.done_at, erasure.customer = Erasure.State.DONE, timezone.now(), None
    erasure.save(update_fields=["state", "done_at", "customer"])
    audit.record("customer.erased", target=erasure, by=Actor.system(), rows=sum(erasure.removed.values()))
    for pk in people:
        tell(pk)
