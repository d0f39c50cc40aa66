"""Events of Instagram, made by us from the documented fields; the page stands above each.

All below developers.facebook.com/documentation (Graph API v24.0).
"""

from typing import Any

from tests.conversations.channels.meta_line import Case

FILE = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=18139494541428835&signature=AbC"
STORY = "https://scontent.cdninstagram.com/v/t51/1.jpg?oh=2"
UNKNOWN = "Un mensaje de un tipo que todavía no conocemos."
MENTIONED = "El cliente te mencionó en una historia."


def message(**fields: Any) -> dict[str, Any]:
    return {"message": {"mid": "m_case", **fields}}


def attached(kind: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    return message(attachments=[{"type": kind} | ({"payload": payload} if payload is not None else {})])


CASES: dict[str, Case] = {
    # business-messaging/instagram-messaging/webhooks
    "text": Case(message(text="¿Tienen en rojo?"), text="¿Tienen en rojo?"),
    "quick_reply": Case(
        message(text="Sí", quick_reply={"payload": "YES"}),
        text="Sí",
        data={"kind": "choice", "choice": {"id": "YES", "title": "Sí"}},
    ),
    "reply": Case(
        message(text="Ése", reply_to={"mid": "m_earlier"}), text="Ése", data={"reply_to": "m_earlier"}
    ),
    "image": Case(attached("image", {"url": FILE}), data={"kind": "image"}, media=1),
    "video": Case(attached("video", {"url": FILE}), data={"kind": "video"}, media=1),
    "audio": Case(attached("audio", {"url": FILE}), data={"kind": "audio"}, media=1),
    "file": Case(attached("file", {"url": FILE}), data={"kind": "document"}, media=1),
    "ig_reel": Case(
        attached("ig_reel", {"url": FILE, "reel_video_id": "1", "title": "Receta"}),
        text="Receta",
        data={"kind": "video"},
        media=1,
    ),
    "reel": Case(attached("reel", {"url": FILE}), data={"kind": "video"}, media=1),
    "private_reel": Case(attached("ig_reel", {}), text=UNKNOWN, data={"kind": "unknown", "type": "ig_reel"}),
    "ephemeral": Case(attached("ephemeral"), text=UNKNOWN, data={"kind": "unknown", "type": "ephemeral"}),
    "fallback": Case(
        attached("fallback", {"title": "Nota", "url": "https://example.com/a"}),
        text="Nota\nhttps://example.com/a",
        data={"shared": {"title": "Nota", "url": "https://example.com/a"}},
    ),
    "story_mention": Case(
        attached("story_mention", {"url": STORY}), text=MENTIONED, data={"kind": "story_mention"}, media=1
    ),
    "story_mention_gone": Case(attached("story_mention", {}), text=MENTIONED, data={"kind": "story_mention"}),
    "story_reply": Case(
        message(text="¡Qué rico!", reply_to={"story": {"url": STORY, "id": "178"}}),
        text="¡Qué rico!",
        data={"kind": "story_reply", "story": {"id": "178"}},
        media=1,
    ),
    "story_reply_with_image": Case(
        message(
            attachments=[{"type": "image", "payload": {"url": FILE}}],
            reply_to={"story": {"url": STORY, "id": "178"}},
        ),
        data={"kind": "story_reply", "story": {"id": "178"}},
        media=2,
    ),
    "product": Case(
        message(text="¿Hay talla M?", referral={"product": {"id": "559"}}),
        text="¿Hay talla M?",
        data={"referral": {"product": "559"}},
    ),
    "advertisement": Case(
        message(
            text="Hola",
            referral={
                "ref": "verano",
                "ad_id": "2384",
                "source": "ADS",
                "type": "OPEN_THREAD",
                "ads_context_data": {"ad_title": "Verano", "photo_url": STORY, "video_url": STORY},
            },
        ),
        text="Hola",
        data={"referral": {"url": STORY, "title": "Verano", "text": "ADS", "ad": "2384"}},
    ),
    "unsupported": Case(
        message(is_unsupported=True), text=UNKNOWN, data={"kind": "unknown", "type": "unsupported"}
    ),
    "ice_breaker": Case(
        {"postback": {"mid": "m_ice", "title": "¿A qué hora abren?", "payload": "HOURS"}},
        text="¿A qué hora abren?",
        data={"kind": "choice", "choice": {"id": "HOURS", "title": "¿A qué hora abren?"}},
    ),
    "referral": Case({"referral": {"ref": "flyer", "source": "SHORTLINK", "type": "OPEN_THREAD"}}, "status"),
    "optin": Case({"optin": {"type": "notification_messages", "payload": "x"}}, "status"),
    "handover": Case({"pass_thread_control": {"new_owner_app_id": "1"}}, "status"),
    "first_version": Case({"message_edit": {"mid": "m_other", "num_edit": 0}}, "status"),
    # instagram-platform/webhooks/new
    "share_of_a_post": Case(
        message(
            attachments=[
                {"type": "share", "payload": {"ig_post_media_id": "1", "title": "Oferta", "url": FILE}},
                {"type": "ig_post", "payload": {"ig_post_media_id": "1", "title": "Oferta", "url": FILE}},
            ]
        ),
        text="Oferta",
        data={"kind": "image"},
        media=1,
    ),
    "share_alone": Case(
        attached("share", {"url": FILE, "title": "Oferta"}), text="Oferta", data={"kind": "image"}, media=1
    ),
    "new_kind": Case({"hologram": {}}, text=UNKNOWN, data={"kind": "unknown", "type": "hologram"}),
}
