"""The widget's server side (docs/guides/web-chat-protocol.md)."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conversations.actions import inbound
from conversations.actions.deliveries import mark_read
from conversations.channels.web import messages, uploads, visitors
from conversations.channels.web.door import Caller, Refused, visitor_view
from conversations.channels.web.identity import SECRET, NotVouchedFor, vouched_for
from conversations.channels.web.presence import presence
from conversations.channels.web.texts import PRECHAT_TYPES, prechat_label, widget_texts
from conversations.channels.web.tokens import make_token, open_token
from conversations.signals import rating_given
from crm.actions.privacy import notice_address
from crm.models import Identity
from tenants.kit import events
from tenants.kit.text import clean, one_line

MAX_TEXT = 4_000  # code points
MAX_MB = uploads.LARGEST // 1_000_000
OLDEST = 30 * 24 * 3_600  # seconds that a message may have waited in the browser


@visitor_view("GET", needs_visitor=False)
def config(request: HttpRequest, caller: Caller) -> HttpResponse:
    """How the chat looks and speaks; public, for a minute."""
    chosen, present = caller.channel.settings, presence(caller.tenant)
    response = JsonResponse(
        {
            "business": caller.tenant.name,
            "language": get_language(),
            "color": chosen.get("color") or caller.tenant.accent,
            "greeting": chosen.get("greeting") or _("Hi! How can we help you?"),
            "presence": present,
            "prechat": questions(chosen, is_open=bool(present["online"])),
            "privacy": {"label": _("Privacy notice"), "url": address}
            if (address := chosen.get("privacy_url") or notice_address(caller.tenant))
            else None,
            "attachments": {
                "max_size": uploads.LARGEST,
                "max_files": uploads.MOST,
                "accept": uploads.ACCEPT,
            },
            "max_length": MAX_TEXT,
            "poll_seconds": 5,
            "texts": widget_texts(),
        }
    )
    response["Cache-Control"] = "max-age=60"
    return response


def questions(chosen: dict[str, Any], *, is_open: bool) -> list[dict[str, Any]]:
    """What is asked before the first message. While nobody is there, how to answer later."""
    asked = [name for name in chosen.get("prechat", ["name", "email"]) if name in PRECHAT_TYPES]
    required = set(chosen.get("required", ["name"]))
    if not is_open and not required & {"email", "phone"}:
        asked = asked if "email" in asked else [*asked, "email"]
        required |= {"email"}
    return [
        {
            "name": name,
            "label": prechat_label(name, is_open=is_open),
            "type": PRECHAT_TYPES[name],
            "required": name in required,
            "autocomplete": PRECHAT_TYPES[name] if name != "name" else "name",
        }
        for name in asked
    ]


@visitor_view("POST", needs_visitor=False)
def session(request: HttpRequest, caller: Caller) -> HttpResponse:
    """A token for the same visitor, renewed, or for a new one; with it, whom the site vouches for."""
    sent = caller.body.get("token")
    offered = open_token(sent, caller.entrance.channel_id) if isinstance(sent, str) else None
    said, claims, problem = caller.body.get("identity"), {}, ""
    if said is not None:
        try:
            claims = vouched_for(said, str(caller.channel.secrets.get(SECRET) or ""))
        except NotVouchedFor as error:
            problem = error.said
    visitor = visitors.next_of(offered, claims, said, caller.tenant)
    identity = Identity.objects.filter(kind="web", value=str(visitor.id)).select_related("customer").first()
    name = visitor.claims.get("name") or (identity.customer.name if identity else "")
    return JsonResponse(
        {
            "token": make_token(caller.entrance.channel_id, *visitor),
            "known": bool(identity or visitor.claims),
            "live": messages.is_live(caller.channel, visitor.id) if identity else False,
            "visitor": {"name": name} if name else {},
            "same": offered is not None and visitor.id == offered.id,
            "identified": bool(visitor.claims),
            "problem": problem,
        }
    )


@visitor_view("POST", takes_file=True)
def upload(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Keep a file for a message that the visitor is writing."""
    assert caller.visitor
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or int(length[:20]) > uploads.LARGEST:
        raise Refused(413, _("This file is too large: at most %(mb)s MB.") % {"mb": MAX_MB})
    content, name = request.body, clean(request.GET.get("name", ""), 200)
    kind = uploads.content_type_of(name, content)
    if not content or len(content) > uploads.LARGEST or not kind:
        raise Refused(422, _("This kind of file cannot be sent here."))
    kept = uploads.keep(
        channel_id=caller.entrance.channel_id,
        visitor=caller.visitor,
        name=name,
        content=content,
        content_type=kind,
    )
    return JsonResponse(
        {"id": str(kept.pk), "name": kept.name, "size": kept.size, "type": kept.content_type}, status=201
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
    text, files = caller.body.get("text"), _files(caller)
    if not isinstance(text, str) or not ((text := clean(text).strip()) or files):
        raise Refused(422, _("Write something first."))
    if len(text) > MAX_TEXT:
        raise Refused(422, _("This message is too long."))
    written_at = _written_at(caller.body.get("age"))
    chosen = _strings(caller.body, {"choice"}, 200).get("choice")
    stored = {
        **({"files": [str(one) for one in files]} if files else {}),
        **({"written_at": written_at.isoformat()} if written_at else {}),
        **({"vouched_for": caller.claims} if caller.claims else {}),
        **({"choice": chosen} if chosen else {}),
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


def _files(caller: Caller) -> list[UUID]:
    """The files that go with a message. Raises `Refused` for one that is not there."""
    given = caller.body.get("files") or []
    try:
        ids = [UUID(one) for one in given]
    except (ValueError, TypeError, AttributeError):
        raise Refused(400, _("The message could not be read.")) from None
    if len(ids) > uploads.MOST:
        raise Refused(422, _("At most %(most)s files in one message.") % {"most": uploads.MOST})
    assert caller.visitor
    if ids and not uploads.are_here(caller.entrance, caller.visitor, list(dict.fromkeys(ids))):
        raise Refused(422, _("A file is no longer here. Add it once more."))
    return list(dict.fromkeys(ids))


def _written_at(age: Any) -> datetime | None:
    """When a message was written that had to wait; its age is true whatever the browser's clock says."""
    if not isinstance(age, int) or isinstance(age, bool) or not 0 < age <= OLDEST:
        return None
    return timezone.now().replace(microsecond=0) - timedelta(seconds=age)


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
