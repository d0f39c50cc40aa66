from collections.abc import Iterator
from typing import Any

import pytest

from tests.conversations.channels.twilio.line import Line
from tests.factories.tenants import Business
from tests.vendors.twilio import Twilio, TwilioWhatsApp


def listening(settings: Any, vendor: Twilio) -> Twilio:
    for name, value in vendor.django_settings().items():
        setattr(settings, name, value)
    return vendor


@pytest.fixture
def twilio(settings: Any) -> Iterator[Twilio]:
    with Twilio() as vendor:
        assert isinstance(vendor, Twilio)
        yield listening(settings, vendor)


@pytest.fixture
def twilio_whatsapp(settings: Any) -> Iterator[TwilioWhatsApp]:
    with TwilioWhatsApp() as vendor:
        assert isinstance(vendor, TwilioWhatsApp)
        listening(settings, vendor)
        yield vendor


@pytest.fixture
def sms(business: Business, twilio: Twilio) -> Line:
    return Line(business, twilio)


@pytest.fixture
def whatsapp(business: Business, twilio_whatsapp: TwilioWhatsApp) -> Line:
    return Line(business, twilio_whatsapp)
