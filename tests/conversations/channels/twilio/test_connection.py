"""Connecting a number: what is entered, and what trying it does at Twilio."""

import pytest

from conversations.channels.base import ChannelError
from conversations.channels.connection import Checked
from conversations.channels.registry import adapter_for
from conversations.channels.sms.connection import SmsForm
from conversations.channels.twilio import api
from conversations.models import Channel
from tests.conversations.channels.twilio.line import Line
from tests.factories.tenants import Business
from tests.vendors.stand_in import Mood
from tests.vendors.twilio import ACCOUNT, NUMBER, SERVICE, Twilio, TwilioWhatsApp

TYPED = {"name": "SMS", "account_sid": ACCOUNT, "auth_token": "secret", "number": "+52 55 1234 5678"}


def checked(line: Line) -> Checked:
    return adapter_for(line.vendor.kind).connection.check(line.channel)


def test_form_keeps_number_and_secrets_apart() -> None:
    form = SmsForm(TYPED, channel=Channel(kind="sms"))
    assert form.is_valid(), form.errors
    assert form.changes() == {
        "name": "SMS",
        "settings": {"account_sid": ACCOUNT, "number": NUMBER, "api_key": "", "messaging_service": ""},
        "secrets": {"auth_token": "secret"},
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account_sid", "SK" + "1" * 32),
        ("account_sid", "AC1"),
        ("api_key", "AC" + "1" * 32),
        ("messaging_service", "MG"),
        ("number", "55 1234 5678"),
        ("number", "\x00"),
        ("auth_token", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(name: str, value: str) -> None:
    form = SmsForm(TYPED | {name: value}, channel=Channel(kind="sms"))
    assert list(form.errors) == [name]


def test_check_sets_the_numbers_webhook(sms: Line) -> None:
    found = checked(sms)
    assert [(one.what, one.works) for one in found.findings] == [
        ("Twilio account", True),
        ("Number", True),
        ("Incoming messages", True),
    ]
    assert (found.problem, found.address) == ("", NUMBER)
    address = f"http://localhost:8000/hooks/sms/{sms.channel.pk}/"
    assert sms.vendor.webhook == {"SmsUrl": address, "SmsMethod": "POST", "SmsApplicationSid": ""}
    assert checked(sms) == found


def test_check_sets_the_services_webhook(business: Business, twilio: Twilio) -> None:
    line = Line(business, twilio, messaging_service=SERVICE)
    assert checked(line).problem == ""
    assert twilio.webhook["InboundRequestUrl"].endswith(f"/hooks/sms/{line.channel.pk}/")
    gone = Line(business, twilio, messaging_service="MG" + "9" * 32)
    assert checked(gone).problem == "This account has no such messaging service."


def test_check_sets_the_senders_webhook(whatsapp: Line) -> None:
    assert checked(whatsapp).problem == ""
    address = f"http://localhost:8000/hooks/twilio-whatsapp/{whatsapp.channel.pk}/"
    assert whatsapp.vendor.webhook == {"callback_url": address, "callback_method": "POST"}
    whatsapp.vendor.sender_status = "CREATING"
    assert checked(whatsapp).problem.startswith("The WhatsApp sender is not online yet.")


def test_sandbox_is_set_by_hand(business: Business, twilio_whatsapp: TwilioWhatsApp) -> None:
    line = Line(business, twilio_whatsapp, number="+14155238886")
    assert checked(line).findings[-1].said.startswith("Copy the address")
    copied = adapter_for("twilio_whatsapp").connection.copied(line.channel)
    assert [one.text for one in copied] == [f"http://localhost:8000/hooks/twilio-whatsapp/{line.channel.pk}/"]


def test_check_says_what_does_not_work(sms: Line) -> None:
    sms.vendor.account_status = "suspended"
    assert checked(sms).problem.startswith("The account is not active.")
    sms.vendor.account_status = "active"
    sms.channel.settings["number"] = "+525500000000"
    assert checked(sms).problem.startswith("This account has no such number.")


def test_check_of_another_accounts_sender(whatsapp: Line) -> None:
    whatsapp.channel.settings["number"] = "+525500000000"
    assert checked(whatsapp).problem == "This account has no such WhatsApp sender."


@pytest.mark.parametrize(
    ("mood", "code", "reason"),
    [
        (Mood.REFUSES, 20003, "Twilio no longer accepts the account's keys."),
        (Mood.BREAKS, 0, "Twilio has a disturbance."),
        (Mood.THROTTLES, 0, "Twilio asks us to slow down."),
    ],
)
def test_check_that_fails_says_why(sms: Line, mood: Mood, code: int, reason: str) -> None:
    sms.vendor.become(mood, code)
    with pytest.raises(ChannelError) as raised:
        checked(sms)
    assert raised.value.reason.startswith(reason)


def test_wrong_or_missing_token_is_said(sms: Line) -> None:
    for secrets, reason in [({}, "Twilio is not connected yet."), ({"auth_token": "x"}, "Twilio no longer")]:
        sms.channel.secrets = secrets
        with pytest.raises(ChannelError) as raised:
            checked(sms)
        assert raised.value.reason.startswith(reason)
        assert raised.value.channel_broken


def test_api_key_takes_the_tokens_place(sms: Line) -> None:
    sms.channel.settings["api_key"], sms.channel.secrets["api_secret"] = "SK1", "key-secret"
    account = api.account_of(sms.channel)
    assert (account.sid, account.user, account.password) == (ACCOUNT, "SK1", "key-secret")
