"""Connecting an account at Twilio, and trying it.

Source: twilio.com/docs/iam/api/account; …/phone-numbers/api/incomingphonenumber-resource; …/messaging/api/
service-resource; …/whatsapp/api/senders (API 2010-04-01, messaging v1 and v2).
"""

import re
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.connection import Checked, Connection, ConnectionForm, Copied, Finding
from conversations.channels.meta import values
from conversations.channels.twilio import api, errors, hooks
from conversations.models import Channel
from crm.identities import InvalidIdentity, canonical
from crm.models import Identity

ACCOUNT = gettext_noop("Twilio account")
NUMBER = gettext_noop("Number")
SERVICE = gettext_noop("Messaging service")
WEBHOOK = gettext_noop("Incoming messages")
WORKS = gettext_noop("Works.")
SET = gettext_noop("Twilio brings them to Puente.")
CLOSED = gettext_noop("The account is not active. See Twilio's console for the reason.")
NO_NUMBER = gettext_noop("This account has no such number. Check it, with country code.")
NO_SMS = gettext_noop("This number takes no SMS. Choose another one at Twilio.")
NO_SERVICE = gettext_noop("This account has no such messaging service.")
NO_SENDER = gettext_noop("This account has no such WhatsApp sender.")
NOT_ONLINE = gettext_noop("The WhatsApp sender is not online yet. See its state in Twilio's console.")
BY_HAND = gettext_noop("Copy the address for incoming messages into the sandbox's settings at Twilio.")
SANDBOX = "+14155238886"
SID = re.compile(r"(AC|SK|MG)[0-9a-fA-F]{32}")


class TwilioForm(ConnectionForm):
    """Account, token and number."""

    secret_fields = ("auth_token", "api_secret")

    account_sid = forms.CharField(
        label=gettext_lazy("Account SID"),
        max_length=60,
        help_text=gettext_lazy("On the first page of Twilio's console; it begins with AC."),
    )
    auth_token = forms.CharField(
        label=gettext_lazy("Auth token"),
        max_length=100,
        help_text=gettext_lazy("Below the account SID. Twilio signs with it what it brings to us."),
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        help_text=gettext_lazy("With country code, such as +52 33 1234 5678."),
    )
    api_key = forms.CharField(
        label=gettext_lazy("API key SID"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("To send with a key that you can revoke by itself; it begins with SK."),
    )
    api_secret = forms.CharField(label=gettext_lazy("API key secret"), max_length=100, required=False)

    def clean_account_sid(self) -> str:
        return self._sid("account_sid", "AC")

    def clean_api_key(self) -> str:
        return self._sid("api_key", "SK")

    def _sid(self, name: str, kind: str) -> str:
        found = str(self.cleaned_data[name]).strip()
        if found and not (SID.fullmatch(found) and found.startswith(kind)):
            raise ValidationError(
                _("It begins with %(kind)s, followed by 32 letters and digits.") % {"kind": kind}
            )
        return found

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        if not typed:
            return ""
        try:
            canonical(Identity.Kind.PHONE, typed, "")
        except InvalidIdentity:
            raise ValidationError(_("Enter the number with its country code, such as +52…")) from None
        return "+" + re.sub(r"\D", "", typed)


class TwilioConnection(Connection):
    """What connecting has in common for SMS and WhatsApp."""

    kind: str
    form = TwilioForm
    vendor_page = "https://console.twilio.com/"

    def copied(self, channel: Channel) -> list[Copied]:
        address = hooks.incoming_address(self.kind, channel.pk)
        return [Copied(gettext_lazy("Address for incoming messages"), address)]


def account_finding(account: api.Account) -> Finding:
    """Whether the account is there and active. Raises `ChannelError`."""
    said = api.read(account, account.address(".json"))
    active = said.get("status") == "active"
    return Finding(ACCOUNT, active, WORKS if active else CLOSED)


def check_number(account: api.Account, channel: Channel, address: str) -> Checked:
    """Find a number in the account and let its messages come to us. Raises `ChannelError`."""
    findings = [account_finding(account)]
    number = str(channel.settings.get("number") or "")
    listed = api.read(account, account.address("/IncomingPhoneNumbers.json"), PhoneNumber=number)
    found = next(values.mappings(listed.get("incoming_phone_numbers")), {})
    sid = values.text(found.get("sid"), 60)
    if not sid:
        return Checked([*findings, Finding(NUMBER, False, NO_NUMBER)])
    can = values.mapping(found.get("capabilities"))
    if can.get("sms") is False and can.get("SMS") is not True:
        return Checked([*findings, Finding(NUMBER, False, NO_SMS)])
    place = account.address(f"/IncomingPhoneNumbers/{quote(sid, safe='')}.json")
    api.change(account, place, [("SmsUrl", address), ("SmsMethod", "POST"), ("SmsApplicationSid", "")])
    return Checked([*findings, Finding(NUMBER, True, WORKS), Finding(WEBHOOK, True, SET)], address=number)


def check_service(account: api.Account, channel: Channel, address: str) -> Checked:
    """Let what a messaging service's numbers get come to us. Raises `ChannelError`."""
    findings = [account_finding(account)]
    sid = quote(str(channel.settings.get("messaging_service") or ""), safe="")
    place = f"{settings.TWILIO_MESSAGING_API}/v1/Services/{sid}"
    form = [("InboundRequestUrl", address), ("InboundMethod", "POST"), ("UseInboundWebhookOnNumber", "false")]
    try:
        api.change(account, place, form)
    except ChannelError as error:
        if error.reason != errors.TOKEN:  # 20404: the account answered, so it is the service that is missing
            raise
        return Checked([*findings, Finding(SERVICE, False, NO_SERVICE)])
    findings += [Finding(SERVICE, True, WORKS), Finding(WEBHOOK, True, SET)]
    return Checked(findings, address=str(channel.settings.get("number") or ""))


def check_sender(account: api.Account, channel: Channel, address: str) -> Checked:
    """Find a WhatsApp sender and let its messages come to us. Raises `ChannelError`."""
    findings = [account_finding(account)]
    number = str(channel.settings.get("number") or "")
    if number == SANDBOX:
        return Checked([*findings, Finding(WEBHOOK, True, BY_HAND)], address=number)
    senders = f"{settings.TWILIO_MESSAGING_API}/v2/Channels/Senders"
    listed = api.read(account, senders, Channel="whatsapp", PageSize="100")
    mine = [
        one for one in values.mappings(listed.get("senders")) if one.get("sender_id") == f"whatsapp:{number}"
    ]
    if not mine:
        return Checked([*findings, Finding(NUMBER, False, NO_SENDER)])
    state = values.text(mine[0].get("status"), 60)
    if not state.startswith("ONLINE"):
        return Checked([*findings, Finding(NUMBER, False, NOT_ONLINE)])
    webhook: dict[str, Any] = {"webhook": {"callback_url": address, "callback_method": "POST"}}
    api.change(account, f"{senders}/{quote(values.text(mine[0].get('sid'), 60), safe='')}", webhook)
    return Checked([*findings, Finding(NUMBER, True, WORKS), Finding(WEBHOOK, True, SET)], address=number)
