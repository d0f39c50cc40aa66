"""Bringing rows that are judged at once: what would become of each is shown, then the same for good."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.imports.at_once import Imported
from tenants.refusals import Refused
from tenants.requests import BusinessRequest

SHOWN = 200  # rows of a preview; those with a fault first


def bring(
    request: BusinessRequest,
    template: str,
    context: dict[str, Any],
    *,
    read: Callable[[BusinessRequest], list[Any]],
    write: Callable[..., Imported],
    said: str,
    back: str,
) -> HttpResponse:
    """The page of an import. `read` finds the rows of the form and `write` keeps them or tries to.

    Once they are written it says so (`said`, which the counts fill) and goes `back`.
    """
    if request.method != "POST":
        return render(request, template, context)
    try:
        rows = read(request)
        done = write(
            rows=rows,
            by=request.actor,
            dry_run=request.POST.get("op") != "import",
            only_good=request.POST.get("only_good") == "1",
        )
    except Refused as refusal:
        return render(request, template, {**context, "problem": str(refusal)}, status=422)
    if done.written:
        messages.success(request, said % done.counts)
        return redirect(back)
    ordered = sorted(done.outcomes, key=lambda one: (one.outcome != "refused", one.row))
    context |= {
        "done": done,
        "outcomes": ordered[:SHOWN],
        "left_out": max(0, len(ordered) - SHOWN),
        "good": done.counts["created"] + done.counts["changed"],
        "rows_json": json.dumps(rows),
    }
    return render(request, template, context)
