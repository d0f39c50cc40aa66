"""Each of the vendor's recorded events gives exactly what it describes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from conversations.channels.base import (
    AddressChange,
    ChannelNews,
    Ignored,
    Inbound,
    InboundChange,
    InboundEcho,
    InboundMessage,
    InboundStatus,
    Media,
)
from conversations.models import InboundEvent
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import Number, payloads
from tests.factories.tenants import Business

WHO = "972987654321"
ALIASES = (("whatsapp", "US.13491208655302741918"), ("phone", f"+{WHO}"))
KIND = "whatsapp"
UNKNOWN = "Un mensaje de un tipo que todavía no conocemos."  # in the business's language
HASHED = "(a fingerprint)"  # where the vendor gives no id
FORM = {
    "comment_text": "Comment Text",
    "delivery_rating": "4",
    "purchase_rating": "2",
    "recommend_radio": "0",
    "cs_rating": "0",
}
REJECTED = (
    "Your template has parameters placed next to each other (like {{1}}{{2}}) without text or punctuation"
    " between them. Separate parameters with descriptive text and ensure each parameter is clearly"
    " contextualized."
)
CHOICE = {"kind": "choice", "choice": {"id": "callback_data", "title": "title"}}


def when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def message(at: int, text: str = "", id_: str = "wamid.xyzxyz", /, **data: Any) -> InboundMessage:
    """What the test's customer wrote."""
    files = data.pop("media", None)
    return InboundMessage(
        provider_id=id_,
        identity_kind=KIND,
        identity=WHO,
        identity_verified=True,
        name="Test Name",
        text=text,
        data=data,
        media=(Media(**files),) if files else (),
        provider_at=when(at),
        aliases=ALIASES,
    )


def file(reference: str, content_type: str, name: str = "") -> dict[str, str]:
    return {"reference": reference, "content_type": content_type, "name": name}


def status(said: str, at: int, **more: Any) -> InboundStatus:
    return InboundStatus("wamid.xyzxyz", said, at=when(at), **more)


def account(text: str, event: str, problem: bool | None = None) -> ChannelNews:
    return ChannelNews(HASHED, "account", text, {"event": event}, problem)


def call(id_: str, text: str, **data: Any) -> ChannelNews:
    return ChannelNews(id_, "call", text, {name.rstrip("_"): value for name, value in data.items()})


def template(what: str, id_: str, name: str, language: str, text: str = "", **news: Any) -> ChannelNews:
    return ChannelNews(
        HASHED, f"template_{what}", text, {"vendor_id": id_, "name": name, "language": language, **news}
    )


def wish(text: str, value: str) -> ChannelNews:
    data = {"from": "16505551234", "category": "marketing_messages", "value": value, "at": 1731705721}
    return ChannelNews(HASHED, "preferences", text, data)


BIG = "1234567890987654321"
OGG = "audio/ogg; codecs=opus"
RESTRICTED = "RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE_NUMBER_ACTION"
CONTACTS = [
    {"name": "Chandler Bing", "phones": ["+1 555-555-5555"], "emails": []},
    {"name": "Monica", "phones": ["+1 666-666-6666"], "emails": []},
    {"name": "Rachel Green", "phones": ["+1 777-777-7777"], "emails": []},
]
ITEMS = [
    {"id": "HAMBURGER", "quantity": 3, "price": 30, "currency": "ILS"},
    {"id": "FRENCH_FRIES", "quantity": 2, "price": 35, "currency": "ILS"},
    {"id": "SODA", "quantity": 2, "price": 10, "currency": "ILS"},
]
HERE = {"latitude": 12.25089, "longitude": 43.90539, "name": "", "address": ""}
OFFICE = {
    "latitude": 37.4611978,
    "longitude": -122.2164385,
    "name": "Facebook HQ",
    "address": "1 Hacker Way, Menlo Park, CA 94025",
}
AD = {"url": "AD_OR_POST_FB_URL", "title": "AD_TITLE", "text": "AD_DESCRIPTION"}
NO_MORE = "The account is no longer shared with Puente. Connect it again."

EXPECTED: dict[str, Inbound] = {
    "account_update.account_deleted": account(
        "The WhatsApp Business account was deleted at Meta.", "ACCOUNT_DELETED", True
    ),
    "account_update.account_restriction": account(
        f"Meta restricts what the account may do: {RESTRICTED}", "ACCOUNT_RESTRICTION"
    ),
    "account_update.account_violation": account(
        "Meta says that the account broke a rule: ADULT", "ACCOUNT_VIOLATION"
    ),
    "account_update.ad_account_linked": account("An advertising account was linked.", "AD_ACCOUNT_LINKED"),
    "account_update.authentication_international_eligibility": account(
        "Meta has changed the prices of log-in codes abroad.", "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE"
    ),
    "account_update.account_disabled": account(  # its name says disabled, its content the opposite
        "Meta has switched the account on again.", "DISABLED_UPDATE", False
    ),
    "account_update.mm_api_for_wa_terms_of_service": account(
        "The terms for marketing messages were accepted.", "MM_LITE_TERMS_SIGNED"
    ),
    "account_update.partner_added": account("The account was shared with Puente.", "PARTNER_ADDED"),
    "account_update.partner_app_installed": account(
        "Puente's app was installed in the account.", "PARTNER_APP_INSTALLED"
    ),
    "account_update.partner_app_uninstalled": account(
        "Puente's app was removed from the account. Connect it again.", "PARTNER_APP_UNINSTALLED", True
    ),
    "account_update.partner_led_business_verification_status": account(
        "Meta has checked the business's papers: APPROVED", "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE"
    ),
    "account_update.partner_removed": account(NO_MORE, "PARTNER_REMOVED", True),
    "account_update.partner_removed_wa_app_disconnection": account(NO_MORE, "PARTNER_REMOVED", True),
    "account_update.primary_business_location_set": account(
        "The business's country at Meta was set: IN", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"
    ),
    "account_update.pricing_tiering_update": account(
        "The account has reached another price tier.", "VOLUME_BASED_PRICING_TIER_UPDATE"
    ),
    "account_update.account_offboarded": account(
        "The number was disconnected from Puente. Connect it again.", "ACCOUNT_OFFBOARDED", True
    ),
    "account_update.account_reconnected": account(
        "The number is connected again.", "ACCOUNT_RECONNECTED", False
    ),
    "call_connect.business_initiated": call(
        "wacid.xxxx=:connect",
        "The customer took a call on WhatsApp.",
        event="connect",
        direction="business_initiated",
        from_="16315553602",
        to="16315553601",
    ),
    "call_connect.user_initiated": call(
        "wacid.xxxx=:connect",
        "A call came in on WhatsApp. It cannot be taken in Puente.",
        event="connect",
        direction="user_initiated",
        from_=WHO,
        to="16315553601",
    ),
    "call_permission_update.accept": call(
        "wamid.x",
        "The customer allows calls on WhatsApp.",
        event="permission",
        response="accept",
        from_=WHO,
        expires_at=1753186982,
    ),
    "call_permission_update.reject": call(
        "wamid.x",
        "The customer does not want calls on WhatsApp.",
        event="permission",
        response="reject",
        from_=WHO,
    ),
    "call_status.call_status": call(
        "wacid.ABGGFjFVU2AfAgo6V:ringing", "A call on WhatsApp: ringing", event="ringing", to="163155536021"
    ),
    "call_terminate.call_terminate": call(
        "wacid.ABGGFjFVU2AfAgo6V-Hc5eCgK5Gh:terminate",
        "A call to the customer on WhatsApp has ended.",
        event="terminate",
        direction="business_initiated",
        from_="16315553602",
        to="16315553601",
        seconds=120,
    ),
    "callback_button.button": message(1698266730, "title", **CHOICE, reply_to="wamid.xyzxyz"),
    "callback_button.quick_reply": message(
        1698269027, "title", "wamid.xsidjw", **CHOICE, reply_to="wamid.xyzxyz=="
    ),
    "callback_button.quick_reply_without_context": message(1698269027, "title", "wamid.xsidjx", **CHOICE),
    "callback_selection.callback": message(
        1698266905, "title", "wamid.zyzxyz", **CHOICE, reply_to="wamid.xyzxyz"
    ),
    "callback_selection.description": message(
        1698266905, "title", "wamid.zyzxyz", **CHOICE, reply_to="wamid.xyzxyz"
    ),
    "deleted_message.revoke": InboundChange(
        "<WHATSAPP_MESSAGE_ID>", "<ORIGINAL_WHATSAPP_MESSAGE_ID>", "removal", when(1697043223)
    ),
    "edited_message.image": InboundChange(
        "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=",
        "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA=",
        "edit",
        when(1749854575),
        "Updated image caption",
    ),
    "flow_completion.completion": message(
        1702502473, "", "wamid.wegrchytvwcggt==", kind="form", form=FORM, reply_to="wamid.gvwegfretge=="
    ),
    "flow_completion.without_flow_token": message(
        1702502473, "", "wamid.wegrchytvwcggt==", kind="form", form=FORM, reply_to="wamid.gvwegfretge=="
    ),
    "message.text": message(1697043223, "Body Text"),
    "message.image": message(1697043379, kind="image", media=file("65463453", "image/jpeg")),
    "message.media_with_url": message(1697043379, kind="image", media=file("65463453", "image/jpeg")),
    "message.video": message(
        1697044362, "caption", kind="video", forwarded=True, media=file("765756756", "video/mp4")
    ),
    "message.document": message(
        1697043666,
        "caption",
        kind="document",
        forwarded=True,
        media=file(BIG, "application/pdf", "filename.pdf"),
    ),
    "message.audio": message(1697043509, kind="audio", forwarded=True, media=file(BIG, OGG)),
    "message.voice": message(1697043473, kind="voice", media=file(BIG, OGG)),
    "message.static_sticker": message(1697043760, kind="sticker", media=file(BIG, "image/webp")),
    "message.animated_sticker": message(1697043785, kind="sticker", media=file(BIG, "image/webp")),
    "message.reaction": InboundChange("wamid.xyzxyz", "wamid.yzxyzx=", "reaction", when(1697044456), "😮"),
    "message.unreaction_empty": InboundChange("wamid.xyzxyz", "wamid.yzxyzx=", "reaction", when(1697044456)),
    "message.unreaction_no_emoji": InboundChange(
        "wamid.xyzxyz", "wamid.yzxyzx=", "reaction", when(1697044456)
    ),
    "message.current_location": message(1697044557, kind="location", location=HERE, forwarded=True),
    "message.chosen_location": message(
        1697044557,
        "Facebook HQ, 1 Hacker Way, Menlo Park, CA 94025",
        kind="location",
        location=OFFICE,
        forwarded=True,
    ),
    "message.contacts": message(
        1697044621, "Chandler Bing, Monica, Rachel Green", kind="contacts", contacts=CONTACTS
    ),
    "message.order": message(1697044668, kind="order", order={"items": ITEMS, "note": ""}),
    "message.unsupported": message(1697044706, UNKNOWN, kind="unknown", type="unsupported"),
    "message.unsupported_with_type": message(1697044706, UNKNOWN, kind="unknown", type="pool"),
    "message.reply": message(1697044746, "replied text", reply_to="wamid.xyzxyz=="),
    "message.forwarded": message(1697044815, "forwarded text", forwarded=True),
    "message.forwarded_many_times": message(1697044968, "text forwarded many times", forwarded=True),
    "message.interactive_message_with_err": message(
        1700505494,
        UNKNOWN,
        "wamid.wegrchytvwcggt=",
        kind="unknown",
        type="interactive",
        reply_to="wamid.gvwegfretge==",
    ),
    "message.referral": message(1697045000, "BODY", "wamid.ID", referral=AD),
    "message_status.sent": status("sent", 1698266945),
    "message_status.delivered": status("delivered", 1698266945),
    "message_status.read": status("read", 1689380458),
    "message_status.played": status("read", 1689380458),
    "message_status.failed": status(
        "failed",
        1689380458,
        reason="WhatsApp tries out not delivering advertising to this person. Write another way.",
        outcome="delivery_failure",
        details={"code": "130472", "category": "blocked", "permanent": True},
    ),
    "message_status.with_tracker": status("sent", 1698266945),  # its reference is none of ours
    "message_status.group": Ignored(
        "status", "Messages in groups are not taken in.", "<WHATSAPP_MESSAGE_ID>"
    ),
    # It names its customer only in its one contact; the rest are the documentation's placeholders.
    "outgoing_message.text": InboundEcho(
        "<WHATSAPP_MESSAGE_ID>", KIND, WHO, "Test message", "Test Name", provider_at=when(1697043223)
    ),
    "outgoing_message.delete": InboundChange(
        "wamid.yyyyyy", "wamid.zzzzzz", "removal", when(1697044968), by_customer=False
    ),
    "outgoing_message.edit": InboundChange(
        "wamid.yyyyyy", "wamid.zzzzzz", "edit", when(1697044968), "Text was edited", by_customer=False
    ),
    "system.phone_number_change": AddressChange("wamid.xyzxyz==", KIND, WHO, "972912345678"),
    "system.identity_change": Ignored(
        "status", "The customer uses WhatsApp on a new device.", "wamid.xyzxyz"
    ),
    "template_category_update.marketing": template(
        "category", "12345678", "my_message_template", "he", category="marketing"
    ),
    "template_components_update.element": template(
        "components",
        "12345678",
        "my_message_template",
        "he",
        components=[{"type": "BODY", "text": "Hi {{1}}! Welcome to our service."}],
    ),
    "template_quality_update.yellow": template(
        "quality", "806312974732579", "welcome_template", "en_US", quality="yellow"
    ),
    "template_status_update.approved": template(
        "status",
        "1689556908129832",
        "order_confirmation",
        "en_US",
        reason="",
        status="approved",
        category="utility",
    ),
    "template_status_update.rejected": template(
        "status",
        "1689556908129835",
        "abandoned_cart",
        "en",
        REJECTED,
        reason=REJECTED,
        status="rejected",
        category="marketing",
    ),
    "user_marketing_preferences.resume": wish(
        "The customer wants marketing messages on WhatsApp again.", "resume"
    ),
    "user_marketing_preferences.signup": wish(
        "The customer signed up for marketing messages on WhatsApp.", "signup"
    ),
}
OUTCOMES = {InboundMessage: "message", InboundEcho: "message"}


def plain(item: Inbound) -> Inbound:
    """An item with its fingerprint, where it has one, hidden."""
    is_hashed = isinstance(item, ChannelNews) and len(item.provider_id) == 40
    return replace(item, provider_id=HASHED) if is_hashed else item


def test_all_74_are_here() -> None:
    assert len(payloads()) == 74
    assert set(payloads()) == set(EXPECTED)


def test_each_says_exactly_what_it_describes(business: Business) -> None:
    number = Number(business)
    assert {
        name: [plain(item) for item in number.parse(payload)] for name, payload in payloads().items()
    } == {name: [item] for name, item in EXPECTED.items()}


def test_each_ends_taken_in(business: Business) -> None:
    number, ended = Number(business), {}
    for name, payload in payloads().items():
        with transaction.atomic():
            ended[name] = number.take_in(payload).outcome
            transaction.set_rollback(True)
    assert ended == {
        name: OUTCOMES.get(type(expected), getattr(expected, "outcome", "status"))
        for name, expected in EXPECTED.items()
    }


def test_all_at_once_and_twice_leave_nothing_pending_or_parked(business: Business) -> None:
    number = Number(business)
    for payload in [*payloads().values(), *payloads().values()]:
        number.take_in(payload)
    with tenant_scope(business.tenant.id):
        outcomes = set(InboundEvent.objects.values_list("outcome", flat=True))
    assert outcomes == {"message", "status", "delivery_failure", "duplicate"}


def test_components_are_kept_as_the_vendor_gives_them_elsewhere(business: Business) -> None:
    nested = payloads()["template_components_update.element"]["all"]
    [news] = Number(business).parse(nested)
    assert isinstance(news, ChannelNews)
    assert [part["type"] for part in news.data["components"]] == ["HEADER", "BODY", "FOOTER", "BUTTONS"]
    assert news.data["components"][3]["buttons"] == [
        {"type": "PHONE_NUMBER", "text": "Phone support", "phone_number": "+15550783881"},
        {"type": "URL", "text": "Email support", "url": "https://www.luckyshrub.com/support"},
    ]
