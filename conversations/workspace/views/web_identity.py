"""The secret of a web chat, with which the business's site says who a visitor is."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conversations.actions.web_identity import reset_identity_secret
from conversations.models import Channel
from conversations.workspace.views.channels import PAGE, page
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest


@requires(Permission.CHANNELS_WRITE)
@require_POST
@never_cache
def secret(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """A new secret, shown this once."""
    found: Channel = get_or_404(Channel.objects.all(), channel_id)
    try:
        made = reset_identity_secret(channel=found, by=request.actor)
    except Refused:
        raise Http404 from None
    return render(request, PAGE, page(found) | {"identity_secret": made})
