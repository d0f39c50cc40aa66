"""What the composer opens: templates, the customer's other channels, an emoji under a message."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import queries, template_parts
from conversations.actions import filling
from conversations.actions.drafts import save_draft
from conversations.actions.outbound import Way, ways_to
from conversations.actions.reactions import react
from conversations.actions.templates import look_again
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Conversation, Draft, Template
from conversations.workspace import facts
from conversations.workspace.composing import VALUE
from conversations.workspace.forms import uuid_or_none
from conversations.workspace.views import panes
from tenants.decorators import get_or_404, requires
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.scoping import uuid7
from tenants.urls_tools import burl

BEFORE = 24  # characters before a numbered place that say what it is about


class Choice(NamedTuple):
    """A template in the picker."""

    id: UUID
    name: str
    language: str
    category: str
    text: str
    media: str
    find: str  # what a search looks at
    url: str


class Place(NamedTuple):
    """A field of the template's form."""

    name: str  # of the field
    key: str
    label: str
    value: str
    sample: str


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def templates(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """The channel's templates that can be sent."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    channel = conversation.way.channel
    if not adapter_for(channel.kind).capabilities.templates:
        raise Http404
    look_again(channel)
    query = request.GET.urlencode()

    def url(template_id: UUID) -> str:
        return f"{burl(request, 'conversations:template-form', conversation.pk, template_id)}?{query}"

    context = {
        "channel": channel,
        "choices": choices_of(channel, url),
        "back_url": burl(request, "conversations:thread", conversation.pk),
        "whom": conversation.customer,
    }
    return shown(request, "conversations/template_choices.html", context)


def choices_of(channel: Channel, url: Callable[[UUID], str]) -> list[Choice]:
    """What can be sent on a channel, each with the address of its form."""
    return [_choice(one, url(one.pk)) for one in filling.usable(channel)]


def _choice(template: Template, url: str) -> Choice:
    text = template_parts.rendered(template.components, template_parts.sample_values(template.components))
    return Choice(
        template.pk,
        template.name,
        template.language,
        template.category,
        text,
        template_parts.media(template.components),
        f"{template.name.replace('_', ' ')} {template.name} {text}",
        url,
    )


@requires(Permission.CONVERSATIONS_WRITE)
@require_safe
def template(request: BusinessRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """One of them, with sensible values filled in, as the customer will see it."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    found = sendable_or_404(conversation.way.channel, template_id)
    values = filling.proposed(found, conversation.customer, request.membership)
    query = request.GET.urlencode()
    context = form_of(found, values) | {
        "send_url": f"{burl(request, 'conversations:replies', conversation.pk)}?{query}",
        "choices_url": f"{burl(request, 'conversations:template-choices', conversation.pk)}?{query}",
        "back_url": burl(request, "conversations:thread", conversation.pk),
        "whom": conversation.customer,
    }
    return shown(request, "conversations/template_form.html", context)


def sendable_or_404(channel: Channel, template_id: UUID) -> Template:
    """A template that may be sent on a channel, or 404."""
    found: Template = get_or_404(Template.objects.usable().filter(channel=channel), template_id)
    if not template_parts.can_send(found.components):
        raise Http404
    return found


def form_of(template: Template, values: dict[str, str]) -> dict[str, Any]:
    """What the form of a template shows, with values proposed."""
    media = template_parts.media(template.components)
    titles = template_parts.titles(template.components)
    return {
        "template": template,
        "places": [_place(place, values, titles) for place in template_parts.places(template.components)],
        "media": media,
        "accepts": ACCEPTS.get(media, ""),
        "preview": preview(template.components, values),
        "titles": titles,
        "client_id": uuid7(),
    }


ACCEPTS = {
    "image": "image/jpeg,image/png",
    "video": "video/mp4,video/3gpp",
    "document": ".pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt",
}


def _place(place: template_parts.Place, values: dict[str, str], titles: list[str]) -> Place:
    if place.part == "button":
        label = titles[int(place.key.partition(".")[2])]
    elif place.name.isdigit():
        label = f"{place.before[-BEFORE:].lstrip()}{{{{{place.name}}}}}"
    else:
        label = place.name.replace("_", " ").capitalize()
    return Place(f"{VALUE}{place.key}", place.key, label, values.get(place.key, ""), place.sample)


def preview(components: Any, values: dict[str, str]) -> list[tuple[str, SafeString]]:
    """Header, body and footer as the customer sees them; each place in an element of its own."""
    pieces = []
    for kind, name in (("HEADER", "header"), ("BODY", "body"), ("FOOTER", "footer")):
        text = template_parts.part(components, kind).get("text")
        if isinstance(text, str) and text:
            pieces.append((name, _marked(text, name, values)))
    return pieces


def _marked(text: str, name: str, values: dict[str, str]) -> SafeString:
    pieces, at = [], 0
    for hole in template_parts.HOLE.finditer(text):
        key = f"{name}.{hole[1]}"
        mark = '<mark data-hole="{}" data-empty="{}">{}</mark>'
        pieces.append((text[at : hole.start()], format_html(mark, key, hole[0], values.get(key) or hole[0])))
        at = hole.end()
    return format_html("{}{}", format_html_join("", "{}{}", pieces), text[at:])


def shown(request: BusinessRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """A piece for the dialog, or a page of its own."""
    if request.htmx:
        return render(request, name, context)
    return render(request, "conversations/template_page.html", context | {"piece": name})


class Elsewhere(NamedTuple):
    """Another way to the customer."""

    key: str
    channel: str
    address: str
    icon: str


def others(conversation: Conversation) -> list[Way]:
    """How else one can write to this customer."""
    return [
        way
        for way in ways_to(conversation.customer)
        if way.channel.pk != conversation.way.channel_id
        and adapter_for(way.channel.kind).capabilities.text_limit
    ]


@requires(Permission.CONVERSATIONS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def elsewhere(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """The customer's other channels; POST `to` goes there and takes the draft along."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    ways = others(conversation)
    if request.method == "POST":
        return _go(request, conversation, {way.key: way for way in ways}.get(request.POST.get("to", "")))
    ways_shown = [
        Elsewhere(way.key, way.channel.name, way.identity.display, facts.channel_icon(way.channel.kind))
        for way in ways
    ]
    context = {
        "conversation": conversation,
        "others": ways_shown,
        "query": request.GET.urlencode(),
        "back_url": burl(request, "conversations:thread", conversation.pk),
        "whom": conversation.customer,
    }
    return shown(request, "conversations/elsewhere.html", context)


def _go(request: BusinessRequest, conversation: Conversation, way: Way | None) -> HttpResponse:
    """To the conversation there, or to where one is begun; what was typed goes along."""
    if way is None:
        messages.error(request, _("This channel no longer reaches the customer."))
        return panes.back_to(request, conversation)
    text = clean(request.POST.get("text", ""))
    mine = Draft.objects.filter(conversation=conversation, membership=request.membership)
    if not text.strip():
        text = next((draft.body for draft in mine if not draft.is_note), "")
    there = queries.visible_to(request.actor).filter(channel=way.channel, identity=way.identity)
    found = there.order_by("-last_message_at").first()
    if found is None:
        if text.strip():
            save_draft(conversation=conversation, text=text, is_note=False, by=request.actor)
        start = burl(request, "conversations:start", conversation.customer_id)
        return redirect(f"{start}?to={way.key}&draft={conversation.pk}")
    has_draft = Draft.objects.filter(conversation=found, membership=request.membership).exists()
    if text.strip() and not has_draft:
        save_draft(conversation=found, text=text, is_note=False, by=request.actor)
        mine.filter(is_note=False).delete()
    return redirect(f"{burl(request, 'conversations:thread', found.pk)}?view=all")


@requires(Permission.CONVERSATIONS_WRITE)
@require_POST
def reaction(request: BusinessRequest, conversation_id: UUID) -> HttpResponse:
    """An emoji under a customer's message; the same again takes it back."""
    conversation = queries.conversation_or_404(conversation_id, request.actor)
    message_id = uuid_or_none(request.POST.get("message"))
    try:
        if message_id is None:
            raise Http404
        react(
            conversation=conversation,
            message_id=message_id,
            emoji=clean(request.POST.get("emoji", ""))[:32],
            by=request.actor,
        )
    except Refused as refusal:
        if request.htmx:
            return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refusal))
        return panes.back_to(request, conversation)
    if request.htmx:
        after = uuid_or_none(request.POST.get("after"))
        fresh = queries.conversation_or_404(conversation.pk, request.actor)
        return panes.updates_response(request, fresh, after, [message_id])
    return panes.back_to(request, conversation)
