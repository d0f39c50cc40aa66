"""Connecting a channel to a business's mailbox, step by step, and trying it out."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions.mailboxes import connect_mailbox, disconnect_mailbox, name_provider
from conversations.channels.email import oauth
from conversations.channels.email.connections import MailboxProblem
from conversations.models import Channel, Mailbox
from conversations.reasons import shown
from conversations.workspace.mailbox_forms import GrantForm, MailboxForm, ProviderForm
from conversations.workspace.views.channels import checking
from tenants.decorators import get_or_404, requires
from tenants.permissions import Permission
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PAGE = "conversations/mailbox.html"


@requires(Permission.CHANNELS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mailbox(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Which mailbox is read and sent from, how that goes, and what a provider's webhooks need."""
    channel = _channel(channel_id)
    form = MailboxForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        connect_mailbox(
            channel=channel,
            mailbox=form.mailbox(),
            password=form.cleaned_data["password"],
            by=request.actor,
        )
        messages.success(request, _("Saved. Below you see whether it works."))
        return redirect(burl(request, "conversations:channel-mailbox", channel.pk))
    status = 422 if form.is_bound else 200
    return render(request, PAGE, _context(channel) | {"form": form}, status=status)


@requires(Permission.CHANNELS_WRITE)
@require_POST
def removal(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Stop reading the mailbox and forget its password."""
    channel = _channel(channel_id)
    disconnect_mailbox(channel=channel, by=request.actor)
    messages.success(request, _("The mailbox is no longer read, and its password is forgotten."))
    return redirect(burl(request, "conversations:channel-mailbox", channel.pk))


@requires(Permission.CHANNELS_WRITE)
@require_POST
@never_cache
def permission(request: BusinessRequest, channel_id: UUID, vendor: str) -> HttpResponse:
    """Lead to the provider, where the owner of a mailbox lets us in; what he answers comes to `grant`."""
    channel = _channel(channel_id)
    if vendor not in oauth.vendors():
        raise Http404
    form = GrantForm(request.POST, channel=channel)
    if not form.is_valid():
        return render(request, PAGE, _context(channel) | {"grant_form": form}, status=422)
    username = form.cleaned_data["username"].lower()
    question = oauth.ask(vendor, username)
    request.session[oauth.SESSION_KEY] = {
        "state": question.state,
        "verifier": question.verifier,
        "vendor": vendor,
        "username": username,
        "channel": str(channel.pk),
        "back": burl(request, "conversations:channel-mailbox-grant", channel.pk),
    }
    # A link and no redirect: our policy lets forms lead only to ourselves.
    return render(
        request,
        PAGE,
        _context(channel) | {"question": question.url, "asked": oauth.vendors()[vendor]["title"]},
    )


@requires(Permission.CHANNELS_WRITE)
@require_safe
@never_cache
def grant(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """The provider's answer: only to the question that this session asked for this channel, and once."""
    channel = _channel(channel_id)
    page = redirect(burl(request, "conversations:channel-mailbox", channel.pk))
    asked = request.session.pop(oauth.SESSION_KEY, None) or {}
    if asked.get("channel") != str(channel.pk) or not oauth.answers(asked, request.GET.get("state", "")):
        messages.error(request, _("This answer belongs to no question of yours. Try again."))
        return page
    if not request.GET.get("code"):
        messages.error(request, _("The provider did not give the permission."))
        return page
    vendor = oauth.vendors().get(asked["vendor"])
    if vendor is None:
        raise Http404
    try:
        given = oauth.redeem(asked["vendor"], request.GET["code"], asked["verifier"])
    except MailboxProblem as problem:
        messages.error(request, shown(problem.reason))
        return page
    connect_mailbox(
        channel=channel, mailbox=_mailbox_of(vendor, asked["username"]), grant=given, by=request.actor
    )
    messages.success(request, _("Saved. Below you see whether it works."))
    return page


def _mailbox_of(vendor: dict[str, Any], username: str) -> dict[str, Any]:
    (host, port), (smtp_host, smtp_port) = vendor["imap"], vendor["smtp"]
    return {
        "host": host,
        "port": port,
        "username": username,
        "folder": "INBOX",
        "smtp_host": smtp_host,
        "smtp_port": smtp_port,
    }


@requires(Permission.CHANNELS_WRITE)
@require_POST
def provider(request: BusinessRequest, channel_id: UUID) -> HttpResponse:
    """Which provider's webhooks bring mail and reports."""
    channel = _channel(channel_id)
    form = ProviderForm(request.POST, channel=channel)
    if not form.is_valid():
        return render(request, PAGE, _context(channel) | {"provider_form": form}, status=422)
    name_provider(
        channel=channel, provider=form.cleaned_data["provider"], keys=form.cleaned_data, by=request.actor
    )
    messages.success(request, _("Saved."))
    return redirect(burl(request, "conversations:channel-mailbox", channel.pk))


def _channel(channel_id: UUID) -> Channel:
    found: Channel = get_or_404(Channel.objects.filter(kind="email"), channel_id)
    return found


def _context(channel: Channel) -> dict[str, object]:
    named = channel.settings.get("provider", "")
    scheme, _colon, host = settings.BASE_URL.partition("://")
    return {
        **checking(channel),
        "mailbox": Mailbox.objects.filter(channel=channel).first(),
        "form": MailboxForm(None, channel=channel),
        "vendors": oauth.vendors(),
        "grant_form": GrantForm(None, channel=channel),
        "provider_form": ProviderForm(None, channel=channel),
        "provider_hook": f"{scheme}://puente:TOKEN@{host}/hooks/email/{channel.pk}/{named}/" if named else "",
    }
