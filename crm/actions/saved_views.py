"""Saved views of the list of customers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.listing import columns as cols
from crm.listing import filters as known
from crm.listing import sorts
from crm.models import SavedView
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused

MOST = 100  # of one person, and shared ones


class InvalidView(Refused):
    """A view without a name, or one that this person may not change."""


class ViewExists(Conflicting):
    """Another view has this name."""


def may_change(view: Any, by: Actor) -> bool:
    """One's own, and the shared ones for who may write what all use. In: a view, or a row of one."""
    if view.owner_id is not None:
        return bool(view.owner_id == by.membership_id)
    return by.can(Permission.LABELS_WRITE)


@transaction.atomic
def save_view(
    *,
    view: SavedView | None = None,
    by: Actor,
    name: str | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    sort: str | None = None,
    columns: Sequence[str] | None = None,
    shared: bool | None = None,
) -> SavedView:
    """Keep a new or changed view; what is not given stays. A key's views are shared.

    Raises `InvalidView`, `BadFilter` (its field is the filter's name), `ViewExists`.
    """
    is_new = view is None
    view = view or SavedView(owner=None if shared or by.membership is None else by.membership)
    if is_new and SavedView.objects.filter(owner=view.owner).count() >= MOST:
        raise InvalidView(_("At most %(most)s views. Delete one that nobody uses.") % {"most": MOST})
    if not is_new and not may_change(view, by):
        raise InvalidView(_("This view belongs to everybody: save one of your own."), "shared")
    if shared is not None and not is_new:
        view.owner = None if shared else by.membership
    if not may_change(view, by):
        raise InvalidView(_("You may save views of your own, not for everybody."), "shared")
    _take(view, name=name, filters=filters, sort=sort, columns=columns, by=by)
    if not view.name:
        raise InvalidView(_("Enter a name."), "name")
    _write(view)
    audit.record(
        "customer_view.created" if is_new else "customer_view.updated", target=view, by=by, name=view.name
    )
    return view


def _take(
    view: SavedView,
    *,
    name: str | None,
    filters: Mapping[str, Sequence[str]] | None,
    sort: str | None,
    columns: Sequence[str] | None,
    by: Actor,
) -> None:
    if name is not None:
        view.name = one_line(name, 60)
    if filters is not None:
        view.filters = {one.name: list(one.texts) for one in known.read(filters, strictly=True)}
    if sort is not None:
        if sort not in sorts.SORTS:
            raise InvalidView(_("There is no such order."), "sort")
        view.sort = sort
    if columns is not None:
        view.columns = [column.name for column in cols.read(columns, by)] if columns else []


def _write(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ViewExists(_("There is a view with this name already."), "name") from None


@transaction.atomic
def keep_columns(*, view_id: UUID | None, columns: Sequence[str], by: Actor) -> None:
    """Show these columns: in a view, or wherever no view says otherwise. Raises `InvalidView`."""
    names = [column.name for column in cols.read(columns, by)] if columns else []
    if view_id is not None:
        view = SavedView.objects.usable_by(by).filter(pk=view_id).first()
        if view is not None:
            save_view(view=view, columns=names, by=by)
        return
    if by.membership is None:
        return
    made, _created = SavedView.objects.get_or_create(owner=by.membership, name="")
    made.columns = names
    made.save(update_fields=["columns", "updated_at"])


@transaction.atomic
def delete_view(*, view: SavedView, by: Actor) -> dict[str, Any]:
    """Remove a view. Returns what `restore_view` needs. Raises `InvalidView`."""
    if not may_change(view, by):
        raise InvalidView(_("You may remove views of your own, not those of everybody."))
    kept = {"id": view.id, "name": view.name, "owner_id": view.owner_id}
    kept |= {"filters": view.filters, "sort": view.sort, "columns": view.columns}
    audit.record("customer_view.deleted", target=view, by=by, name=view.name)
    view.delete()
    return kept


@transaction.atomic
def restore_view(*, kept: dict[str, Any], by: Actor) -> SavedView:
    """Bring back a view. Raises `ViewExists`."""
    view = SavedView(**kept)
    _write(view)
    audit.record("customer_view.restored", target=view, by=by, name=view.name)
    return view
