"""The people of a business: members and invitations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenants import proof, queries
from tenants.actions.invites import create_invite, resend_invite, revoke_invite
from tenants.actions.members import deactivate_member, reactivate_member, update_member
from tenants.decorators import get_or_404, requires
from tenants.forms import InviteForm, MemberForm
from tenants.kit import ratelimit
from tenants.models import Invite, Membership
from tenants.permissions import Permission, Role
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

INVITES_AN_HOUR = 60  # of a business
MAILS_TO_ONE = 5  # per address and hour, whoever invites


@requires(Permission.MEMBERS_READ)
@require_safe
def people(request: BusinessRequest) -> HttpResponse:
    """Everybody in the business, and who was asked to come."""
    return _page(request, InviteForm(by=request.actor))


@requires(Permission.MEMBERS_WRITE)
@require_POST
def invite_new(request: BusinessRequest) -> HttpResponse:
    """Invite a colleague."""
    form = InviteForm(request.POST, by=request.actor)
    if form.is_valid() and _may_mail(request, form.cleaned_data["email"]):
        try:
            invite = create_invite(**form.cleaned_data, by=request.actor)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(
                request, _("The invitation to %(email)s is on its way.") % {"email": invite.email}
            )
            return redirect(burl(request, "tenants:people"))
    elif form.is_valid():
        form.add_error(None, _("That was a lot of invitations. Wait an hour and go on."))
    return _page(request, form)


@requires(Permission.MEMBERS_WRITE)
@require_POST
def invite_resending(request: BusinessRequest, invite_id: UUID) -> HttpResponse:
    """Send an invitation once more, with a new link."""
    invite = get_or_404(Invite.objects.all(), invite_id)
    if not _may_mail(request, invite.email):
        messages.error(request, _("That was a lot of invitations. Wait an hour and go on."))
        return redirect(burl(request, "tenants:people"))
    try:
        resend_invite(invite=invite, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invite.email})
    return redirect(burl(request, "tenants:people"))


@requires(Permission.MEMBERS_WRITE)
@require_POST
def invite_revocation(request: BusinessRequest, invite_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    revoke_invite(invite=get_or_404(Invite.objects.all(), invite_id), by=request.actor)
    messages.success(request, _("The invitation no longer works."))
    return redirect(burl(request, "tenants:people"))


@requires(Permission.MEMBERS_WRITE)
def member(request: BusinessRequest, membership_id: UUID) -> HttpResponse:
    """A member's role, view, load and teams."""
    found = get_or_404(queries.members(), membership_id)
    form = MemberForm(request.POST or None, membership=found, by=request.actor)
    if request.method == "POST" and form.is_valid():
        if _changes_owners(found, form) and not proof.is_proven(request):
            return proof.ask(request, request.path)
        try:
            update_member(membership=found, by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(burl(request, "tenants:people"))
    context = {"form": form, "member": found}
    return render(request, "tenants/member.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MEMBERS_WRITE)
@require_POST
def member_deactivation(request: BusinessRequest, membership_id: UUID) -> HttpResponse:
    """End a person's access."""
    found: Membership = get_or_404(Membership.objects.all(), membership_id)
    try:
        deactivate_member(membership=found, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(burl(request, "tenants:member", membership_id))
    messages.success(request, _("%(name)s no longer has access.") % {"name": found.name})
    return redirect(burl(request, "tenants:people"))


@requires(Permission.MEMBERS_WRITE)
@require_POST
def member_reactivation(request: BusinessRequest, membership_id: UUID) -> HttpResponse:
    """Give a person his access back."""
    found: Membership = get_or_404(Membership.objects.all(), membership_id)
    try:
        reactivate_member(membership=found, by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s has access again.") % {"name": found.name})
    return redirect(burl(request, "tenants:people"))


def _changes_owners(member: Membership, form: MemberForm) -> bool:
    """Whether somebody becomes an owner, or stops being one."""
    role = form.cleaned_data.get("role") or member.role
    return role != member.role and Role.OWNER in (role, member.role)


def _may_mail(request: BusinessRequest, email: str) -> bool:
    business = ratelimit.allow("invites", str(request.tenant.id), limit=INVITES_AN_HOUR, seconds=3600)
    return business and ratelimit.allow("invites-to", email.lower(), limit=MAILS_TO_ONE, seconds=3600)


def _page(request: BusinessRequest, form: InviteForm) -> HttpResponse:
    context = {"form": form, "members": queries.members(), "invites": queries.waiting_invites()}
    return render(request, "tenants/people.html", context, status=422 if form.is_bound else 200)
