"""Settings, Sending: when and how often the business writes unasked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import gate
from conversations.actions.sending_policy import save_sending_policy
from conversations.workspace.sending_forms import SendingPolicyForm
from tenants.decorators import requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl


@requires(Permission.CAMPAIGNS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def sending_policy(request: BusinessRequest) -> HttpResponse:
    """Everybody who sees campaigns may read it; whoever may change settings changes it."""
    may_change = request.actor.can(Permission.SETTINGS_WRITE)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = SendingPolicyForm(request.POST if request.method == "POST" else None, instance=gate.policy())
    if form.is_bound and form.is_valid():
        save_sending_policy(by=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved. It holds for everything that is still to go out."))
        return redirect(burl(request, "conversations:sending-policy"))
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    context = {"form": form, "may_change": may_change}
    return render(request, "conversations/sending_policy.html", context, status=422 if form.is_bound else 200)
