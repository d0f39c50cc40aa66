"""Bringing files in, in four steps: the file, its columns, the check, the import."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import attributes
from crm.actions import imports as actions
from crm.imports import fields, queries
from crm.imports.limits import LARGEST, MB, MOST_COLUMNS, MOST_ROWS
from crm.imports.problems import file_sentence
from crm.models import Attribute, Import
from tenants.decorators import get_or_404, requires
from tenants.kit import cursors
from tenants.kit.cursors import BadCursor
from tenants.kit.serving import serve
from tenants.kit.uploads import is_too_large
from tenants.localities import COUNTRIES
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

IMPORT = Permission.CUSTOMERS_IMPORT
State = Import.State
PAGE = 25
BUSY = (State.READING, State.CHECKING, State.RUNNING, State.UNDOING)
STEPS = {State.READING: 2, State.READY: 2, State.CHECKING: 3, State.CHECKED: 3}
TONES = {
    State.DONE: "success", State.FAILED: "danger", State.UNDONE: "violet", State.CANCELLED: "grey",
    State.CHECKED: "warning", State.READY: "warning",
}  # fmt: skip


@requires(IMPORT)
@require_safe
def imports(request: BusinessRequest) -> HttpResponse:
    """All imports, the latest first, and one's own exports."""
    found = queries.imports_visible_to(request.actor)
    try:
        page = cursors.page(found, ordering=("-id",), limit=PAGE, cursor=request.GET.get("cursor", ""))
    except BadCursor:
        page = cursors.page(found, ordering=("-id",), limit=PAGE)
    rows = [{"job": job, "tone": TONES.get(job.state, "info")} for job in page.items]
    return render(request, "crm/imports.html", {"rows": rows, "next_cursor": page.next_cursor})


@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: BusinessRequest) -> HttpResponse:
    """The first step: what the file holds, and the file."""
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if is_too_large(request):
                raise Refused(actions.too_large())
            if file is None:
                raise Refused(_("Choose a file."))
            job = actions.take_file(
                file=file, name=file.name or "", target=request.POST.get("target", ""), by=request.actor
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            return redirect(burl(request, "crm:import", job.pk))
    context = {
        "targets": Import.Target.choices,
        "target": request.POST.get("target") or request.GET.get("target") or Import.Target.CUSTOMERS,
        "error": error,
        "largest": LARGEST // MB,
        "largest_bytes": LARGEST,
        "most_rows": MOST_ROWS,
        "most_columns": MOST_COLUMNS,
    }
    return render(request, "crm/import_new.html", context, status=422 if error else 200)


@requires(IMPORT)
@require_safe
def import_page(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """Where an import stands: its columns, its check, how far it is, what came of it."""
    job = _job(request, import_id)
    return render(
        request, "crm/import.html#step" if request.htmx else "crm/import.html", _context(request, job)
    )


def _job(request: BusinessRequest, import_id: UUID) -> Import:
    job: Import = get_or_404(queries.imports_visible_to(request.actor), import_id)
    return job


def _context(request: BusinessRequest, job: Import) -> dict[str, Any]:
    is_busy = job.state in BUSY
    context: dict[str, Any] = {
        "job": job,
        "is_busy": is_busy,
        "step": STEPS.get(State(job.state), 4),
        "reason": file_sentence(job.reason) if job.reason else "",
        "can_undo": actions.can_be_undone(job),
        "counts": job.checked if job.state in {State.CHECKING, State.CHECKED} else job.counts,
        "tone": TONES.get(State(job.state), "info"),
    }
    if job.state == State.READY or (job.state == State.CHECKED and "columns" in request.GET):
        context |= _columns(request, job)
        context["step"] = 2
    elif job.state in {State.CHECKING, State.CHECKED}:
        context["preview"] = queries.preview(job, request.tenant, request.actor)
    return context


def _columns(request: BusinessRequest, job: Import) -> dict[str, Any]:
    """What the second step shows: each column with some of its cells and all that it can be."""
    samples = queries.samples_of(job)
    facts = []
    if job.target == Import.Target.CUSTOMERS:
        facts = [
            (fields.ATTRIBUTE + one.key, one.name)
            for one in attributes.all_attributes()
            if one.archived_at is None
        ]
    mapping = [*job.mapping, *[""] * (len(job.columns) - len(job.mapping))]
    return {
        "show_columns": True,
        "columns": [
            {"place": place, "title": title, "samples": samples[place], "code": mapping[place]}
            for place, title in enumerate(job.columns)
        ],
        "choices": [(field.code, field.label) for field in fields.FIELDS[job.target]],
        "facts": facts,
        "new_kinds": _new_kinds(request, job),
        "encodings": actions.ENCODINGS,
        "delimiters": [(",", _("Comma")), (";", _("Semicolon")), ("tab", _("Tab")), ("|", _("Bar"))],
        "delimiter": {"\t": "tab"}.get(job.format.get("delimiter", ""), job.format.get("delimiter", "")),
        "keys": _keys(),
        "key": job.options.get("key", "any"),
        "countries": COUNTRIES,
        "country": job.options.get("country") or request.tenant.country,
        "left_out": sum(not code for code in mapping),
    }


def _new_kinds(request: BusinessRequest, job: Import) -> list[tuple[str, Any]]:
    if job.target != Import.Target.CUSTOMERS or not request.actor.can(Permission.ATTRIBUTES_WRITE):
        return []
    return [(fields.NEW_ATTRIBUTE + kind, Attribute.Kind(kind).label) for kind in actions.NEW_KINDS]


def _keys() -> list[tuple[str, str]]:
    return [
        ("any", _("Any address: phone, e-mail or identifier")),
        ("phone", _("Phone only")),
        ("email", _("E-mail only")),
        ("external", _("Identifier in another system only")),
        ("name", _("Name, and the company where there is one")),
    ]


def _act(request: BusinessRequest, import_id: UUID, do: Callable[[Import], object]) -> HttpResponse:
    """Do something to an import; what stands against it is said on its page."""
    job = _job(request, import_id)
    try:
        do(job)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(burl(request, "crm:import", import_id))


@requires(IMPORT)
@require_POST
def import_reading(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """Read the file in another way."""
    given = request.POST
    wanted: dict[str, Any] = {
        name: given[name] for name in ("encoding", "delimiter", "sheet") if given.get(name)
    }
    if "header" in given:
        wanted["has_header"] = given["header"] == "1"
    return _act(request, import_id, lambda job: actions.read_again(job=job, format=wanted, by=request.actor))


@requires(IMPORT)
@require_POST
def import_columns(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """The second step: what the columns are, and how to import."""
    given = request.POST
    options = {
        "key": given.get("key") or None,
        "conflict": given.get("conflict") or None,
        "repeated": given.get("repeated") or None,
        "mode": given.get("mode") or None,
        "dates": given.get("dates"),
        "country": given.get("country") or None,
        "clear": given.get("clear") == "1",
    }
    return _act(
        request,
        import_id,
        lambda job: actions.name_columns(
            job=job,
            mapping=[given.get(f"column-{place}", "") for place in range(len(job.columns))],
            options=options,
            by=request.actor,
        ),
    )


@requires(IMPORT)
@require_POST
def import_start(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """The third step: yes, import it."""
    return _act(request, import_id, lambda job: actions.start(job=job, by=request.actor))


@requires(IMPORT)
@require_POST
def import_cancellation(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """No more of it."""
    return _act(request, import_id, lambda job: actions.cancel(job=job, by=request.actor))


@requires(IMPORT)
@require_POST
def import_undoing(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """All of it taken back."""
    return _act(request, import_id, lambda job: actions.undo(job=job, by=request.actor))


@requires(IMPORT)
@require_safe
def import_problems(request: BusinessRequest, import_id: UUID) -> HttpResponse:
    """The rows that were refused, as a file."""
    job = _job(request, import_id)
    if not job.problems_file:
        raise Http404
    name = f"{job.name.rpartition('.')[0] or job.name} - {_('errors')}.csv"
    etag = str(job.problems_file.name).rpartition("/")[2]
    return cast(HttpResponse, serve(request, job.problems_file, name=name, etag=etag, download=True))
