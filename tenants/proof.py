"""Asking once more who it is, before what is delicate (ASVS 5.0, 7.5.3)."""

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tenants.requests import BusinessRequest


def is_proven(request: BusinessRequest) -> bool:
    """Whether the person gave a password, a passkey or a code lately; one who has none cannot be asked."""
    if not get_adapter().get_reauthentication_methods(request.user):
        return True
    limit = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] > limit for record in get_authentication_records(request, request.user))


def ask(request: BusinessRequest, back: str) -> HttpResponse:
    """Lead to the question, and from there back to a page of ours where the act can be done."""
    method = get_adapter().get_reauthentication_methods(request.user)[0]
    messages.info(request, _("Confirm that it is you, then do it once more."))
    return redirect(f"{method['url']}?{urlencode({'next': back})}")
