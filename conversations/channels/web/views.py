"""The widget's server side (docs/guides/web-chat-protocol.md)."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conversations.actions import inbound
from conversations.actions.deliveries import mark_read
from conversations.channels.web import messages
from conversations.channels.web.door import Caller, Refused, visitor_view
from conversations.channels.web.presence import presence
from conversations.channels.web.texts import PRECHAT_TYPES, prechat_label, widget_texts
from conversations.channels.web.tokens import make_token, read_token
from conversations.signals import rating_given
from crm.models import Identity
from tenants.kit import events
from tenants.kit.text import clean, one_line

MAX_TEXT = 4_000  # code points


@visitor_view("GET", needs_visitor=False)
def config(request: HttpRequest, caller: Caller) -> HttpResponse:
    """How the chat looks and speaks; public, for a minute."""
    chosen = caller.channel.settings
    response = JsonResponse(
        {
            "business": caller.tenant.name,
            "language": get_language(),
            "color": chosen.get("color") or caller.tenant.accent,
            "greeting": chosen.get("greeting") or _("Hi! How can we help you?"),
            "presence": presence(caller.tenant),
            "prechat": [
                {
                    "name": name,
                    "label": prechat_label(name),
                    "type": PRECHAT_TYPES[name],
                    "required": name in chosen.get("required", ["name"]),
                    "autocomplete": PRECHAT_TYPES[name] if name != "name" else "name",
                }
                for name in chosen.get("prechat", ["name", "email"])
                if name in PRECHAT_TYPES
            ],
            "privacy": {"label": _("Privacy notice"), "url": chosen["privacy_url"]}
            if chosen.get("privacy_url")
            else None,
            "attachments": False,
            "max_length": MAX_TEXT,
            "poll_seconds": 5,
            "texts": widget_texts(),
        }
    )
    response["Cache-Control"] = "max-age=60"
    return response


@visitor_view("POST", needs_visitor=False)
def session(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A token for the same visitor, renewed, or for a new one."""
    offered = caller.body.get("token")
    visitor = read_token(offered, caller.entrance.channel_id) if isinstance(offered, str) else None
    visitor = visitor or uuid4()
    identity = Identity.objects.filter(kind="web", value=str(visitor)).select_related("customer").first()
    known = identity is not None
    return JsonResponse(
        {
            "token": make_token(caller.entrance.channel_id, visitor),
            "known": known,
            "live": messages.is_live(caller.channel, visitor) if known else False,
            "visitor": {"name": identity.customer.name} if identity and identity.customer.name else {},
        }
    )


@visitor_view("GET", "POST", accepts=True)
def messages_of_visitor(request: HttpRequest, caller: Caller) -> HttpResponse:
    """GET reads them, POST adds one."""
    return send_message(caller) if request.method == "POST" else read_messages(request, caller)


def read_messages(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A page of the visitor's own messages, the oldest first."""
    assert caller.visitor
    page = messages.page(
        caller.channel,
        caller.visitor,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    response = JsonResponse(page)
    response["Cache-Control"] = "no-store"
    return response


def send_message(caller: Caller) -> HttpResponse:
    """Store a message; 202 once it is committed. The same client_id again changes nothing."""
    try:
        client_id = UUID(caller.body["client_id"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Refused(400, _("The message could not be read.")) from None
    text = caller.body.get("text")
    if not isinstance(text, str) or not (text := clean(text).strip()):
        raise Refused(422, _("Write something first."))
    if len(text) > MAX_TEXT:
        raise Refused(422, _("This message is too long."))
    stored = {
        "visitor": str(caller.visitor),
        "client_id": str(client_id),
        "text": text,
        "page": _strings(caller.body.get("page"), {"url", "title", "referrer"}, 2_000),
        "answers": _strings(caller.body.get("answers"), {"name", "email", "phone", "reason"}, 200),
        "language": get_language(),
    }
    raw = json.dumps(stored, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
    inbound.accept(entrance=caller.entrance, body=raw, content_type="application/json")
    return JsonResponse({"client_id": str(client_id), "accepted": True}, status=202)


def _strings(given: Any, names: set[str], limit: int) -> dict[str, str]:
    """The texts of a JSON object that we know, cut; whatever else it holds is dropped."""
    if not isinstance(given, dict):
        return {}
    return {
        name: one_line(value, limit)
        for name, value in given.items()
        if name in names and isinstance(value, str)
    }


@visitor_view("POST")
def typing(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Let the agents know that the visitor is writing."""
    assert caller.visitor
    conversation = messages.conversation_of(caller.channel, caller.visitor)
    if conversation:
        events.publish(
            "customer_typing",
            {"conversation": str(conversation.pk)},
            team_id=conversation.team_id,
            assignee_id=conversation.assignee_id,
        )
    return HttpResponse(status=204)


@visitor_view("POST")
def read(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The visitor has this message and all before it on screen."""
    assert caller.visitor
    conversation = messages.conversation_of(caller.channel, caller.visitor)
    try:
        upto = UUID(caller.body["upto"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Refused(400, _("The message could not be read.")) from None
    if conversation:
        mark_read(conversation=conversation, upto=upto, channel=caller.channel)
    return HttpResponse(status=204)


@visitor_view("POST")
def rating(request: HttpRequest, caller: Caller) -> HttpResponse:
    """One tap, later perhaps a comment; posting again replaces."""
    token, score, comment = (caller.body.get(name) for name in ("token", "score", "comment"))
    if (
        not isinstance(token, str)
        or not isinstance(score, int)
        or isinstance(score, bool)
        or not 1 <= score <= 5
    ):
        raise Refused(422, _("Choose a rating from 1 to 5."))
    if comment is not None and not isinstance(comment, str):
        raise Refused(422, _("The message could not be read."))
    answers = rating_given.send(
        None,
        token=token,
        score=score,
        comment=None if comment is None else clean(comment, 1_000),
        channel=caller.channel,
    )
    if not any(kept for _receiver, kept in answers):
        raise Refused(404, _("This rating is no longer open."))
    return HttpResponse(status=204)
