"""Settings: what is promised to customers, who takes what, and how it is shared out."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions import sla, work
from conversations.models import Conversation, SlaPolicy, WorkProfile
from conversations.workspace.facts import channel_title
from conversations.workspace.work_forms import PolicyForm, WorkForm
from crm.models import Label
from tenants import formats
from tenants.decorators import get_or_404, requires
from tenants.models import Membership, Team, Tenant
from tenants.permissions import ROLES, Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

FORMS = ["GET", "HEAD", "POST"]


@requires(Permission.SETTINGS_WRITE)
@require_safe
def policies(request: BusinessRequest) -> HttpResponse:
    """The promises, in the order in which they are asked."""
    rows = SlaPolicy.objects.select_related("team", "label")
    return render(request, "conversations/sla_policies.html", {"policies": rows})


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(FORMS)
def policy_new(request: BusinessRequest) -> HttpResponse:
    """A new promise."""
    return _policy_page(request, SlaPolicy())


@requires(Permission.SETTINGS_WRITE)
@require_http_methods(FORMS)
def policy(request: BusinessRequest, policy_id: UUID) -> HttpResponse:
    """Change a promise."""
    return _policy_page(request, get_or_404(SlaPolicy.objects.all(), policy_id))


def _policy_page(request: BusinessRequest, found: SlaPolicy) -> HttpResponse:
    is_new, name = found._state.adding, found.name
    form = PolicyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            sla.save_policy(policy=form.save(commit=False), by=request.actor)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Saved. What is open is computed anew."))
            return redirect(burl(request, "conversations:sla-policies"))
    context = {"form": form, "policy": None if is_new else found, "name": name}
    return render(request, "conversations/sla_policy.html", context, status=422 if form.is_bound else 200)


@requires(Permission.SETTINGS_WRITE)
@require_POST
def policy_removal(request: BusinessRequest, policy_id: UUID) -> HttpResponse:
    """Promise that no longer."""
    sla.delete_policy(policy=get_or_404(SlaPolicy.objects.all(), policy_id), by=request.actor)
    messages.success(request, _("Removed."))
    return redirect(burl(request, "conversations:sla-policies"))


@requires(Permission.SETTINGS_WRITE)
@require_POST
def policy_place(request: BusinessRequest, policy_id: UUID) -> HttpResponse:
    """Ask a policy before its neighbour (`up`) or after it."""
    found = get_or_404(SlaPolicy.objects.all(), policy_id)
    sla.move_policy(policy=found, up=request.POST.get("to") == "up", by=request.actor)
    return redirect(burl(request, "conversations:sla-policies"))


@requires(Permission.TEAMS_WRITE)
@require_safe
def sharing(request: BusinessRequest) -> HttpResponse:
    """How conversations are shared out: by team, and what each member takes."""
    answering = [role for role, may in ROLES.items() if Permission.CONVERSATIONS_WRITE in may]
    members = Membership.objects.filter(is_active=True, role__in=answering).order_by("user__name", "id")
    profiles = {profile.membership_id: profile for profile in WorkProfile.objects.all()}
    labels = {str(label.pk): label.name for label in Label.objects.all()}
    currency = request.tenant.currency
    context = {
        "strategy": request.tenant.get_assignment_display(),
        "teams": [{"team": team} for team in Team.objects.all()],
        "strategies": [("", _("As the business does")), *Tenant.Assignment.choices],
        "members": [
            {"member": member, "takes": _in_words(profiles.get(member.pk), labels, currency)}
            for member in members
        ],
    }
    return render(request, "conversations/sharing.html", context)


def _in_words(profile: WorkProfile | None, labels: dict[str, str], currency: str) -> str:
    if profile is None:
        return _("Everything")
    kinds = [channel_title(kind) for kind in profile.channel_kinds]
    topics = [labels[one] for one in profile.label_ids if one in labels]
    known = dict(settings.LANGUAGES)
    languages = [str(known[code]) for code in profile.languages if code in known]
    parts = [", ".join(part) for part in (languages, kinds, topics) if part]
    if profile.most_amount is not None:
        parts.append(_("up to %(amount)s") % {"amount": formats.money(profile.most_amount, currency)})
    if profile.most_priority < max(Conversation.Priority.values):
        parts.append(_("priority up to %(priority)s") % {"priority": profile.get_most_priority_display()})
    if profile.weight != 100:
        parts.append(_("share %(weight)s") % {"weight": profile.weight})
    return " · ".join(parts) or _("Everything")


@requires(Permission.TEAMS_WRITE)
@require_POST
def team_strategy(request: BusinessRequest, team_id: UUID) -> HttpResponse:
    """How a team's conversations are assigned."""
    team = get_or_404(Team.objects.all(), team_id)
    try:
        work.set_strategy(team=team, assignment=request.POST.get("assignment", ""), by=request.actor)
        messages.success(request, _("Saved."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(burl(request, "conversations:sharing"))


@requires(Permission.TEAMS_WRITE)
@require_http_methods(FORMS)
def member_work(request: BusinessRequest, membership_id: UUID) -> HttpResponse:
    """What a member takes."""
    member = get_or_404(Membership.objects.filter(is_active=True), membership_id)
    form = WorkForm(request.POST or None, instance=work.profile_of(member))
    if request.method == "POST" and form.is_valid():
        work.set_work(membership=member, by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(burl(request, "conversations:sharing"))
    context = {"form": form, "member": member}
    return render(request, "conversations/member_work.html", context, status=422 if form.is_bound else 200)
