"""Events of Messenger, made by us from the documented fields; the page stands above each.

All below developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/
webhook-events (Graph API v24.0) unless another is named.
"""

from typing import Any

from tests.conversations.channels.meta_line import Case

FILE = "https://scontent.xx.fbcdn.net/v/t1.15752-9/1.jpg?_nc_cat=1&oh=2"
CHOICE = {"kind": "choice", "choice": {"id": "SIZE_M", "title": "Talla M"}}
UNKNOWN = "Un mensaje de un tipo que todavía no conocemos."


def message(**fields: Any) -> dict[str, Any]:
    return {"message": {"mid": "m_case", **fields}}


def attached(kind: str, payload: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    part = {"type": kind, **more} | ({"payload": payload} if payload is not None else {})
    return message(attachments=[part])


CASES: dict[str, Case] = {
    # /messages
    "text": Case(message(text="¿Abren hoy?"), text="¿Abren hoy?"),
    "quick_reply": Case(
        message(text="Talla M", quick_reply={"payload": "SIZE_M"}), text="Talla M", data=CHOICE
    ),
    "reply": Case(
        message(text="Esa", reply_to={"mid": "m_earlier", "is_self_reply": False}),
        text="Esa",
        data={"reply_to": "m_earlier"},
    ),
    "image": Case(attached("image", {"url": FILE}), data={"kind": "image"}, media=1),
    "video": Case(attached("video", {"url": FILE}), data={"kind": "video"}, media=1),
    "audio": Case(attached("audio", {"url": FILE}), data={"kind": "audio"}, media=1),
    "file": Case(attached("file", {"url": FILE}), data={"kind": "document"}, media=1),
    "two_images": Case(
        message(
            attachments=[
                {"type": "image", "payload": {"url": FILE}},
                {"type": "image", "payload": {"url": f"{FILE}3"}},
            ]
        ),
        data={"kind": "image"},
        media=2,
    ),
    "sticker": Case(
        message(
            attachments=[
                {"type": "image", "payload": {"url": FILE, "sticker_id": 369239263222822}},
                {"type": "sticker", "payload": {"url": FILE, "sticker_id": 369239263222822}},
            ]
        ),
        data={"kind": "sticker"},
        media=1,
    ),
    "like": Case(
        attached("image", {"url": FILE, "sticker_id": 369239263222822}), data={"kind": "sticker"}, media=1
    ),
    "reel": Case(
        attached("reel", {"url": "https://www.facebook.com/reel/31", "title": "Receta", "reel_video_id": 31}),
        text="Receta\nhttps://www.facebook.com/reel/31",
        data={"shared": {"title": "Receta", "url": "https://www.facebook.com/reel/31"}},
    ),
    "ig_reel": Case(
        attached("ig_reel", {"url": FILE, "title": "Receta"}), "message", "Receta", {"kind": "video"}, 1
    ),
    "post": Case(
        attached("post", {"url": FILE, "title": "Oferta"}), "message", "Oferta", {"kind": "image"}, 1
    ),
    "fallback": Case(
        attached("fallback", {"url": "https://example.com/a", "title": "Una página"}),
        text="Una página\nhttps://example.com/a",
        data={"shared": {"title": "Una página", "url": "https://example.com/a"}},
    ),
    "text_with_fallback": Case(
        message(
            text="Mira https://example.com/a",
            attachments=[
                {"type": "fallback", "payload": {"url": "https://example.com/a", "title": "Página"}}
            ],
        ),
        text="Mira https://example.com/a\nPágina\nhttps://example.com/a",
        data={"shared": {"title": "Página", "url": "https://example.com/a"}},
    ),
    "fallback_without_payload": Case(
        attached("fallback"), text=UNKNOWN, data={"kind": "unknown", "type": "fallback"}
    ),
    "location": Case(
        attached("location", {"coordinates": {"lat": 19.43, "long": -99.13}}, title="Mi casa"),
        text="Mi casa",
        data={
            "kind": "location",
            "location": {"latitude": 19.43, "longitude": -99.13, "name": "Mi casa", "address": ""},
        },
    ),
    "product": Case(
        attached(
            "template",
            {
                "product": {
                    "elements": [{"id": "1", "retailer_id": "2", "title": "Vestido", "subtitle": "$ 900"}]
                }
            },
        ),
        text="Vestido · $ 900",
        data={"shared": {"title": "Vestido · $ 900"}},
    ),
    "appointment": Case(
        attached("appointment_booking", {}),
        text=UNKNOWN,
        data={"kind": "unknown", "type": "appointment_booking"},
    ),
    "new_attachment": Case(
        attached("hologram", {"url": FILE}), text=UNKNOWN, data={"kind": "unknown", "type": "hologram"}
    ),
    "foreign_file": Case(
        attached("image", {"url": "https://evil.example/x.jpg"}),
        text=UNKNOWN,
        data={"kind": "unknown", "type": "image"},
    ),
    "no_text": Case(message(), text=UNKNOWN, data={"kind": "unknown", "type": "unsupported"}),
    # /messages, "Message with referral"
    "advertisement": Case(
        message(
            text="Hola",
            referral={
                "ref": "verano",
                "ad_id": "23843",
                "source": "ADS",
                "type": "OPEN_THREAD",
                "ads_context_data": {"ad_title": "Verano", "photo_url": FILE, "post_id": "1"},
            },
        ),
        text="Hola",
        data={"referral": {"url": FILE, "title": "Verano", "text": "ADS", "ad": "23843"}},
    ),
    # /messaging_postbacks
    "postback": Case(
        {"postback": {"mid": "m_post", "title": "Talla M", "payload": "SIZE_M"}}, text="Talla M", data=CHOICE
    ),
    "get_started": Case(
        {
            "postback": {
                "title": "Empezar",
                "payload": "GET_STARTED",
                "referral": {"ref": "flyer", "source": "SHORTLINK", "type": "OPEN_THREAD"},
            }
        },
        text="Empezar",
        data={
            "kind": "choice",
            "choice": {"id": "GET_STARTED", "title": "Empezar"},
            "referral": {"title": "flyer", "text": "SHORTLINK"},
        },
    ),
    # /messaging_referrals
    "referral": Case({"referral": {"ref": "x", "source": "SHORTLINK", "type": "OPEN_THREAD"}}, "status"),
    # /messaging_optins
    "optin": Case(
        {"optin": {"type": "notification_messages", "title": "Ofertas", "notification_messages_token": "1"}},
        "status",
    ),
    # /messaging_handovers
    "pass_thread": Case({"pass_thread_control": {"new_owner_app_id": "123"}}, "status"),
    "take_thread": Case({"take_thread_control": {"previous_owner_app_id": "123"}}, "status"),
    "request_thread": Case({"request_thread_control": {"requested_owner_app_id": 1}}, "status"),
    "app_roles": Case({"app_roles": {"123": ["primary_receiver"]}}, "status"),
    # /messaging_account_linking
    "account_linking": Case({"account_linking": {"status": "linked"}}, "status"),
    # /messaging_policy_enforcement
    "policy": Case({"policy_enforcement": {"action": "block", "reason": "Spam"}}, "status"),
    # /messaging_customer_information
    "customer_information": Case(
        {
            "messaging_customer_information": {
                "screens": [{"screen_id": "a", "responses": [{"key": "email", "value": "ana@example.com"}]}]
            }
        },
        text="email: ana@example.com",
        data={"kind": "form", "form": {"email": "ana@example.com"}},
    ),
    # /messaging_feedback
    "feedback": Case(
        {
            "messaging_feedback": {
                "feedback_screens": [
                    {
                        "screen_id": "0",
                        "questions": {
                            "q1": {"type": "csat", "payload": "4", "follow_up": {"payload": "Rápido"}}
                        },
                    }
                ]
            }
        },
        text="4 · Rápido",
        data={"kind": "form", "form": {"q1": "4 · Rápido"}},
    ),
    "new_kind": Case({"hologram": {"beams": 3}}, text=UNKNOWN, data={"kind": "unknown", "type": "hologram"}),
}
WHOLE: dict[str, Case] = {
    # /message-echoes, "Example 2"; /standby
    "standby": Case(
        {"standby": [{"sender": {"id": "1"}, "message": {"mid": "m_s", "text": "Para otra app"}}]}, "status"
    ),
    # developers.facebook.com/docs/graph-api/webhooks/reference/page, "feed"
    "reaction_to_post": Case(
        {
            "changes": [
                {"field": "feed", "value": {"item": "reaction", "verb": "add", "reaction_type": "love"}}
            ]
        },
        "status",
    ),
    "post": Case({"changes": [{"field": "feed", "value": {"item": "status", "verb": "add"}}]}, "status"),
    "other_field": Case({"changes": [{"field": "mention", "value": {"item": "post"}}]}, "status"),
    # developers.facebook.com/docs/messenger-platform/send-messages/utility-messages
    "template": Case(
        {
            "changes": [
                {
                    "field": "message_template_status_update",
                    "value": {
                        "event": "APPROVED",
                        "message_template_id": 12,
                        "message_template_name": "pedido",
                        "message_template_language": "es",
                        "reason": "NONE",
                    },
                }
            ]
        },
        "status",
    ),
}
