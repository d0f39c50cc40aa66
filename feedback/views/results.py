"""What customers thought."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.actions.surveys import current_survey, update_survey
from feedback.forms import SurveyForm
from feedback.queries import responses_visible_to, summary
from tenants.decorators import requires
from tenants.kit import cursors
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PERIODS = [30, 90, 365]  # days
PAGE = 25


@requires(Permission.FEEDBACK_READ)
@require_safe
def results(request: BusinessRequest) -> HttpResponse:
    """Ratings of a period: how many, how good, by whom, and what people wrote."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    since = timezone.now() - timedelta(days=days)
    responses = responses_visible_to(request.actor).filter(created_at__gte=since)
    score = request.GET.get("score", "")
    if score in {"1", "2", "3", "4", "5"}:
        responses = responses.filter(score=int(score))
    try:
        page = cursors.page(
            responses, ordering=("-created_at", "-id"), limit=PAGE, cursor=request.GET.get("cursor", "")
        )
    except cursors.BadCursor:
        return redirect(burl(request, "feedback:results"))
    return render(
        request,
        "feedback/results.html",
        {
            "summary": summary(request.actor, since=since),
            "page": page,
            "days": days,
            "periods": PERIODS,
            "score": score,
        },
    )


@requires(Permission.SETTINGS_WRITE)
def survey(request: BusinessRequest) -> HttpResponse:
    """What is asked, and whether."""
    form = SurveyForm(request.POST or None, instance=current_survey())
    if request.method == "POST" and form.is_valid():
        update_survey(survey=current_survey(), by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "feedback:survey"))
    return render(request, "feedback/survey.html", {"form": form}, status=422 if form.errors else 200)
