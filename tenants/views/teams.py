"""The teams of a business."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants import queries
from tenants.actions.teams import TeamExists, create_team, delete_team, update_team
from tenants.decorators import get_or_404, requires
from tenants.forms import TeamForm
from tenants.models import Team
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.MEMBERS_READ)
def teams(request: BusinessRequest) -> HttpResponse:
    """All teams and their people."""
    return _page(request, TeamForm())


@requires(Permission.TEAMS_WRITE)
@require_POST
def team_new(request: BusinessRequest) -> HttpResponse:
    """A new team."""
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            create_team(by=request.actor, **form.cleaned_data)
        except TeamExists as exists:
            form.add_error("name", str(exists))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "tenants:teams"))
    return _page(request, form)


@requires(Permission.TEAMS_WRITE)
def team(request: BusinessRequest, team_id: UUID) -> HttpResponse:
    """Rename a team or change its people."""
    found = get_or_404(queries.teams(), team_id)
    initial = {"name": found.name, "members": [link.membership_id for link in found.links.all()]}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_team(team=found, by=request.actor, **form.cleaned_data)
        except TeamExists as exists:
            form.add_error("name", str(exists))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "tenants:teams"))
    context = {"form": form, "team": found, "name": initial["name"]}
    return render(request, "tenants/team.html", context, status=422 if form.is_bound else 200)


@requires(Permission.TEAMS_WRITE)
@require_POST
def team_deletion(request: BusinessRequest, team_id: UUID) -> HttpResponse:
    """Dissolve a team."""
    delete_team(team=get_or_404(Team.objects.all(), team_id), by=request.actor)
    messages.success(request, _("Removed."))
    return redirect(burl(request, "tenants:teams"))


def _page(request: BusinessRequest, form: TeamForm) -> HttpResponse:
    context = {"form": form, "teams": queries.teams()}
    return render(request, "tenants/teams.html", context, status=422 if form.is_bound else 200)
