"""Names filled into texts: what they stand for, what is refused, and that nobody breaks out."""

from datetime import timedelta
from time import perf_counter

import pytest
from django.utils import timezone

from conversations.models import MessageTemplate, MessageTemplateVersion
from conversations.personalising import Empty, NotWritten, piece, values_for
from conversations.personalising.engine import Source, nested
from conversations.personalising.names import NAMES
from crm.models import Appointment
from tests.factories.crm import make_customer, make_order
from tests.factories.tenants import Business


def version_of(contents: dict[str, object]) -> MessageTemplateVersion:
    template = MessageTemplate.objects.create(name="Aviso")
    version: MessageTemplateVersion = MessageTemplateVersion.objects.create(
        template=template, number=1, contents=contents
    )
    return version


def said(text: str, values: dict[str, object], *, html: bool = False) -> str:
    source = Source(text, html=html)
    return source.render(nested(values, frozenset(source.names)))


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ('Hola {{ customer.first_name | default: "tú" }}', "Hola tú"),
        ("{{ customer.name | capitalize }}", "Ana <b>{{ x }}"),
        ("{% if order.number %}Pedido {{ order.number }}{% else %}Nada{% endif %}", "Nada"),
        ('{% if customer.city == "Puebla" %}cerca{% elsif customer.name %}lejos{% endif %}', "lejos"),
        ("Sin nombres { suelto }", "Sin nombres { suelto }"),
    ],
)
def test_a_text_says_what_its_names_stand_for(text: str, out: str) -> None:
    assert said(text, {"customer.name": "ana <b>{{ x }}"}) == out


def test_html_escapes_what_a_customer_is_called() -> None:
    assert said("<p>{{ customer.name }}</p>", {"customer.name": '<b>"{{'}, html=True) == (
        "<p>&lt;b&gt;&#34;{{</p>"
    )


def test_html_escapes_the_words_to_fall_back_on() -> None:
    assert said('{{ customer.name | default: "<b>" }}', {}, html=True) == "&lt;b&gt;"


def test_a_name_without_fallback_raises_where_it_is_empty() -> None:
    with pytest.raises(Empty) as caught:
        said("Hola {{ customer.first_name }}", {})
    assert caught.value.name == "customer.first_name"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Hola\n{{ customer.nickname }}", "unknown", 2),
        ("{% for x in (1..9) %}{{ x }}{% endfor %}", "syntax", 1),
        ("a\n\n{% if customer.name %}b", "syntax", 3),
        ("{{ customer.name", "syntax", 1),
        ("{{ customer.name | upcase }}", "syntax", 1),
        ("{{ customer.name | default: customer.company }}", "syntax", 1),
        ("{{ customer.name.__class__ }}", "unknown", 1),
        ("{{ (1..999999999) }}", "syntax", 1),
        ("{% assign x = 1 %}", "syntax", 1),
        ("{% raw %}{% endraw %}", "syntax", 1),
        ("{% if order.total > 3 %}a{% endif %}", "syntax", 1),
        ("{% if order.total == order.number == 'a' %}a{% endif %}", "syntax", 1),
    ],
)
def test_what_a_template_may_not_do_is_a_problem_with_its_line(text: str, code: str, line: int) -> None:
    source = Source(text)
    assert [(one.code, one.line) for one in source.problems] == [(code, line)]
    with pytest.raises(NotWritten):
        source.render({})


def test_who_has_an_order_has_its_day_too() -> None:
    text = "{% if order.number %}{{ order.date }} {{ customer.city }}{% endif %}{{ order.total }}"
    assert sorted(Source(text).bare) == ["customer.city", "order.total"]


@pytest.mark.parametrize(
    "text", ["{" * 50_000, "{{ a" + "|" * 50_000, "{% if " * 9_000, "{ " * 25_000 + "{{"]
)
def test_no_text_takes_long_to_read(text: str) -> None:
    began = perf_counter()
    assert Source(text).problems
    assert perf_counter() - began < 2


def test_values_come_with_few_queries_however_many_customers(
    scope: Business, django_assert_num_queries: object
) -> None:
    ids = []
    for number in range(3):
        ana = make_customer(
            f"Ana{number} Robles", phone=f"+5255123400{number}0", attributes={"city": "Puebla"}
        )
        make_order(ana, f"A-{number}", items=[{"name": "Cámara", "quantity": 2}, {"name": "Luz"}])
        Appointment.objects.create(
            customer=ana, external_id=str(number), service="Afinación", changed_at=timezone.now(),
            starts_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        ids.append(ana.pk)
    values_for(ids[:1], NAMES)  # opens the doors of its links
    with django_assert_num_queries(12):  # type: ignore[operator]
        one = values_for(ids[:1], NAMES)
    with django_assert_num_queries(12):  # type: ignore[operator]
        found = values_for(ids, NAMES)
    assert found[ids[0]]["product.favourite"] == one[ids[0]]["product.favourite"] == "Cámara"
    assert found[ids[2]]["customer.first_name"] == "Ana2"
    assert found[ids[2]]["order.total"] == "$1,250"
    assert found[ids[1]]["links.preferences"].startswith("http")


def test_a_piece_is_spelt_in_its_own_language_and_falls_back_to_another(scope: Business) -> None:
    version = version_of({"sms": {"es": {"text": "{{ appointment.date }} {{ appointment.time }}"}}})
    ana = make_customer(timezone="America/Tijuana")
    starts = timezone.datetime(2026, 11, 25, 1, 30, tzinfo=timezone.get_default_timezone())  # type: ignore[attr-defined]
    Appointment.objects.create(
        customer=ana, external_id="1", service="x", starts_at=starts, changed_at=timezone.now()
    )
    found = piece(version, "sms", "en")
    assert found is not None
    assert found.language == "es"
    before = starts - timedelta(days=1)
    values = values_for([ana.pk], found.names, at=before)[ana.pk]
    assert found.render(values).text == "martes 24 de noviembre 17:30"
    assert piece(version, "email", "es") is None


def test_extra_values_go_first_and_need_no_query(scope: Business, django_assert_num_queries: object) -> None:
    ana = make_customer()
    with django_assert_num_queries(0):  # type: ignore[operator]
        found = values_for([ana.pk], {"order.number"}, extra={ana.pk: {"order.number": "Z\n\x00{{1"}})
    version = version_of({"sms": {"es": {"text": "Pedido {{ order.number }}"}}})
    text = piece(version, "sms", "es")
    assert text is not None
    assert text.render(found[ana.pk]).text == "Pedido Z {{1"
