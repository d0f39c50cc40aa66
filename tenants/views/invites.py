"""Coming in by an invitation, from outside the business."""

from typing import cast

from allauth.account.models import EmailAddress
from allauth.account.utils import complete_signup
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tenants import doors
from tenants.accounts import AccountAdapter
from tenants.actions.invites import InviteOver, accept_invite
from tenants.forms import InvitedSignUpForm
from tenants.kit import ratelimit
from tenants.models import DirectoryEntry, Invite, Tenant
from tenants.refusals import Refused
from tenants.requests import PersonRequest
from tenants.scoping import tenant_scope


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to, and the way in: accept, log in, or sign up with the invited address."""
    if not ratelimit.allow("invite", ratelimit.address_of(request), limit=60, seconds=60):
        return render(request, "429.html", status=429)
    door = doors.by_secret(DirectoryEntry.Kind.INVITE, token)
    if door is None:
        return _over(request)
    with tenant_scope(door.tenant_id):
        invites = Invite.objects.select_related("invited_by__user")
        if request.method == "POST":
            invites = invites.select_for_update(of=("self",))
        found = invites.filter(pk=door.target_id).first()
        if found is None or not found.is_open:
            return _over(request)
        context = {"invite": found, "business": Tenant.objects.get(), "here": request.path}
        if request.user.is_authenticated:
            return _accept(cast(PersonRequest, request), found, context)
        if doors.user_by_email(found.email):
            return render(request, "tenants/invite.html", {**context, "way": "login"})
        return _sign_up(request, found, context)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/invite.html", {"way": "over"}, status=410)


def _accept(request: PersonRequest, found: Invite, context: dict[str, object]) -> HttpResponse:
    if not EmailAddress.objects.filter(user=request.user, email__iexact=found.email, verified=True).exists():
        if request.method == "POST" and "leave" in request.POST:
            logout(request)
            return redirect(request.path)
        return render(request, "tenants/invite.html", {**context, "way": "other"})
    if request.method != "POST":
        return render(request, "tenants/invite.html", {**context, "way": "accept"})
    try:
        membership = accept_invite(invite=found, user=request.user)
    except InviteOver:
        return _over(request)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tenants_public:businesses")
    messages.success(request, _("Welcome to %(business)s.") % {"business": membership.tenant.name})
    return redirect("tenants:home", membership.tenant.slug)


def _sign_up(request: HttpRequest, found: Invite, context: dict[str, object]) -> HttpResponse:
    """The mail reached the invited person, so the address counts as verified."""
    form = InvitedSignUpForm(request.POST or None, email=found.email)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(
            request, "tenants/invite.html", {**context, "way": "signup", "form": form}, status=status
        )
    AccountAdapter(request).stash_verified_email(request, found.email)
    user, _response = form.try_save(request)
    if user is None:  # somebody took the address this very moment
        return redirect(request.path)
    membership = accept_invite(invite=found, user=user)
    return complete_signup(request, user, None, reverse("tenants:home", args=[membership.tenant.slug]))
