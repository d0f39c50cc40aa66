"""What the business sells: seen, searched, changed, and read from a file."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import products as queries
from crm.actions import products as actions
from crm.imports import at_once
from crm.models import Product
from crm.product_forms import ProductForm, initial_of
from crm.views import row_imports
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.kit.cursors import BadCursor
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE
SOURCE = "file"


@requires(READ)
@require_safe
def products(request: BusinessRequest) -> HttpResponse:
    """All of them by name, narrowed by words and by whether there are some."""
    state = request.GET.get("state", "")
    narrow = queries.Narrow(
        one_line(request.GET.get("q", ""), 100), state if state in queries.STATES else "sold"
    )
    try:
        page = queries.page(narrow, request.GET.get("cursor", ""))
    except BadCursor:
        return redirect(burl(request, "products:products"))
    counts = queries.counts()
    context = {
        "page": page,
        "narrow": narrow,
        "total": counts["sold"] + counts["gone"],
        "states": [
            ("sold", _("For sale"), counts["sold"]),
            ("out", _("Out of stock"), counts["out"]),
            ("gone", _("No longer sold"), counts["gone"]),
        ],
    }
    return render(request, "crm/products.html", context)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: BusinessRequest) -> HttpResponse:
    """A new one."""
    return _form(request, None)


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: BusinessRequest, product_id: UUID) -> HttpResponse:
    """Change one."""
    return _form(request, get_or_404(Product.objects.all(), product_id))


def _form(request: BusinessRequest, found: Product | None) -> HttpResponse:
    content = actions.Content.of(found) if found else actions.Content(currency=request.tenant.currency)
    form = ProductForm(request.POST if request.method == "POST" else None, initial=initial_of(content))
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_product(product=found, by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "products:products"))
    context = {"form": form, "product": found, "name": content.name}
    return render(request, "crm/product.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_POST
def product_removal(request: BusinessRequest, product_id: UUID) -> HttpResponse:
    """Delete one; for a while it can be brought back."""
    kept = actions.remove_product(product=get_or_404(Product.objects.all(), product_id), by=request.actor)
    key, response = undo.keep("product", kept), redirect(burl(request, "products:products"))
    if not key:
        messages.success(request, _("Product deleted."))
        return response
    url = burl(request, "products:restoration")
    return undo.offer(request, response, undo.Undo(_("Product deleted."), url, {"undo": key}))


@requires(WRITE)
@require_POST
def product_restoration(request: BusinessRequest) -> HttpResponse:
    """One that was deleted a moment ago comes back."""
    response = redirect(burl(request, "products:products"))
    return undo.bring_back(
        request, response, "product", lambda kept: actions.restore_product(kept=kept, by=request.actor)
    )


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_import(request: BusinessRequest) -> HttpResponse:
    """A file: what would become of each row, then the same for good."""
    return row_imports.bring(
        request,
        "crm/product_import.html",
        {"most": at_once.MOST_ROWS, "columns": list(actions.COLUMNS)},
        read=_rows,
        write=partial(actions.keep_products, source=SOURCE),
        said=_("%(created)s products are new, %(changed)s changed, %(unchanged)s were so already."),
        back=burl(request, "products:products"),
    )


def _rows(request: BusinessRequest) -> list[Any]:
    """The rows of the file, or of the preview that is confirmed. Raises `InvalidImport`."""
    sent = request.FILES.get("file")
    if sent is not None:
        return actions.rows_of_file(sent.read(at_once.LARGEST + 1))
    if request.POST.get("op") == "import":
        return at_once.rows_of_json(request.POST.get("rows", ""))
    raise at_once.InvalidImport(_("Choose a file."), "file")
