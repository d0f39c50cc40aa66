"""Every address is inside a business and asks for a permission, or is excused."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, include, path

from tenants.decorators import requires
from tenants.permissions import Permission
from tests.guards import addresses
from tests.guards.rules import unexcused

WITHOUT_PERMISSION = {
    "conversations:events": "asks for conversations:read itself, in the live process",
    "tenants:settings": "leads to the first place that the member's permissions open, 404 when there is none",
}
TWILIO = "Twilio's call: signed with the token of the channel's account"
VISITOR = (
    "the web chat of one channel: its door gives the business, the visitor's signed token the conversation"
)
OUTSIDE = {
    addresses.ALLAUTH: "a person's own account: log-in, sign-up, password, second factor, sessions",
    "api/v1/": "404 as a problem for every address below it that is none",
    "api-docs": "the API's documentation: reads nothing of a business",
    "api-schema": "the API's description: reads nothing of a business",
    "simulator": "on localhost with the stand-ins alone: plays the demo's customers",
    "simulator-thread": "the same",
    "simulator-act": "the same",
    "channels:email-hook": "a posted mail: the channel's door and its token",
    "channels:mail-permission": "leads back to the business whose question this session asked",
    "channels:email-webhook": "a provider's report: the channel's door and its token, or a signature",
    "channels:email-webhook-mime": "a provider's report: the channel's door and its token, or a signature",
    "channels:whatsapp-app-hook": "our own app's webhook: its signature, then each part's own door",
    "channels:whatsapp-hook": "a channel's webhook: the signature of its own app",
    "channels:messenger-app-hook": "our own app's webhook: its signature, then each part's own door",
    "channels:messenger-hook": "a channel's webhook: the signature of its own app",
    "channels:instagram-app-hook": "our own app's webhook: its signature, then each part's own door",
    "channels:instagram-hook": "a channel's webhook: the signature of its own app",
    "channels:telegram-hook": "a bot's update: the channel's door and the secret of its webhook",
    "channels:calls-hook": "a phone system's report: the channel's door and its token, or a signature",
    "channels:media-out": "a vendor fetches one file by a signed link of a day",
    "channels:sms-any-status": TWILIO,
    "channels:sms-hook": TWILIO,
    "channels:sms-status": TWILIO,
    "channels:twilio_whatsapp-any-status": TWILIO,
    "channels:twilio_whatsapp-hook": TWILIO,
    "channels:twilio_whatsapp-status": TWILIO,
    "channels:web-config": VISITOR,
    "channels:web-events": VISITOR,
    "channels:web-file": VISITOR,
    "channels:web-upload": VISITOR,
    "channels:web-messages": VISITOR,
    "channels:web-rating": VISITOR,
    "channels:web-read": VISITOR,
    "channels:web-session": VISITOR,
    "channels:web-typing": VISITOR,
    "widget-script": "the chat's script, the same for every site: reads nothing of a business",
    "favicon": "leads to a static file: reads nothing of a business",
    "demo-shop": "the demo's own shop page: its door leads to the demo alone",
    "gallery": "developers' page of the components: reads nothing of a business",
    "healthz": "says that the process lives; reads nothing",
    "readyz": "says what is missing to serve; reads nothing of a business",
    "security-txt": "the operator's address for reports of weaknesses",
    "metrics": "counts without names, for this machine or a token",
    "mailbox": "developers' mailbox, absent where mail really goes out",
    "mailbox-mail": "developers' mailbox, absent where mail really goes out",
    "mailbox-html": "developers' mailbox, absent where mail really goes out",
    "help:home": "a business's public help centre: published answers alone, 404 where it has none",
    "help:colours": "the same: its colour",
    "help:sitemap": "the same: the addresses of its published answers",
    "help:answer": "the same: one published answer",
    "help:answer-short": "the same: leads to it",
    "pictures:picture": "a picture of a mail: its address holds a secret of the business and the picture",
    "tracking:link": "a link of a mail: its signed token names the business and the recipient",
    "tracking:picture": "the picture of a mail: the same",
    "appointment:page": "a customer says whether he comes: the link's signed token opens one appointment",
    "appointment:calendar": "the same: the appointment as a calendar file",
    "robots": "what search engines may read: reads nothing of a business",
    "notifications:unsubscribe": "the way out of a mail: the signed link names whose mails of which kind",
    "privacy:notice": "what a business tells everybody about data: published words alone",
    "privacy:version": "the same as it was: published words alone",
    "privacy:ask": "makes a request and nothing else, and says the same to everybody",
    "preferences:centre": "a customer says what he wants to get: the link's token opens him alone",
    "preferences:one-click": "a mail program unsubscribes him: the link's token opens him alone",
    "preferences:confirmation": "a customer's second yes: the link's token opens one question",
    "rating:rate": "a customer's rating: the link's token opens one invitation",
    "tenants_public:home": "the public site",
    "tenants_public:businesses": "a person's list of businesses, from the directory",
    "tenants_public:business-new": "a person opens one more business",
    "tenants_public:profile": "a person's own name and language",
    "tenants_public:language": "a person's own language",
    "tenants_public:invite": "an invitation: the link's token opens one invite, bound to its address",
    "tenants_public:login-link": "a log-in link of a new business: works once",
}


def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def wrong_urls() -> Iterator[str]:
    """A URL configuration with one address against each rule."""
    from rest_framework.views import APIView

    class OpenView(APIView):
        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse()

    module: Any = ModuleType("wrong_urls")
    inside = [
        path("fine/", requires(Permission.CUSTOMERS_READ)(page), name="fine"),
        path("open/", page, name="open"),
    ]
    module.urlpatterns = [
        path("b/<slug:tenant_slug>/", include(inside)),
        path("loose/", page, name="loose"),
        path("of/<uuid:tenant_id>/", page, name="by-id"),
        path("of/<slug:tenant_slug>/", page, name="by-slug"),
        path("api/v1/open/", OpenView.as_view(), name="api-open"),
    ]
    yield module
    clear_url_caches()


def test_every_page_of_a_business_asks_for_a_permission() -> None:
    assert unexcused(addresses.unguarded(addresses.addresses()), WITHOUT_PERMISSION) == []


def test_every_address_outside_a_business_is_excused() -> None:
    assert unexcused(addresses.outside(addresses.addresses()), OUTSIDE) == []


def test_no_address_takes_a_tenant_from_the_visitor() -> None:
    assert unexcused(addresses.named_tenants(addresses.addresses()), {}) == []


def test_every_api_view_asks_for_scopes() -> None:
    assert unexcused(addresses.open_api(addresses.addresses()), {}) == []


def test_no_form_or_serializer_takes_a_tenant() -> None:
    assert unexcused(addresses.tenant_fields(), {}) == []


def test_wrong_addresses_are_told(wrong_urls: Any) -> None:
    found = addresses.addresses(wrong_urls)
    told = [
        rule(found)
        for rule in (addresses.unguarded, addresses.outside, addresses.named_tenants, addresses.open_api)
    ]
    assert [[str(violation) for violation in violations] for violations in told] == [
        ["open: asks for no permission: mark its view with @requires"],
        [
            "loose: is outside every business",
            "by-id: is outside every business",
            "by-slug: is outside every business",
        ],
        ["by-slug: takes a slug outside /b/", "by-id: takes 'tenant_id' from the visitor"],
        ["api-open: does not derive from the base view of tenants.api"],
    ]


def test_address_is_filled_in(wrong_urls: Any) -> None:
    by_slug = next(a for a in addresses.addresses(wrong_urls) if a.name == "fine")
    assert by_slug.path(tenant_slug="bicis") == "/b/bicis/fine/"
