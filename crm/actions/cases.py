"""Cases: what a customer waits to see settled."""

from types import EllipsisType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import timeline
from crm.actions.customers import tell
from crm.models import Case, Customer, TimelineEntry
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership
from tenants.refusals import Refused


class InvalidCase(Refused):
    """A case without a subject, or of a kind there is not."""


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    subject: str,
    by: Actor,
    kind: str = Case.Kind.COMPLAINT,
    context_id: UUID | None = None,
    assignee: Membership | None = None,
) -> Case:
    """Open a case. `context_id` is the conversation it came up in. Raises `InvalidCase`."""
    subject = _subject(subject)
    _check_kind(kind)
    case = Case.objects.create(
        customer=customer,
        kind=kind,
        subject=subject,
        context_id=context_id,
        assignee=assignee,
        opened_by=by.membership,
        opened_at=timezone.now(),
    )
    audit.record("case.opened", target=case, by=by, kind=kind)
    _tell(case, by, event="opened")
    return case


def _subject(text: str) -> str:
    subject = one_line(text, 200)
    if not subject:
        raise InvalidCase(_("Say in a few words what it is about."), "subject")
    return subject


def _check_kind(kind: str) -> None:
    if kind not in Case.Kind:
        raise InvalidCase(_("There is no such kind of case."), "kind")


@transaction.atomic
def update_case(
    *,
    case: Case,
    by: Actor,
    kind: str | None = None,
    subject: str | None = None,
    assignee: Membership | EllipsisType | None = ...,
) -> Case:
    """Change what is given and keep the rest; no assignee is nobody in particular. Raises `InvalidCase`."""
    case = _locked(case)
    wanted: dict[str, Any] = {}
    if kind is not None:
        _check_kind(kind)
        wanted["kind"] = kind
    if subject is not None:
        wanted["subject"] = _subject(subject)
    if assignee is not ...:
        wanted["assignee"] = assignee
    changed = [name for name, value in wanted.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, wanted[name])
    if changed:
        case.save(update_fields=changed)
        audit.record("case.changed", target=case, by=by, fields=changed)
        tell(case.customer_id)
    return case


def _locked(case: Case) -> Case:
    rows: Any = Case.objects.select_for_update(of=("self",)).select_related("customer", "assignee__user")
    found: Case = rows.get(pk=case.pk)
    return found


@transaction.atomic
def resolve_case(*, case: Case, by: Actor, resolution: str = "") -> Case:
    """Settle a case; one that is settled already stays as it is."""
    case = _locked(case)
    if case.resolved_at:
        return case
    case.resolved_at = timezone.now()
    case.resolution = one_line(resolution, 500)
    case.save(update_fields=["resolved_at", "resolution"])
    audit.record("case.resolved", target=case, by=by)
    _tell(case, by, event="resolved", resolution=case.resolution)
    return case


@transaction.atomic
def reopen_case(*, case: Case, by: Actor) -> Case:
    """Not settled after all; one that is open stays as it is. How it was settled is forgotten."""
    case = _locked(case)
    if case.resolved_at is None:
        return case
    case.resolved_at, case.resolution = None, ""
    case.save(update_fields=["resolved_at", "resolution"])
    audit.record("case.reopened", target=case, by=by)
    _tell(case, by, event="reopened")
    return case


def _tell(case: Case, by: Actor, **data: str) -> None:
    timeline.record(
        customer=case.customer,
        kind=TimelineEntry.Kind.CASE,
        happened_at=timezone.now() if data["event"] == "reopened" else case.resolved_at or case.opened_at,
        object_id=case.id,
        context_id=case.context_id,
        actor_label=by.label,
        data={"kind": case.kind, "subject": case.subject, **data},
    )
    tell(case.customer_id)
