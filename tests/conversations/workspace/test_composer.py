"""What the composer offers by channel: window, templates, other channels, emoji; and the templates' pages."""

import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations.actions.merging import answer_by, merge
from conversations.actions.messages import add_note, send_reply
from conversations.models import Channel, Conversation, Delivery, Draft, Message, Template
from crm import identities
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import Number, event, says
from tests.factories.conversations import PNG, make_conversation, thread_url
from tests.factories.tenants import Business

HTMX = {"HX-Request": "true"}
BODY: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Aviso"},
    {
        "type": "BODY",
        "text": "Hola {{1}}, tu pedido <{{2}}> ya está.",
        "example": {"body_text": [["Ana", "A-1"]]},
    },
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Gracias"}]},
]
PHOTO: list[dict[str, Any]] = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Mira."}]


class Talk:
    """A conversation on WhatsApp."""

    def __init__(self, business: Business, hours_ago: float = 1) -> None:
        self.business, self.number = business, Number(business)
        at = int(time.time() - hours_ago * 3600)
        contacts = [{"wa_id": "5213312345678", "profile": {"name": "Ana Flores"}}]
        self.number.take_in(event(says("Hola", "wamid.hi", at), contacts=contacts))
        with self.scope():
            self.conversation: Conversation = Conversation.objects.get()
            self.message: Message = Message.objects.get()

    def scope(self) -> Any:
        return tenant_scope(self.business.tenant.id)

    def url(self, noun: str = "") -> str:
        return thread_url(self.business, self.conversation, noun)

    def template(self, components: list[dict[str, Any]] = BODY, **more: Any) -> Template:
        given = {"name": "aviso", "language": "es_MX", "status": "approved", "vendor_id": "9", **more}
        with self.scope():
            made: Template = Template.objects.create(
                channel=self.number.channel, components=components, **given
            )
            return made

    def sent(self) -> list[Message]:
        with self.scope():
            return list(Message.objects.filter(kind="outbound").order_by("id"))

    def settings(self, noun: str = "") -> str:
        path = f"/b/{self.business.tenant.slug}/settings/channels/{self.number.channel.pk}/templates/"
        return f"{path}{noun}"


@pytest.fixture
def talk(business: Business) -> Talk:
    return Talk(business)


@pytest.fixture
def closed(business: Business) -> Talk:
    return Talk(business, hours_ago=30)


# --- the window ---


def test_composer_says_how_long_free_text_goes_out(teammate_client: Client, talk: Talk) -> None:
    composing = teammate_client.get(talk.url()).context["composing"]
    assert (composing.is_closed, composing.is_near, composing.has_templates) == (False, False, True)
    assert composing.left in {"22 h 59 min", "23 h 0 min"}
    assert (composing.buttons, len(composing.rows), composing.locations) == ((1, 2, 3), 10, True)


def test_composer_warns_before_the_end_and_offers_templates_after(
    teammate_client: Client, business: Business
) -> None:
    near = teammate_client.get(Talk(business, hours_ago=22).url()).context["composing"]
    assert (near.is_near, near.is_closed) == (True, False)


def test_closed_window_offers_templates_and_other_channels(teammate_client: Client, closed: Talk) -> None:
    response = teammate_client.get(closed.url())
    assert response.context["composing"].is_closed
    said = response.content.decode()
    assert closed.url("templates") in said
    assert closed.url("elsewhere") in said
    refused = teammate_client.post(closed.url("replies"), {"text": "Hola"}, headers=HTMX)
    assert (refused.status_code, closed.sent()) == (422, [])


def test_channel_without_a_window_says_nothing(
    teammate_client: Client, business: Business, conversation: Conversation
) -> None:
    composing = teammate_client.get(thread_url(business, conversation)).context["composing"]
    assert (composing.left, composing.is_closed, composing.has_templates) == ("", False, False)
    assert teammate_client.get(thread_url(business, conversation, "templates")).status_code == 404


def test_merged_thread_is_written_in_by_the_way_its_answers_go(
    teammate_client: Client, business: Business, talk: Talk
) -> None:
    with talk.scope():
        mail = make_conversation("¿Y mi correo?", address="ana@example.com")
        Conversation.objects.filter(pk=mail.pk).update(customer_id=talk.conversation.customer_id)
        note = add_note(conversation=talk.conversation, text="Ojo", by=business.actor())
        merge(source=talk.conversation, target=mail, by=business.actor(), answer_by_source=True)
    template = talk.template()
    page = teammate_client.get(thread_url(business, mail)).context
    assert page["composing"].has_templates
    bubbles = {item.bubble.id: item.bubble for item in page["items"] if item.bubble}
    shown = {one.text: one.channel for one in bubbles.values() if one.kind != "event"}
    assert shown == {"Hola": talk.number.channel.name, "¿Y mi correo?": "", note.text: ""}
    assert (bubbles[talk.message.pk].extras.can_quote, bubbles[talk.message.pk].extras.can_react) == (
        True,
        True,
    )
    choices = teammate_client.get(thread_url(business, mail, "templates")).context["choices"]
    assert [one.id for one in choices] == [template.pk]
    given = {"emoji": "👍", "message": talk.message.pk}
    assert (
        teammate_client.post(thread_url(business, mail, "reactions"), given, headers=HTMX).status_code == 200
    )
    with talk.scope():
        answer_by(conversation=mail, way=mail, by=business.actor())
        delivery = Delivery.objects.get()
        assert (delivery.channel_id, delivery.message.came_by_id) == (
            talk.number.channel.pk,
            talk.conversation.pk,
        )
    assert teammate_client.get(thread_url(business, mail, "templates")).status_code == 404
    assert (
        teammate_client.post(thread_url(business, mail, "reactions"), given, headers=HTMX).status_code == 200
    )


# --- templates ---


def test_picker_shows_what_can_be_sent_now(teammate_client: Client, talk: Talk) -> None:
    talk.template()
    talk.template(name="vieja", status="paused")
    talk.template([{"type": "CAROUSEL"}], name="carrusel")
    for headers in ({}, HTMX):
        response = teammate_client.get(talk.url("templates"), headers=headers)
        assert [choice.name for choice in response.context["choices"]] == ["aviso"]


def test_template_form_proposes_values_and_shows_what_the_customer_sees(
    teammate_client: Client, talk: Talk
) -> None:
    template = talk.template()
    response = teammate_client.get(talk.url(f"templates/{template.pk}"), headers=HTMX)
    assert [(place.key, place.value) for place in response.context["places"]] == [
        ("body.1", "Ana"),
        ("body.2", ""),
    ]
    said = response.content.decode()
    assert '<mark data-hole="body.1" data-empty="{{1}}">Ana</mark>' in said
    assert "&lt;<mark" in said


def test_template_is_sent_from_its_form(teammate_client: Client, closed: Talk) -> None:
    template = closed.template()
    data = {"template": str(template.pk), "value.body.1": "Ana", "value.body.2": "A-1", "anyway": "1"}
    response = teammate_client.post(closed.url("replies"), data, headers=HTMX)
    assert response.status_code == 200
    (message,) = closed.sent()
    assert message.text == "Aviso\n\nHola Ana, tu pedido <A-1> ya está."
    assert message.data["template"]["name"] == "aviso"
    missing = teammate_client.post(closed.url("replies"), {"template": str(template.pk)}, headers=HTMX)
    assert (missing.status_code, len(closed.sent())) == (422, 1)


def test_template_with_a_picture_takes_one(teammate_client: Client, closed: Talk) -> None:
    template = closed.template(PHOTO)
    data = {"template": str(template.pk), "files": [SimpleUploadedFile("bici.png", PNG)]}
    assert teammate_client.post(closed.url("replies"), data).status_code == 302
    (message,) = closed.sent()
    assert (message.has_attachments, message.data["template"]["header"]) == (True, "image")


def test_templates_are_the_conversations_own(
    stranger_client: Client, teammate_client: Client, talk: Talk
) -> None:
    template = talk.template()
    assert stranger_client.get(talk.url("templates")).status_code == 404
    assert stranger_client.get(talk.url(f"templates/{template.pk}")).status_code == 404
    assert teammate_client.get(talk.url(f"templates/{uuid4()}")).status_code == 404


# --- what is more than text ---


def test_buttons_list_place_and_quote_come_from_the_form(teammate_client: Client, talk: Talk) -> None:
    post = {"text": "¿Vienes?", "button": ["Sí", " ", "No"], "reply_to": str(talk.message.pk)}
    assert teammate_client.post(talk.url("replies"), post).status_code == 302
    rows = {"row_title": ["Mañana", ""], "row_text": ["De 9 a 12", ""], "list_button": "Elegir"}
    assert teammate_client.post(talk.url("replies"), {"text": "¿Cuándo?", **rows}).status_code == 302
    place = {"latitude": "19,43", "longitude": "-99.13", "place_name": "Taller"}
    assert teammate_client.post(talk.url("replies"), {"text": "", **place}).status_code == 302
    choice, choices, where = talk.sent()
    assert [button["title"] for button in choice.data["buttons"]] == ["Sí", "No"]
    assert choice.data["answers"]["text"] == "Hola"
    assert choices.data["list"]["rows"] == [{"id": "Mañana", "title": "Mañana", "description": "De 9 a 12"}]
    assert where.data["location"]["latitude"] == 19.43
    page = teammate_client.get(talk.url()).content.decode()
    assert "openstreetmap.org" in page


ODD_EXTRAS: list[dict[str, Any]] = [
    {"button": ["a", "b", "c", "d"]},
    {"button": ["\x00" * 30]},
    {"latitude": "x", "longitude": "1"},
    {"latitude": "1e999", "longitude": "nan"},
    {"reply_to": "\x00"},
    {"template": "\x00", "value.body.1": "\x00"},
    {"row_title": ["x" * 100]},
    {"row_title": ["a"], "button": ["b"]},
]


def test_odd_extras_are_said_and_never_break(teammate_client: Client, talk: Talk) -> None:
    for post in ODD_EXTRAS:
        response = teammate_client.post(talk.url("replies"), {"text": "x", **post}, headers=HTMX)
        assert response.status_code in {200, 422}, post


def test_emoji_under_a_message_is_put_and_taken_back(
    teammate_client: Client, stranger_client: Client, talk: Talk
) -> None:
    def put(client: Client, emoji: str, message: Any = talk.message.pk) -> Any:
        return client.post(talk.url("reactions"), {"emoji": emoji, "message": message}, headers=HTMX)

    assert put(stranger_client, "👍").status_code == 404
    response = put(teammate_client, "👍")
    bubbles = [item.bubble for item in response.context["items"] if item.message]
    assert [(bubble.reactions, bubble.extras.ours) for bubble in bubbles] == [("👍", "👍")]
    assert put(teammate_client, "nada").status_code == 422
    assert put(teammate_client, "👍", uuid4()).status_code == 422
    assert put(teammate_client, "👍", "\x00").status_code == 404
    assert put(teammate_client, "").context["items"][-1].bubble.reactions == ""


# --- another channel ---


def test_other_channels_are_offered_and_the_draft_goes_along(
    teammate_client: Client, stranger_client: Client, closed: Talk
) -> None:
    with closed.scope():
        identities.attach(closed.conversation.customer, "email", "ana@example.com", country="MX")
    response = teammate_client.get(closed.url("elsewhere"), headers=HTMX)
    (other,) = response.context["others"]
    assert other.address == "ana@example.com"
    assert stranger_client.get(closed.url("elsewhere")).status_code == 404
    went = teammate_client.post(closed.url("elsewhere"), {"to": other.key, "text": "Hola Ana"})
    assert went.status_code == 302
    assert f"to={other.key}" in went["Location"]
    with closed.scope():
        assert Draft.objects.get().body == "Hola Ana"
    form = teammate_client.get(went["Location"]).context["form"]
    assert (form["to"].value(), form["text"].value()) == (other.key, "Hola Ana")


def test_conversation_that_is_there_already_takes_the_draft(
    teammate_client: Client, business: Business, closed: Talk
) -> None:
    with closed.scope():
        identity, _made = identities.attach(
            closed.conversation.customer, "email", "ana@example.com", country="MX"
        )
        email = Channel.objects.get(kind="email")
        there = Conversation.objects.create(
            channel=email, customer=closed.conversation.customer, identity=identity
        )
    key = f"{email.pk}:{identity.pk}"
    went = teammate_client.post(closed.url("elsewhere"), {"to": key, "text": "Hola Ana"})
    assert went["Location"].startswith(thread_url(business, there))
    with closed.scope():
        assert Draft.objects.get().conversation_id == there.pk


@pytest.mark.parametrize("to", ["", "x", "\x00", f"{uuid4()}:{uuid4()}"])
def test_unknown_way_leads_back(teammate_client: Client, closed: Talk, to: str) -> None:
    went = teammate_client.post(closed.url("elsewhere"), {"to": to})
    assert went["Location"].startswith(closed.url())


# --- what helps ---


@pytest.mark.parametrize(
    ("status", "category", "problem", "remedy"),
    [
        ("failed", "window", "", "template"),
        ("failed", "template", "", "template"),
        ("failed", "address", "", "elsewhere"),
        ("failed", "blocked", "", ""),
        ("failed", "", "", "resend"),
        ("failed", "", "The token is gone.", "channel"),
        ("pending", "", "The token is gone.", "channel"),
        ("unknown", "", "", "resend"),
        ("sent", "", "", ""),
    ],
)
def test_failed_message_has_the_one_button_that_helps(
    teammate_client: Client, talk: Talk, status: str, category: str, problem: str, remedy: str
) -> None:
    with talk.scope():
        send_reply(conversation=talk.conversation, text="Sí", by=talk.business.actor())
        reason = "Why" if status != "sent" else ""
        Delivery.objects.update(
            status=status, reason=reason, details={"category": category} if category else {}
        )
        Channel.objects.filter(pk=talk.number.channel.pk).update(problem=problem)
    items = teammate_client.get(talk.url()).context["items"]
    bubble = next(item.bubble for item in items if item.message and item.message.kind == "outbound")
    assert (bubble.extras.remedy if bubble.extras else "") == remedy


# --- the settings ---


def test_templates_page_shows_states_and_reasons(
    owner_client: Client, stranger_client: Client, talk: Talk
) -> None:
    talk.template()
    talk.template(name="oferta", status="rejected", reason="WhatsApp takes it for a fraud.")
    response = owner_client.get(talk.settings())
    assert [(row["template"].name, row["tone"]) for row in response.context["rows"]] == [
        ("aviso", "success"),
        ("oferta", "danger"),
    ]
    assert stranger_client.get(talk.settings()).status_code == 404
    assert owner_client.get(talk.settings("?cursor=x")).status_code == 200


def test_template_page_shows_one_and_deletes_it(
    owner_client: Client, teammate_client: Client, stranger_client: Client, talk: Talk
) -> None:
    template = talk.template()
    page = talk.settings(f"{template.pk}/")
    assert owner_client.get(page).context["titles"] == ["Gracias"]
    assert stranger_client.get(page).status_code == 404
    assert teammate_client.post(f"{page}removal/").status_code == 403
    assert owner_client.post(f"{page}removal/").status_code == 302
    with talk.scope():
        assert Template.objects.get().status == "deleting"


def new(**change: Any) -> dict[str, Any]:
    """A template as its page posts it."""
    return {
        "name": "pedido_listo",
        "language": "es_MX",
        "category": "utility",
        "header_kind": "text",
        "header": "Pedido {{number}}",
        "body": "Hola {{first_name}}, ya está.",
        "footer": "Bici Luna",
        "button-0-kind": "url",
        "button-0-text": "Ver",
        "button-0-target": "https://luna.mx/{{1}}",
        "sample.header.number": "A-1",
        "sample.body.first_name": "Ana",
        "sample.button.0": "A-1",
        **change,
    }


def test_template_is_written_on_its_page(owner_client: Client, teammate_client: Client, talk: Talk) -> None:
    assert owner_client.get(talk.settings("new/")).status_code == 200
    assert teammate_client.post(talk.settings("new/"), new()).status_code == 403
    assert owner_client.post(talk.settings("new/"), new()).status_code == 302
    with talk.scope():
        made = Template.objects.get()
    assert (made.name, made.status, made.is_named, made.category) == (
        "pedido_listo",
        "draft",
        True,
        "utility",
    )
    again = owner_client.post(talk.settings("new/"), new())
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["name"])


def test_template_with_a_picture_keeps_its_sample(owner_client: Client, talk: Talk) -> None:
    post = new(header_kind="image")
    missing = owner_client.post(talk.settings("new/"), post)
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["sample"])
    wrong = {**post, "sample": SimpleUploadedFile("a.pdf", b"%PDF")}
    assert list(owner_client.post(talk.settings("new/"), wrong).context["form"].errors) == ["sample"]
    right = {**post, "sample": SimpleUploadedFile("bici.png", PNG)}
    assert owner_client.post(talk.settings("new/"), right).status_code == 302
    with talk.scope():
        made = Template.objects.get()
        with made.sample.open() as kept:
            assert (made.sample_name, kept.read()) == ("bici.png", PNG)


BREAKS_RULES: list[tuple[dict[str, str], str]] = [
    ({"name": "Mal nombre"}, "name"),
    ({"body": ""}, "body"),
    ({"body": "{{first_name}}"}, "body"),
    ({"language": "\x00"}, "language"),
    ({"footer": "x" * 61}, "footer"),
    ({"sample.body.first_name": ""}, "__all__"),
    ({"button-0-target": "javascript:alert(1)"}, "__all__"),
    ({"button-0-kind": "other"}, "__all__"),
    ({"header_kind": "other"}, "header_kind"),
]


def test_template_that_breaks_a_rule_is_refused_beside_its_field(owner_client: Client, talk: Talk) -> None:
    for change, field in BREAKS_RULES:
        response = owner_client.post(talk.settings("new/"), new(**change))
        assert response.status_code == 422, (change, field)
        assert field in response.context["form"].errors, (change, field)


def test_fetching_is_asked_for(owner_client: Client, teammate_client: Client, talk: Talk) -> None:
    assert teammate_client.post(talk.settings("fetch/")).status_code == 403
    assert owner_client.post(talk.settings("fetch/")).status_code == 302


# --- the first word ---


def test_first_word_goes_out_by_a_template(
    teammate_client: Client, stranger_client: Client, closed: Talk
) -> None:
    template = closed.template()
    with closed.scope():
        identity = closed.conversation.identity
        Conversation.objects.update(status="closed", closed_at=closed.conversation.created_at)
    assert identity
    key = f"{closed.number.channel.pk}:{identity.pk}"
    start = f"/b/{closed.business.tenant.slug}/inbox/new/{identity.customer_id}/"
    assert f"templates/?to={key}" in teammate_client.get(start).content.decode()
    choices = teammate_client.get(f"{start}templates/?to={key}").context["choices"]
    assert [choice.name for choice in choices] == ["aviso"]
    form = f"{start}templates/{template.pk}/?to={key}"
    assert stranger_client.get(form).status_code == 404
    assert teammate_client.get(form).context["places"][0].value == "Ana"
    missing = teammate_client.post(form, {"value.body.1": "Ana"})
    assert (missing.status_code, closed.sent()) == (422, [])
    values = {"value.body.1": "Ana", "value.body.2": "A-1", "client_id": str(uuid4())}
    assert teammate_client.post(form, values).status_code == 302
    assert [message.data["template"]["name"] for message in closed.sent()] == ["aviso"]


@pytest.mark.parametrize("to", ["", "x", "\x00"])
def test_unknown_way_has_no_templates(teammate_client: Client, closed: Talk, to: str) -> None:
    template = closed.template()
    start = f"/b/{closed.business.tenant.slug}/inbox/new/{closed.conversation.customer_id}/templates/"
    assert teammate_client.get(start, {"to": to}).status_code == 404
    assert teammate_client.get(f"{start}{template.pk}/", {"to": to}).status_code == 404
