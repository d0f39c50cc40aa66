"""Asking for a file of what one may see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from crm import queries
from crm.exports import tables
from crm.imports.bells import ring_export
from crm.listing import filters as list_filters
from crm.listing.filters import BadFilter
from crm.models import Export, Import, Label
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused

MOST_IDS = 10_000
NEEDS = {
    Import.Target.CUSTOMERS: Permission.CUSTOMERS_READ,
    Import.Target.ORDERS: Permission.ORDERS_READ,
    Import.Target.APPOINTMENTS: Permission.ORDERS_READ,
    Import.Target.CONSENTS: Permission.CUSTOMERS_READ,
}


class CannotExport(Refused):
    """This cannot be exported so; the sentence says why."""


class NotReady(Conflicting):
    """The file is not there: not yet, or no longer."""


@transaction.atomic
def ask(
    *,
    target: str,
    by: Actor,
    format: str = Export.Format.CSV,
    columns: Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
) -> Export:
    """Let a worker make a file of what the actor may see; only he gets it.

    `filters`: `label_id`, `ids` of customers, `since` and `until` (customers by when they came, the others
    by when they happened); `filter` and `q` as the list of customers has them: all whom it shows by these.
    Raises `CannotExport`, `PermissionDenied`.
    """
    if target not in Import.Target.values:
        raise CannotExport(_("There is nothing of this kind to export."), "target")
    if not by.can(NEEDS[Import.Target(target)]):
        raise CannotExport(_("You may not export this."), "target")
    if format not in Export.Format.values:
        raise CannotExport(_("There is no such format: use csv or xlsx."), "format")
    export: Export = Export.objects.create(
        target=target,
        format=format,
        columns=_columns(target, columns),
        filters=_filters(filters or {}, by),
        membership=by.membership,
        api_key=by.api_key,
        due_at=timezone.now(),
    )
    audit.record(
        "export.asked", target=export, by=by, of=target, format=format, columns=export.columns[:60],
        filters=_told(export.filters),
        chosen=len(export.filters.get("ids", [])),
    )  # fmt: skip
    ring_export(export)
    return export


def _told(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Filters as the audit trail has them: nobody's name stands there."""
    told = {name: value for name, value in filters.items() if name not in {"ids", "q", "filter"}}
    return {**told, "filter": sorted(filters["filter"])} if "filter" in filters else told


def _columns(target: str, wanted: Sequence[str] | None) -> list[str]:
    known = [column.code for column in tables.columns(target)]
    if not wanted:
        return known
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise CannotExport(_("There is no column %(name)s.") % {"name": str(unknown[0])[:60]}, "columns")
    return list(dict.fromkeys(wanted))


def _filters(given: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if given.get("label_id"):
        label = Label.objects.filter(pk=_uuid(given["label_id"], "label_id")).first()
        if label is None:
            raise CannotExport(_("What you chose is no longer there. Choose again."), "label_id")
        filters["label_id"] = str(label.pk)
    if given.get("ids"):
        if len(given["ids"]) > MOST_IDS:
            raise CannotExport(_("At most %(count)s customers at once.") % {"count": MOST_IDS}, "ids")
        seen = queries.customers_visible_to(by).filter(pk__any=[_uuid(one, "ids") for one in given["ids"]])
        filters["ids"] = [str(one) for one in seen.values_list("pk", flat=True)]
    for name in ("since", "until"):
        if given.get(name):
            filters[name] = _moment(given[name], name)
    if "filter" in given or given.get("q"):
        filters |= {"q": one_line(given.get("q", ""), 100), "filter": _of_list(given.get("filter", {}), by)}
    return filters


def _of_list(given: Mapping[str, Sequence[str]], by: Actor) -> dict[str, list[str]]:
    try:
        found = list_filters.read(given, strictly=True)
    except BadFilter as refusal:
        raise CannotExport(f"{refusal.field}: {refusal}", "filter") from None
    list_filters.check_allowed(found, by)
    return {one.name: list(one.texts) for one in found}


def _uuid(given: Any, field: str) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise CannotExport(_("There is nothing with this identifier."), field) from None


def _moment(given: Any, field: str) -> str:
    try:
        day = parse_date(str(given))
        moment = parse_datetime(f"{day}T00:00:00" if day else str(given))
        if moment is None:
            raise ValueError
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).isoformat()
    except (ValueError, OverflowError):
        raise CannotExport(_("This is not a date: write it as 2026-11-21."), field) from None


def download(*, export: Export, by: Actor) -> Export:
    """Note that somebody takes the file. Raises `NotReady`."""
    if export.state != Export.State.DONE or not export.file:
        raise NotReady(_("This file is not here: it is being made, or was deleted after seven days."))
    audit.record("export.downloaded", target=export, by=by, of=export.target, rows=export.rows)
    return export
