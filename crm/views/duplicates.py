"""Suggestions of who may be one person, the surest first, and two customers side by side."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import holdings, likeness, queries
from crm.actions import choosing, consents, duplicates, merging
from crm.duplicate_tasks import look_lately
from crm.duplicates.scoring import SURE
from crm.models import Consent, Customer, CustomerMerge, Likeness, Medium, Purpose
from crm.reasons import GROUPS, sentence
from tenants.actors import Actor
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.kit.tasks import ring
from tenants.permissions import Permission, Sees
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

ORDER = ("-score", "-id")
SHOWN = 25
MOST_COUNTED = 1_000


def pairs_of(actor: Actor) -> QuerySet[Likeness]:
    """The open suggestions of which an actor may see both customers."""
    return likeness.open_pairs(None if actor.sees == Sees.ALL else queries.customers_visible_to(actor))


@requires(Permission.CUSTOMERS_READ)
@require_safe
def duplicates_page(request: BusinessRequest) -> HttpResponse:
    """The suggestions, the surest first."""
    mine = pairs_of(request.actor)
    reason = request.GET.get("reason", "")
    pairs = likeness.with_reason(mine, GROUPS[reason][1]) if reason in GROUPS else mine
    try:
        page = cursors.page(
            pairs.select_related("first", "second"),
            ordering=ORDER,
            limit=SHOWN,
            cursor=request.GET.get("cursor", ""),
        )
    except cursors.BadCursor:
        return redirect(burl(request, "crm:duplicates"))
    addresses = queries.addresses_of([one.pk for pair in page.items for one in (pair.first, pair.second)])
    rows = [
        {
            "pair": pair,
            "both": [(one, addresses.get(one.pk, [])[:3]) for one in (pair.first, pair.second)],
            "reasons": [sentence(one) for one in pair.reasons],
            "tone": "success" if pair.score >= SURE else "info" if pair.score >= 85 else "grey",
        }
        for pair in page.items
    ]
    certain = mine.filter(is_certain=True, score__gte=SURE)
    sees_all = request.actor.sees == Sees.ALL
    context = {
        "rows": rows,
        "next_cursor": page.next_cursor,
        "reason": reason,
        "groups": [(name, title) for name, (title, _whys) in GROUPS.items()],
        "certain": certain[:MOST_COUNTED].count(),
        "at_once": merging.MOST_AT_ONCE,
        "scan": duplicates.progress() if sees_all else None,  # it counts everybody
        "sees_all": sees_all,
    }
    return render(request, "crm/duplicates.html", context)


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def duplicates_looking(request: BusinessRequest) -> HttpResponse:
    """Look at everybody once more; a worker does it."""
    if request.actor.sees != Sees.ALL:
        raise Http404
    duplicates.look_at_all(by=request.actor)
    ring(look_lately, request.tenant.id)
    messages.success(request, _("Looking. New suggestions appear here meanwhile."))
    return redirect(burl(request, "crm:duplicates"))


@requires(Permission.CUSTOMERS_WRITE)
@require_POST
def duplicates_merging(request: BusinessRequest) -> HttpResponse:
    """Merge those that are certain; with `undo`, take back what one press merged."""
    if batch := request.POST.get("undo", ""):
        return _undo_batch(request, batch)
    made = merging.merge_certain(pairs_of(request.actor), by=request.actor)
    text = ngettext("One pair merged.", "%(count)s pairs merged.", made.done) % {"count": made.done}
    if made.left:
        text += " " + _("Press again for those that are left.")
    undo = {"url": burl(request, "crm:duplicates-merging"), "fields": {"undo": str(made.id)}}
    messages.success(request, text, extra_tags=json.dumps(undo) if made.done else "")
    return redirect(burl(request, "crm:duplicates"))


def _undo_batch(request: BusinessRequest, batch: str) -> HttpResponse:
    seen = queries.customers_visible_to(request.actor).values("pk")
    try:
        mine = CustomerMerge.objects.filter(batch=UUID(batch), target__in=seen, undone_at=None)
    except ValueError:
        raise Http404 from None
    if not mine.exists():
        raise Http404
    done, of = merging.undo_batch(UUID(batch), by=request.actor)
    if done < of:
        messages.error(
            request,
            _("%(done)s of %(count)s are two again; the others changed meanwhile.")
            % {"done": done, "count": of},
        )
    else:
        messages.success(request, _("Undone."))
    return redirect(burl(request, "crm:duplicates"))


# --- side by side ---


class Side(NamedTuple):
    """What one of the two says of a field."""

    customer: UUID
    text: str
    is_default: bool


@requires(Permission.CUSTOMERS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def merging_page(request: BusinessRequest, customer_id: UUID, other_id: UUID) -> HttpResponse:
    """Two customers side by side: whose values stand, what moves, what consents become."""
    one, other = (queries.customer_or_404(each, request.actor) for each in (customer_id, other_id))
    if one.pk == other.pk:  # merged meanwhile, or typed
        return redirect(burl(request, "crm:customer", one.pk))
    target, source = sorted([one, other], key=lambda customer: customer.pk)
    if request.method == "POST":
        return _merge(request, source, target)
    first, second = sorted([one.pk, other.pk])
    pair = Likeness.objects.filter(first_id=first, second_id=second).first()
    sees_all = request.actor.sees == Sees.ALL  # others would learn of what they may not see
    held = _held(merging.counts(target), merging.counts(source)) if sees_all else []
    context = {
        "target": target,
        "source": source,
        "pair": pair,
        "reasons": [sentence(reason) for reason in pair.reasons] if pair else [],
        "rows": [_row(each, target, source) for each in choosing.differences(source, target)],
        "held": held,
        "consents": _consents(target, source),
        "undo_days": merging.UNDO_FOR.days,
    }
    return render(request, "crm/merging.html", context)


def _row(one: choosing.Difference, target: Customer, source: Customer) -> dict[str, Any]:
    sides = [
        Side(who.pk, _shown(value), one.default == side)
        for who, value, side in ((target, one.target, choosing.TARGET), (source, one.source, choosing.SOURCE))
    ]
    return {"key": one.key, "label": one.label, "sides": sides, "is_open": one.is_open}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _held(ours: dict[merging.Table, int], theirs: dict[merging.Table, int]) -> list[tuple[str, int, int]]:
    """How much each has, by the names people know; what has none is counted together."""
    rows: dict[str, list[int]] = {}
    for table in sorted(ours.keys() | theirs.keys(), key=lambda one: holdings.shown(one.label).order):
        known = holdings.shown(table.label)
        title = str(known.title) if known.order < 900 else str(_("Other records"))
        sums = rows.setdefault(title, [0, 0])
        sums[0] += ours.get(table, 0)
        sums[1] += theirs.get(table, 0)
    return [(title, *sums) for title, sums in rows.items()]  # type: ignore[misc]


def _consents(target: Customer, source: Customer) -> list[dict[str, Any]]:
    """What each said of being written to, and what will stand: what binds the business more."""
    said: dict[tuple[str, str], dict[UUID, consents.Standing]] = {}
    for row in Consent.objects.filter(customer__in=[target.pk, source.pk]).order_by("medium", "purpose"):
        standing = consents.Standing(row.state, row.since, row.expires_at)
        said.setdefault((row.medium, row.purpose), {})[row.customer_id] = standing
    states = dict(Consent.State.choices)
    found = []
    for (medium, purpose), sides in said.items():
        ours, theirs = sides.get(target.pk), sides.get(source.pk)
        stands = consents.strictest(ours, theirs) if ours and theirs else ours or theirs
        found.append(
            {
                "what": f"{Medium(medium).label} · {Purpose(purpose).label}",
                "ours": states[ours.state] if ours else "",
                "theirs": states[theirs.state] if theirs else "",
                "stands": states[stands.state] if stands else "",
            }
        )
    return found


def _merge(request: BusinessRequest, source: Customer, target: Customer) -> HttpResponse:
    if not request.actor.can(Permission.CUSTOMERS_WRITE):
        return render(request, "403.html", status=403)
    if request.POST.get("keep") == str(source.pk):
        source, target = target, source
    sides = {str(source.pk): choosing.SOURCE, str(target.pk): choosing.TARGET}
    fields = {
        name.removeprefix("field:"): sides[whose]
        for name, whose in request.POST.items()
        if name.startswith("field:") and isinstance(whose, str) and whose in sides
    }
    try:
        made = merging.merge_chosen(source=source, target=target, fields=fields, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(burl(request, "crm:merging", source.pk, target.pk))
    undo = {"url": burl(request, "crm:merge-undoing", made.pk), "fields": {}}
    messages.success(request, _("One customer now."), extra_tags=json.dumps(undo))
    return redirect(burl(request, "crm:customer", target.pk))
