"""The page a customer opens from a rating link. GET never records: mail scanners follow every link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from feedback.actions.surveys import question_of, respond
from feedback.forms import RatingForm
from feedback.models import Invitation, Response
from tenants import doors
from tenants.kit.ratelimit import address_of, allow
from tenants.models import DirectoryEntry, Tenant
from tenants.scoping import tenant_scope


@never_cache
@csrf_exempt  # the token in the address is the authority; no cookie is asked for
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question, and keep the answer when it is posted."""
    if not allow("rating", address_of(request), limit=60, seconds=60):
        return render(request, "429.html", status=429)
    door = doors.by_secret(DirectoryEntry.Kind.RATING, token)
    if door is None:
        return render(request, "feedback/rating_closed.html", status=404)
    with tenant_scope(door.tenant_id):
        invitation = Invitation.objects.select_related("survey", "customer").filter(pk=door.target_id).first()
        if invitation is None:  # the customer was erased; his link outlived him
            return render(request, "feedback/rating_closed.html", status=404)
        with translation.override(invitation.language):
            return _answer(request, invitation)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    given = Response.objects.filter(invitation=invitation).first()
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm()
    if form.is_bound and form.is_valid():
        given = respond(
            invitation=invitation, score=form.cleaned_data["score"], comment=form.cleaned_data["comment"]
        )
    page = {
        "business": Tenant.objects.get(),
        "question": question_of(invitation.survey),
        "form": form,
        "score": _chosen(request, given),
        "thanks": form.is_bound and form.is_valid(),
        "given": given,
    }
    return render(request, "feedback/rate.html", page, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, given: Response | None) -> int | None:
    """The face that is marked: what the link says, else what was answered before."""
    asked = request.GET.get("score", "")
    return int(asked) if asked in {"1", "2", "3", "4", "5"} else (given.score if given else None)
