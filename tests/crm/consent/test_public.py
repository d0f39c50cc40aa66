"""Pages that a link opens: GET changes nothing, one click ends it, no cookie, no log-in."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from conversations.actions.deliveries import deliver
from conversations.models import Delivery
from crm import consent_texts
from crm.actions import consents
from crm.actions.consents import CannotAsk, Proof
from crm.actions.preference_links import renew
from crm.models import Consent, ConsentEvent, ConsentPolicy, Customer, Medium, Purpose, Suppression
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def customer(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        return make_customer(email="ana.flores@example.com", whatsapp="3312345678", language="pt-br")


def _paths(business: Business, customer: Customer) -> list[str]:
    """Every public link of a customer."""
    with tenant_scope(business.tenant.id):
        secret = consent_texts.open_doors([customer])[customer.pk]
    pairs = [(medium, purpose) for medium in Medium.values for purpose in Purpose.values]
    return [
        reverse("preferences:centre", args=[secret]),
        *(reverse("preferences:one-click", args=[secret, *pair]) for pair in pairs),
    ]


def _state(business: Business) -> list[Any]:
    with tenant_scope(business.tenant.id):
        return [list(model.objects.order_by("id").values()) for model in (Consent, ConsentEvent, Suppression)]


def _asked(business: Business, customer: Customer) -> str:
    """The link of a message that asks to confirm."""
    with tenant_scope(business.tenant.id):
        ConsentPolicy.objects.create(confirmed_media=[Medium.EMAIL])
        consents.give(
            customer=customer,
            medium=Medium.EMAIL,
            purpose=Purpose.PROMOTION,
            proof=Proof(source=ConsentEvent.Source.FORM),
            by=Actor.system(),
        )
        delivery = Delivery.objects.get()
        text = delivery.message.text
    deliver(business.tenant.id, delivery.pk)
    found = re.search(r"/p/confirm/[^\s/]+/", text)
    assert found
    return found[0]


def test_get_and_head_change_nothing_on_any_link(business: Business, customer: Customer) -> None:
    paths = [*_paths(business, customer), _asked(business, customer)]
    before = _state(business)
    answers = [getattr(Client(), method)(path).status_code for path in paths for method in ("get", "head")]
    assert (set(answers), _state(business) == before) == ({200}, True)


def test_one_click_unsubscribes_without_cookie_token_or_redirect(
    business: Business, customer: Customer
) -> None:
    with tenant_scope(business.tenant.id):
        headers = consent_texts.unsubscribe_headers(customer, Medium.EMAIL, Purpose.PROMOTION)
    address = headers["List-Unsubscribe"].strip("<>")
    path = re.sub(r"^https?://[^/]+", "", address)
    answer = Client(enforce_csrf_checks=True).post(path, ONE_CLICK)
    again = Client(enforce_csrf_checks=True).post(path, ONE_CLICK)
    found = (answer.status_code, again.status_code, bool(answer.cookies), answer.content)
    assert found == (200, 200, False, b"OK")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with tenant_scope(business.tenant.id):
        row, event = Consent.objects.get(), ConsentEvent.objects.get()
        kept = Suppression.objects.standing().values_list("value", "covers")
        assert (row.medium, row.purpose, row.state) == ("email", "promotion", "withdrawn")
        assert (event.source, event.ip) == ("unsubscribe", "127.0.0.1")
        assert list(kept) == [("ana.flores@example.com", "promotion")]


def test_one_button_ends_all_that_comes_unasked(business: Business, customer: Customer) -> None:
    answer = Client().post(_paths(business, customer)[0], {"everything": "1"})
    with tenant_scope(business.tenant.id):
        rows = Consent.objects.values_list("medium", "purpose", "state")
        wanted = {
            (medium, purpose, "withdrawn")
            for medium in ("email", "whatsapp", "sms", "phone")
            for purpose in ("promotion", "survey")
        }
        assert (answer.status_code, set(rows)) == (200, wanted)
        kept = Suppression.objects.standing().values_list("kind", "covers")
        assert set(kept) == {("email", "unasked"), ("phone", "unasked")}


def test_what_is_ticked_stands_and_what_is_not_is_withdrawn(business: Business, customer: Customer) -> None:
    path = _paths(business, customer)[0]
    want = ["email:service", "email:promotion", "whatsapp:service", "sms:service", "phone:service"]
    Client().post(path, {"want": [*want, "sms:survey", "nonsense", "email:\x00"]})
    with tenant_scope(business.tenant.id):
        found = {f"{row.medium}:{row.purpose}": row.state for row in Consent.objects.all()}
        shown = ConsentEvent.objects.get(state="given").text_shown
    assert found == {
        "email:promotion": "given",
        "email:survey": "withdrawn",
        "whatsapp:survey": "withdrawn",
        "phone:survey": "withdrawn",
    }
    assert shown.startswith(business.tenant.name)


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_the_page_speaks_three_languages_and_shows_little(
    business: Business, customer: Customer, language: str
) -> None:
    page = Client().get(_paths(business, customer)[0], {"lang": language}).content.decode()
    assert f'<html lang="{language}"' in page
    assert (business.tenant.name in page, business.tenant.accent in page) == (True, True)
    assert ("ana.flores@example.com" in page, "12345678" in page, "Ana Flores" in page) == (False,) * 3


def test_the_second_yes_counts_and_only_it(business: Business, customer: Customer) -> None:
    path = _asked(business, customer)
    with tenant_scope(business.tenant.id):
        before = Consent.objects.get().state
    answers = [Client(enforce_csrf_checks=True).post(path).status_code for _time in range(2)]
    with tenant_scope(business.tenant.id):
        event = ConsentEvent.objects.get(source="confirmation")
        found = (before, Consent.objects.get().state, answers)
    assert found == ("asked", "given", [200, 200])
    assert (event.text_shown != "", event.address, event.ip) == (True, "ana.flores@example.com", "127.0.0.1")
    assert [letter.to for letter in mail.outbox] == [["Ana Flores <ana.flores@example.com>"]]
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_who_cannot_be_asked_is_not_taken_for_asked(scope: Business) -> None:
    ConsentPolicy.objects.create(confirmed_media=[Medium.EMAIL, Medium.INSTAGRAM])
    for medium, addresses in ((Medium.EMAIL, {}), (Medium.INSTAGRAM, {"external": "x"})):
        with pytest.raises(CannotAsk):
            consents.give(
                customer=make_customer(**addresses),
                medium=medium,
                purpose=Purpose.PROMOTION,
                proof=Proof(source=ConsentEvent.Source.AGENT, note="por teléfono"),
                by=scope.actor(),
            )
    assert Consent.objects.count() == 0


def test_being_asked_again_does_not_undo_a_no(scope: Business) -> None:
    ConsentPolicy.objects.create(confirmed_media=[Medium.EMAIL])
    customer = make_customer(email="ana@example.com")
    words = {"customer": customer, "medium": Medium.EMAIL, "purpose": Purpose.SURVEY, "by": scope.actor()}
    consents.withdraw(**words, proof=Proof(source=ConsentEvent.Source.AGENT, note="x"))
    consents.give(**words, proof=Proof(source=ConsentEvent.Source.AGENT, note="y"))
    assert Consent.objects.get().state == "withdrawn"


@pytest.mark.parametrize("path", ["x/", "confirm/x/", "x/email/promotion/", "x/pigeon/promotion/"])
def test_links_that_lead_nowhere_say_so(db: None, path: str) -> None:
    answers = [Client().get(f"/p/{path}").status_code, Client().post(f"/p/{path}", ONE_CLICK).status_code]
    assert answers == [404, 404]


def test_a_link_follows_a_merge_and_dies_with_the_customer(business: Business, customer: Customer) -> None:
    path = _paths(business, customer)[0]
    with tenant_scope(business.tenant.id):
        survivor = make_customer("Ana F.", email="af@example.com")
        Customer.objects.filter(pk=customer.pk).update(merged_into=survivor)
    Client().post(path, {"everything": "1"})
    with tenant_scope(business.tenant.id):
        owners = set(Consent.objects.values_list("customer_id", flat=True))
        Customer.objects.all().delete()
    assert (owners, Client().get(path).status_code) == ({survivor.pk}, 404)


def test_a_renewed_link_leads_nowhere_but_what_mails_carry_unsubscribes(
    business: Business, customer: Customer
) -> None:
    old = _paths(business, customer)
    with tenant_scope(business.tenant.id):
        survivor = make_customer("Ana F.", email="af@example.com")
        Customer.objects.filter(pk=customer.pk).update(merged_into=survivor)
        new = [renew(customer=survivor, by=business.actor()) for _time in range(2)]
        customer.refresh_from_db()
    again = _paths(business, customer)
    asked = [Client().get(path).status_code for path in (old[0], *new, again[0])]
    assert (asked, len({*new, old[0]}), again[0] != old[0]) == ([404, 404, 200, 200], 3, True)
    assert Client().post(old[0], {"everything": "1"}).status_code == 404
    one_click = next(path for path in old if path.endswith("/email/promotion/"))
    page = Client().get(one_click).text
    assert ("/p/" in page, Client().post(one_click, ONE_CLICK).status_code) == (False, 200)
    with tenant_scope(business.tenant.id):
        assert list(Consent.objects.values_list("customer_id", "state")) == [(survivor.pk, "withdrawn")]
