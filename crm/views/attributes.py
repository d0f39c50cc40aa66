"""The facts that a business keeps of its customers, in its settings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.actions import attributes as actions
from crm.attributes import all_attributes
from crm.fact_forms import BLANKS, EXPLAINED, AttributeForm, Option, options_of
from crm.models import Attribute, Customer
from crm.queries import customers_visible_to
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission, Sees
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.CUSTOMERS_READ, Permission.ATTRIBUTES_WRITE


@requires(READ)
@require_safe
def attributes(request: BusinessRequest) -> HttpResponse:
    """All facts: those in use in their order, and the archived ones."""
    found = all_attributes()
    context = {
        "used": [one for one in found if one.archived_at is None],
        "archived": [one for one in found if one.archived_at is not None],
    }
    return render(request, "crm/attributes.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def attribute_new(request: BusinessRequest) -> HttpResponse:
    """A new fact."""
    if request.method != "POST":
        return _page(request, AttributeForm(), [])
    form, options = AttributeForm(request.POST), options_of(request.POST)
    if "op" in request.POST:
        return _page(request, AttributeForm(initial=request.POST.dict()), options)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = actions.define_attribute(
                    **form.cleaned_data, options=[line.now for line in options], by=request.actor
                )
        except Refused as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, _("“%(name)s” is asked for from now on.") % {"name": made.name})
            if made.work["seen"]:  # there is something to decide about
                return redirect(burl(request, "facts:attribute", made.pk))
            return redirect(burl(request, "facts:attributes"))
    return _page(request, form, options)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def attribute(request: BusinessRequest, attribute_id: UUID) -> HttpResponse:
    """Another name, hint, kind or other choices."""
    found = get_or_404(Attribute.objects.all(), attribute_id)
    if request.method != "POST":
        initial = {"name": found.name, "kind": found.kind, "hint": found.hint}
        lines = [Option(option, option) for option in found.options]
        return _page(request, AttributeForm(initial=initial, is_new=False), lines, found)
    form, lines = AttributeForm(request.POST, is_new=False), options_of(request.POST)
    if "op" in request.POST:
        return _page(request, AttributeForm(initial=request.POST.dict(), is_new=False), lines, found)
    if form.is_valid():
        try:
            with transaction.atomic():
                changed = _change(found, form.cleaned_data, lines, request)
        except Refused as refusal:
            _blame(form, refusal)
        else:
            _tell(request, changed, form.cleaned_data["kind"])
            return redirect(burl(request, "facts:attribute", found.pk))
    return _page(request, form, lines, found)


def _change(
    found: Attribute, data: dict[str, Any], lines: list[Option], request: BusinessRequest
) -> Attribute:
    kept = [line for line in lines if line.now.strip()]
    return actions.change_attribute(
        attribute=found,
        name=data["name"],
        hint=data["hint"],
        kind=data["kind"],
        options=[line.now for line in kept] if data["kind"] in actions.WITH_OPTIONS else None,
        renamed={line.was: " ".join(line.now.split()) for line in kept if line.was and line.was != line.now},
        by=request.actor,
    )


def _tell(request: BusinessRequest, changed: Attribute, kind: str) -> None:
    if changed.kind == kind:
        messages.success(request, _("Saved."))
    elif changed.work["state"] == "running":
        messages.info(
            request, _("The values are being looked through. The kind changes once all of them fit.")
        )
    else:
        messages.error(request, _("The kind stays as it was: some values do not fit the other one."))


def _blame(form: AttributeForm, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _page(
    request: BusinessRequest, form: AttributeForm, options: list[Option], found: Attribute | None = None
) -> HttpResponse:
    chosen = form["kind"].value()
    context: dict[str, Any] = {
        "form": form,
        "kinds": [(kind, kind.label, EXPLAINED[kind], kind == chosen) for kind in Attribute.Kind],
        "options": options,
        "blanks": range(BLANKS),
        "has_options": chosen in actions.WITH_OPTIONS,
        "attribute": found,
    }
    if found is not None:
        context["found"] = _found(request, found)
    return render(request, "crm/attribute.html", context, status=422 if form.errors else 200)


def _found(request: BusinessRequest, attribute: Attribute) -> dict[str, Any] | None:
    """What the last look through the values found, for those who see all customers."""
    work = attribute.work
    if not work or request.actor.sees != Sees.ALL or not (work["seen"] or work["state"] == "running"):
        return None
    ids = [example[0] for example in work["examples"]]
    names: dict[str, Customer] = {
        str(one.pk): one for one in customers_visible_to(request.actor).filter(pk__in=ids)
    }
    examples = [(names[pk], value) for pk, value in work["examples"] if pk in names]
    unfit = ngettext(
        "%(count)s of %(all)s values does not fit.", "%(count)s of %(all)s values do not fit.", work["unfit"]
    ) % {"count": work["unfit"], "all": work["seen"]}
    return {
        **{name: work[name] for name in ("state", "seen", "fit", "ready", "unfit")},
        "sentence": unfit if work["unfit"] else "",
        "examples": examples,
        "more": work["unfit"] - len(examples),
        "to": Attribute.Kind(work["to"]).label if work.get("to") else "",
        "is_offered": work["do"] == "look" and work["state"] == "done" and work["ready"] > 0,
    }


@requires(WRITE)
@require_POST
def attribute_place(request: BusinessRequest, attribute_id: UUID) -> HttpResponse:
    """One place up or down."""
    found = get_or_404(Attribute.objects.filter(archived_at=None), attribute_id)
    used = [one.pk for one in all_attributes() if one.archived_at is None]
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    actions.place_attribute(attribute=found, position=used.index(found.pk) + step, by=request.actor)
    return redirect(burl(request, "facts:attributes"))


@requires(WRITE)
@require_POST
def attribute_conversion(request: BusinessRequest, attribute_id: UUID) -> HttpResponse:
    """Bring what was kept before into the form of the fact."""
    found = get_or_404(Attribute.objects.all(), attribute_id)
    try:
        actions.convert_values(attribute=found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The values that fit are kept as “%(name)s” now.") % {"name": found.name})
    return redirect(burl(request, "facts:attribute", found.pk))


@requires(WRITE)
@require_POST
def attribute_archiving(request: BusinessRequest, attribute_id: UUID) -> HttpResponse:
    """No longer asked for."""
    found = actions.archive_attribute(
        attribute=get_or_404(Attribute.objects.all(), attribute_id), by=request.actor
    )
    messages.success(request, _("“%(name)s” is no longer asked for.") % {"name": found.name})
    return redirect(burl(request, "facts:attributes"))


@requires(WRITE)
@require_POST
def attribute_return(request: BusinessRequest, attribute_id: UUID) -> HttpResponse:
    """Asked for again."""
    found = actions.bring_back_attribute(
        attribute=get_or_404(Attribute.objects.all(), attribute_id), by=request.actor
    )
    messages.success(request, _("“%(name)s” is asked for from now on.") % {"name": found.name})
    return redirect(burl(request, "facts:attributes"))
