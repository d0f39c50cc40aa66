"""Templates fetched, submitted, deleted and sent, at a stand-in for the vendor."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from conversations.actions import receipts
from conversations.actions.content import CannotSend
from conversations.actions.deliveries import deliver
from conversations.actions.filling import proposed
from conversations.actions.messages import send_reply
from conversations.actions.reactions import react
from conversations.actions.templates import create_template, delete_template, problem_of, sync
from conversations.channels.base import File
from conversations.models import Channel, Conversation, Delivery, Message, Template
from crm.models import Order
from tenants.refusals import Conflicting
from tenants.scoping import tenant_scope
from tests.conversations.channels.whatsapp.channel import Number, event, says
from tests.factories.conversations import PNG
from tests.factories.tenants import Business
from tests.vendors.stand_in import Person
from tests.vendors.whatsapp import Mood, WhatsApp

ANA = "523312345678"
PERSON = Person("5213312345678", "Ana Flores")
ORDER: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["A-1"]}},
    {
        "type": "BODY",
        "text": "Hola {{1}}, tu pedido {{2}} ya va en camino. ¡Gracias!",
        "example": {"body_text": [["Ana", "A-1"]]},
    },
    {"type": "FOOTER", "text": "Bici Luna"},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Gracias"},
            {
                "type": "URL",
                "text": "Seguir",
                "url": "https://luna.mx/p/{{1}}",
                "example": ["https://luna.mx/p/A-1"],
            },
            {"type": "COPY_CODE", "text": "Copiar", "example": ["LUNA10"]},
        ],
    },
]
NAMED: list[dict[str, Any]] = [
    {"type": "BODY", "text": "Hola {{first_name}}, ¿recibiste {{order_number}}? Dinos."}
]
PHOTO: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "Ya llegó la bici nueva."},
]
FLOW: list[dict[str, Any]] = [
    {"type": "BODY", "text": "Llena esto."},
    {"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Ir"}]},
]


@pytest.fixture
def vendor(settings: Any) -> Iterator[WhatsApp]:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1/32"]
    with WhatsApp() as stand_in:
        settings.META_API = stand_in.url
        stand_in.customer_writes(ANA)
        yield stand_in


class Shop:
    """A business with a number, whose customer Ana wrote a while ago."""

    def __init__(self, business: Business, hours_ago: float = 0) -> None:
        self.business, self.number = business, Number(business)
        self.channel: Channel = self.number.channel
        at = int(time.time() - hours_ago * 3600)
        contacts = [{"wa_id": "5213312345678", "profile": {"name": "Ana Flores"}}]
        self.number.take_in(event(says("Hola", "wamid.hi", at), contacts=contacts))

    def scope(self) -> Any:
        return tenant_scope(self.business.tenant.id)

    def sync(self) -> None:
        sync(self.business.tenant.id, self.channel.pk)

    def states(self) -> list[tuple[str, str, str]]:
        with self.scope():
            return list(Template.objects.values_list("name", "language", "status"))

    def send(self, text: str = "", files: tuple[File, ...] = (), **data: Any) -> Delivery:
        """Write to Ana and take it to the vendor; returns its row as it ended."""
        with self.scope():
            actor = self.business.actor(self.business.agent)
            message = send_reply(
                conversation=Conversation.objects.get(), text=text, by=actor, files=files, data=data
            )
            row = Delivery.objects.get(message=message)
        return self.deliver(row)

    def deliver(self, row: Delivery) -> Delivery:
        deliver(self.business.tenant.id, row.pk)
        with self.scope():
            found: Delivery = Delivery.objects.select_related("message").get(pk=row.pk)
            return found

    def template(self, name: str) -> Template:
        with self.scope():
            found: Template = Template.objects.get(name=name)
            return found


@pytest.fixture
def shop(business: Business) -> Shop:
    return Shop(business)


def test_all_pages_are_kept_as_the_vendor_has_them(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("aviso", "es_MX", ORDER, more={"quality_score": {"score": "GREEN"}})
    vendor.have("aviso", "pt_BR", NAMED, parameter_format="NAMED", status="PAUSED")
    vendor.have("oferta", "es_MX", PHOTO, status="REJECTED", more={"rejected_reason": "PROMOTIONAL"})
    shop.sync()
    assert shop.states() == [
        ("aviso", "es_MX", "approved"),
        ("aviso", "pt_BR", "paused"),
        ("oferta", "es_MX", "rejected"),
    ]
    with shop.scope():
        aviso, named, oferta = Template.objects.all()
    assert (aviso.quality, aviso.category, aviso.components) == ("green", "utility", ORDER)
    assert (named.is_named, oferta.reason) == (True, "It advertises, which its category does not allow.")


def test_what_the_vendor_no_longer_has_is_marked_and_comes_back(vendor: WhatsApp, shop: Shop) -> None:
    kept = vendor.have("aviso", "es_MX", ORDER)
    shop.sync()
    vendor.templates = []
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        shop.sync()
        assert shop.states() == [("aviso", "es_MX", "gone")]
        vendor.templates = [kept]
        shop.sync()
    assert shop.states() == [("aviso", "es_MX", "approved")]


def test_fetching_twice_changes_nothing(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("aviso", "es_MX", ORDER)
    shop.sync()
    with shop.scope():
        before = Template.objects.values_list("pk", "updated_at").get()
    shop.sync()
    with shop.scope():
        assert Template.objects.values_list("pk", "updated_at").get() == before


@pytest.mark.parametrize(
    ("mood", "code", "said"),
    [
        (Mood.BREAKS, 0, "The templates could not be fetched. We try again."),
        (Mood.REFUSES, 190, "WhatsApp no longer accepts the access token."),
    ],
)
def test_failed_fetch_loses_nothing_and_says_why(
    vendor: WhatsApp, shop: Shop, mood: Mood, code: int, said: str
) -> None:
    vendor.have("aviso", "es_MX", ORDER)
    shop.sync()
    vendor.become(mood, code)
    shop.sync()
    assert problem_of(shop.channel).startswith(said)
    assert shop.states() == [("aviso", "es_MX", "approved")]
    vendor.calm_down()
    shop.sync()
    assert problem_of(shop.channel) == ""


def write(shop: Shop, name: str, components: list[dict[str, Any]], **more: Any) -> Template:
    with shop.scope():
        return create_template(
            channel=shop.channel,
            name=name,
            language="es_MX",
            category="UTILITY",
            components=components,
            by=shop.business.actor(),
            **more,
        )


def test_submitted_template_waits_for_review_and_is_approved_by_event(vendor: WhatsApp, shop: Shop) -> None:
    write(shop, "aviso", ORDER)
    assert shop.states() == [("aviso", "es_MX", "draft")]
    shop.sync()
    assert shop.states() == [("aviso", "es_MX", "pending")]
    (kept,) = vendor.templates
    assert (kept.name, kept.category, kept.components) == ("aviso", "UTILITY", ORDER)
    hook = vendor.template_event(shop.channel.pk, kept, "APPROVED")
    shop.number.take_in(hook.body)
    assert shop.states() == [("aviso", "es_MX", "approved")]


def test_sample_of_a_header_is_uploaded_first(vendor: WhatsApp, shop: Shop) -> None:
    write(shop, "foto", PHOTO, sample=File("bici.png", "image/png", PNG))
    shop.sync()
    (stored,) = vendor.handles.values()
    assert (stored.content, stored.content_type) == (PNG, "image/png")
    assert vendor.templates[0].components[0]["example"]["header_handle"][0].startswith("4::upload:")


def test_refused_template_says_what_the_vendor_says(vendor: WhatsApp, shop: Shop) -> None:
    write(shop, "aviso", [{"type": "BODY", "text": "{{1}} hola", "example": {"body_text": [["Ana"]]}}])
    shop.sync()
    found = shop.template("aviso")
    assert (found.status, found.reason) == (
        "rejected",
        "WhatsApp refused the template: Variables can't be at the start or end of the template.",
    )


def test_template_waits_while_the_vendor_is_away(vendor: WhatsApp, shop: Shop) -> None:
    write(shop, "aviso", ORDER)
    vendor.become(Mood.BREAKS)
    shop.sync()
    assert shop.states() == [("aviso", "es_MX", "draft")]
    vendor.calm_down()
    shop.sync()
    shop.sync()
    assert (shop.states(), len(vendor.templates)) == ([("aviso", "es_MX", "pending")], 1)


def test_same_name_and_language_is_one_template(vendor: WhatsApp, shop: Shop) -> None:
    write(shop, "aviso", ORDER)
    with pytest.raises(Conflicting):
        write(shop, "aviso", NAMED)


def test_deleted_template_goes_at_the_vendor_too(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("aviso", "es_MX", ORDER)
    vendor.have("aviso", "en", ORDER)
    shop.sync()
    with shop.scope():
        delete_template(template=Template.objects.get(language="es_MX"), by=shop.business.actor())
    assert shop.states()[1] == ("aviso", "es_MX", "deleting")
    shop.sync()
    assert [one.language for one in vendor.templates] == ["en"]
    assert shop.states() == [("aviso", "en", "approved")]


def test_template_goes_out_filled_in_after_the_window_and_the_thread_shows_it(
    vendor: WhatsApp, business: Business
) -> None:
    shop = Shop(business, hours_ago=30)
    vendor.customer_writes(ANA, hours_ago=30)
    vendor.have("aviso", "es_MX", ORDER)
    shop.sync()
    values = {
        "header.1": "A-7",
        "body.1": "Ana\nMaría",
        "body.2": "A-7",
        "button.1": "A-7",
        "button.2": "LUNA10",
    }
    row = shop.send(template={"id": str(shop.template("aviso").pk), "values": values})
    assert (row.status, row.reason) == ("sent", "")
    assert row.message.text == (
        "Pedido A-7\n\nHola Ana María, tu pedido A-7 ya va en camino. ¡Gracias!\n\nBici Luna"
    )
    assert row.message.data["template"]["buttons"] == ["Gracias", "Seguir", "Copiar"]
    assert vendor.sent[0].body["template"] == {
        "name": "aviso",
        "language": {"code": "es_MX"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "A-7"}]},
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Ana María"}, {"type": "text", "text": "A-7"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "1",
                "parameters": [{"type": "text", "text": "A-7"}],
            },
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "LUNA10"}],
            },
        ],
    }


def test_named_places_go_out_by_name(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("aviso", "es_MX", NAMED, parameter_format="NAMED")
    shop.sync()
    values = {"body.first_name": "Ana", "body.order_number": "A-7"}
    assert shop.send(template={"id": shop.template("aviso").pk, "values": values}).status == "sent"
    (body,) = vendor.sent[0].body["template"]["components"]
    assert body["parameters"] == [
        {"type": "text", "parameter_name": "first_name", "text": "Ana"},
        {"type": "text", "parameter_name": "order_number", "text": "A-7"},
    ]


def test_header_takes_the_messages_file(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("foto", "es_MX", PHOTO)
    shop.sync()
    picture = File("bici.png", "image/png", PNG)
    row = shop.send(files=(picture,), template={"id": shop.template("foto").pk})
    assert row.status == "sent"
    (header,) = vendor.sent[0].body["template"]["components"]
    media_id = header["parameters"][0]["image"]["id"]
    assert vendor.files[media_id].content == PNG


@pytest.mark.parametrize(
    ("name", "values", "files"),
    [
        ("aviso", {}, ()),
        ("aviso", None, ()),
        ("foto", {}, ()),
        ("foto", {}, (File("a.pdf", "application/pdf", b"%PDF"),)),
        (
            "named",
            {"body.first_name": "A", "body.order_number": "B"},
            (File("a.png", "image/png", PNG),),
        ),
        ("flow", {}, ()),
        ("paused", {}, ()),
        ("", {}, ()),
    ],
)
def test_template_that_is_not_complete_is_refused_before_it_is_kept(
    vendor: WhatsApp, shop: Shop, name: str, values: Any, files: tuple[File, ...]
) -> None:
    for one, components in (("aviso", ORDER), ("foto", PHOTO), ("flow", FLOW)):
        vendor.have(one, "es_MX", components)
    vendor.have("named", "es_MX", NAMED, parameter_format="NAMED")
    vendor.have("paused", "es_MX", PHOTO, status="PAUSED")
    shop.sync()
    chosen = str(shop.template(name).pk) if name else "\x00?"
    with pytest.raises(CannotSend):
        shop.send(files=files, template={"id": chosen, "values": values})
    with shop.scope():
        assert Message.objects.filter(kind="outbound").count() == 0


def test_places_are_proposed_from_what_is_known(vendor: WhatsApp, shop: Shop) -> None:
    vendor.have("aviso", "es_MX", ORDER)
    vendor.have("named", "es_MX", NAMED, parameter_format="NAMED")
    shop.sync()
    with shop.scope():
        conversation = Conversation.objects.select_related("customer").get()
        now = timezone.now()
        Order.objects.create(
            customer=conversation.customer, external_id="1", number="A-7", total=5, currency="MXN",
            placed_at=now, changed_at=now,
        )  # fmt: skip
        aviso = proposed(Template.objects.get(name="aviso"), conversation.customer, None)
        named = proposed(Template.objects.get(name="named"), conversation.customer, None)
    assert aviso == {"header.1": "A-7", "body.1": "Ana", "body.2": "A-7"}
    assert named == {"body.first_name": "Ana", "body.order_number": "A-7"}


def test_free_text_after_the_window_is_refused_before_the_vendor_is_asked(
    vendor: WhatsApp, business: Business
) -> None:
    shop = Shop(business, hours_ago=25)
    with pytest.raises(CannotSend):
        shop.send("Hola")
    assert vendor.sent == []


def test_late_event_opens_no_window_that_the_vendor_closed(business: Business) -> None:
    shop = Shop(business, hours_ago=1)
    with shop.scope():
        open_until = Conversation.objects.get().window_ends_at
    shop.number.take_in(event(says("De ayer", "wamid.late", int(time.time()) - 100_000)))
    with shop.scope():
        assert Conversation.objects.get().window_ends_at == open_until
    assert open_until is not None
    assert timedelta(hours=22) < open_until - timezone.now() < timedelta(hours=24)


# --- what is more than text ---


def test_list_goes_out_and_its_choice_comes_back(vendor: WhatsApp, shop: Shop) -> None:
    rows = [{"title": "Mañana", "description": "De 9 a 12"}, {"title": "Tarde"}]
    row = shop.send("¿Cuándo pasas?", list={"button": "Elegir", "rows": rows})
    assert row.status == "sent"
    assert vendor.sent[0].body["interactive"] == {
        "type": "list",
        "body": {"text": "¿Cuándo pasas?"},
        "action": {
            "button": "Elegir",
            "sections": [
                {
                    "rows": [
                        {"id": "Mañana", "title": "Mañana", "description": "De 9 a 12"},
                        {"id": "Tarde", "title": "Tarde"},
                    ]
                }
            ],
        },
    }
    hook = vendor.pressed(shop.channel.pk, PERSON, vendor.sent[0], "Tarde")
    assert hook
    shop.number.take_in(hook.body)
    with shop.scope():
        assert Message.objects.filter(kind="inbound").latest("id").data["choice"]["title"] == "Tarde"


def test_place_goes_out_after_its_text(vendor: WhatsApp, shop: Shop) -> None:
    place = {"latitude": "19.43", "longitude": -99.13, "name": "Bici Luna", "address": ""}
    assert shop.send("Aquí estamos", location=place).status == "sent"
    assert [sent.body["type"] for sent in vendor.sent] == ["text", "location"]
    assert vendor.sent[1].body["location"] == {"latitude": 19.43, "longitude": -99.13, "name": "Bici Luna"}


def test_answer_quotes_a_message(vendor: WhatsApp, shop: Shop) -> None:
    with shop.scope():
        question = Message.objects.get(kind="inbound")
    row = shop.send("Sí", reply_to=str(question.pk))
    assert vendor.sent[0].body["context"] == {"message_id": "wamid.hi"}
    assert row.message.data["answers"] == {"message": str(question.pk), "text": "Hola"}


def test_reaction_goes_out_shows_under_the_message_and_is_taken_back(vendor: WhatsApp, shop: Shop) -> None:
    def reactions() -> Any:
        with shop.scope():
            return Message.objects.get(provider_id="wamid.hi").data.get("reactions")

    for emoji in ("👍", ""):
        with shop.scope():
            question = Message.objects.get(provider_id="wamid.hi")
            conversation = Conversation.objects.get()
            made = react(
                conversation=conversation, message_id=question.pk, emoji=emoji, by=shop.business.actor()
            )
            row = Delivery.objects.get(message=made)
        assert shop.deliver(row).status == "sent"
        assert reactions() == ({"business": emoji} if emoji else None)
    assert [sent.body["reaction"] for sent in vendor.sent] == [
        {"message_id": "wamid.hi", "emoji": "👍"},
        {"message_id": "wamid.hi", "emoji": ""},
    ]
    with shop.scope():
        assert Conversation.objects.get().waiting_since is not None


@pytest.mark.parametrize("emoji", ["ok", "<b>", "é", "1"])
def test_reaction_is_an_emoji(shop: Shop, emoji: str) -> None:
    with shop.scope():
        given = {"conversation": Conversation.objects.get(), "message_id": Message.objects.get().pk}
        with pytest.raises(CannotSend):
            react(emoji=emoji, by=shop.business.actor(), **given)


@pytest.mark.parametrize(
    "data",
    [
        {"buttons": ["a", "b", "c", "d"]},
        {"buttons": ["x" * 21]},
        {"buttons": ["a", "a"]},
        {"list": {"rows": []}},
        {"list": {"rows": [{"title": "x" * 25}]}},
        {"list": {"rows": [{"title": str(n)} for n in range(11)]}},
        {"list": "no"},
        {"buttons": ["a"], "list": {"rows": [{"title": "b"}]}},
        {"location": {"latitude": 91, "longitude": 0}},
        {"location": {"latitude": "nan", "longitude": 0}},
        {"location": ["x"]},
        {"reply_to": "\x00"},
        {"reply_to": "01900000-0000-7000-8000-000000000000"},
        {"template": "x"},
        {"template": {"id": None}},
    ],
)
def test_what_the_channel_cannot_do_is_said_before_it_is_kept(shop: Shop, data: dict[str, Any]) -> None:
    with pytest.raises(CannotSend):
        shop.send("¿?", **data)


def test_customer_is_told_that_he_was_read_and_that_somebody_writes(vendor: WhatsApp, shop: Shop) -> None:
    with shop.scope():
        conversation = Conversation.objects.get()
    receipts.tell(shop.business.tenant.id, receipts.SAW, conversation.pk)
    receipts.tell(shop.business.tenant.id, receipts.TYPING, conversation.pk)
    said = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.hi"}
    assert vendor.read == [said, {**said, "typing_indicator": {"type": "text"}}]


def test_receipt_that_fails_disturbs_nobody(vendor: WhatsApp, shop: Shop) -> None:
    vendor.become(Mood.BREAKS)
    with shop.scope():
        conversation = Conversation.objects.get()
    receipts.tell(shop.business.tenant.id, receipts.SAW, conversation.pk)
    assert vendor.read == []
