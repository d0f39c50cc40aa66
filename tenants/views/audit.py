"""The audit trail of a business."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants import audit_words, queries
from tenants.decorators import requires
from tenants.forms import AuditFilterForm
from tenants.permissions import Permission
from tenants.requests import BusinessRequest


@requires(Permission.AUDIT_READ)
@require_safe
def audit(request: BusinessRequest) -> HttpResponse:
    """Who did what, newest first."""
    form = AuditFilterForm(request.GET, actions=audit_words.choices())
    chosen = form.cleaned_data if form.is_valid() else {}
    page = queries.audit_page(
        person=chosen.get("person"),
        action=chosen.get("action", ""),
        before=_cursor(request.GET, "before"),
        after=_cursor(request.GET, "after"),
    )
    context = {
        "form": form,
        "events": [
            (event, audit_words.word(event.action), audit_words.lines(event)) for event in page.events
        ],
        "older": _address(request.GET, before=page.older),
        "newer": _address(request.GET, after=page.newer),
        "is_filtered": any(chosen.values()),
    }
    return render(request, "tenants/audit.html", context)


def _cursor(query: QueryDict, name: str) -> UUID | None:
    try:
        return UUID(query.get(name, ""))
    except ValueError:
        return None


def _address(query: QueryDict, **cursor: UUID | None) -> str:
    """The same page at another cursor; "" where there is none."""
    if not any(cursor.values()):
        return ""
    changed = query.copy()
    for name in ("before", "after"):
        changed.pop(name, None)
    changed.update({name: str(value) for name, value in cursor.items()})
    return f"?{changed.urlencode()}"
