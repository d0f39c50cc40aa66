"""Who asks for his data: by the public form, by a colleague, by the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from crm.actions import privacy as acts
from crm.models import Customer, FollowUp, PrivacyNotice, PrivacyRequest
from crm.privacy_tasks import remind_of_request
from tenants.actions.api_keys import create_api_key
from tenants.actors import Actor
from tenants.permissions import Permission, Role, Sees
from tenants.scoping import tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business, make_member


def published(business: Business) -> PrivacyNotice:
    with tenant_scope(business.tenant.id):
        by = Actor.of_membership(business.owner)
        return acts.publish_notice(notice=acts.save_notice(texts={"es": "Cuidamos tus datos."}, by=by), by=by)


def asked(business: Business, **given: Any) -> PrivacyRequest:
    with tenant_scope(business.tenant.id):
        given = {"right": "access", "name": "Ana Flores", "contact": "ana@example.com", **given}
        return acts.receive_request(**given, by=Actor.of_membership(business.owner))


def url(business: Business, path: str = "") -> str:
    return f"/b/{business.tenant.slug}/customers/privacy/{path}"


def public(business: Business, path: str = "") -> str:
    return f"/privacy/{business.tenant.slug}/{path}"


FORM = {"right": "access", "name": "Ana Flores", "contact": "ana@example.com", "text": "¿Qué saben de mí?"}


def test_form_makes_a_request_and_nothing_else(client: Client, business: Business) -> None:
    published(business)
    with tenant_scope(business.tenant.id):
        known = make_customer(email="ana@example.com")
    answers = [
        client.post(
            public(business, "request/"), {**FORM, "contact": contact}, headers={"accept-language": "es"}
        )
        for contact in ("ana@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    texts = {client.get(answer.url.split("&sent")[0]).status_code for answer in answers}
    assert texts == {200}
    with tenant_scope(business.tenant.id):
        made = list(PrivacyRequest.objects.order_by("id").values_list("customer_id", "state", "source"))
        assert made == [(None, "received", "form")] * 2
        assert list(Customer.objects.values_list("pk", flat=True)) == [known.pk]


def test_get_changes_nothing_and_there_is_no_form_without_a_notice(
    client: Client, business: Business
) -> None:
    assert client.get(public(business)).status_code == 404
    assert client.get(public(business, "request/")).status_code == 404
    published(business)
    assert client.get(public(business, "request/"), FORM).status_code == 200
    with tenant_scope(business.tenant.id):
        assert PrivacyRequest.objects.count() == 0


def test_form_is_limited(client: Client, business: Business) -> None:
    published(business)
    answers = [client.post(public(business, "request/"), FORM).status_code for _again in range(6)]
    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize(
    ("language", "words"), [("es", "Aviso"), ("en", "Privacy notice"), ("pt-br", "Aviso")]
)
def test_notice_in_three_languages(client: Client, business: Business, language: str, words: str) -> None:
    published(business)
    page = client.get(public(business) + f"?lang={language}")
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Cuidamos tus datos." in page.content.decode()


def test_earlier_version_stays_readable_and_drafts_do_not(client: Client, business: Business) -> None:
    published(business)
    with tenant_scope(business.tenant.id):
        by = Actor.of_membership(business.owner)
        acts.publish_notice(notice=acts.save_notice(texts={"es": "Versión dos."}, by=by), by=by)
        acts.save_notice(texts={"es": "Borrador."}, by=by)
    assert "Versión dos." in client.get(public(business)).content.decode()
    assert "Cuidamos" in client.get(public(business, "1/")).content.decode()
    assert client.get(public(business, "3/")).status_code == 404
    assert client.get(public(business, "99999999999999999999/")).status_code == 404


def test_whole_way_of_a_request(owner_client: Client, business: Business, media: Any) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer(email="ana@example.com")
    answer = owner_client.post(url(business, "requests/new/"), FORM)
    with tenant_scope(business.tenant.id):
        made = PrivacyRequest.objects.get()
    here = url(business, f"requests/{made.pk}/")
    assert answer.url == here
    page = owner_client.get(here).content.decode()
    assert "LFPDPPP 2025" in page
    assert str(customer) in page  # found by the address
    owner_client.post(f"{here}answer/", {"answer": "Aquí va."})
    with tenant_scope(business.tenant.id):
        assert PrivacyRequest.objects.get().is_open  # nobody has checked who asks
    owner_client.post(f"{here}checking/")
    owner_client.post(f"{here}identity/", {"note": "Su INE", "customer": str(customer.pk)})
    file = SimpleUploadedFile("datos.pdf", b"%PDF-1.4 x")
    owner_client.post(f"{here}answer/", {"answer": "Aquí va.", "file": file})
    with tenant_scope(business.tenant.id):
        made = PrivacyRequest.objects.get()
        assert (made.state, made.customer_id, made.answer_file_name) == ("answered", customer.pk, "datos.pdf")
        assert made.carry_out_by is not None
    saved = owner_client.get(f"{here}file/")
    assert b"".join(saved.streaming_content) == b"%PDF-1.4 x"
    assert "attachment" in saved["Content-Disposition"]
    owner_client.post(f"{here}carrying-out/")
    owner_client.post(f"{here}refusal/", {"ground": "duty", "answer": "No."})
    with tenant_scope(business.tenant.id):
        made = PrivacyRequest.objects.get()
        assert (made.state, made.carried_out_at is not None) == ("answered", True)


def test_refusal_wants_the_laws_reason(owner_client: Client, business: Business) -> None:
    here = url(business, f"requests/{asked(business).pk}/refusal/")
    assert owner_client.post(here, {"ground": "no", "answer": "No."}).status_code == 422
    assert owner_client.post(here, {"ground": "not_holder", "answer": "No es usted."}).status_code == 302
    with tenant_scope(business.tenant.id):
        assert PrivacyRequest.objects.get().state == "refused"


def test_personas(teammate_client: Client, stranger_client: Client, business: Business) -> None:
    here = url(business, f"requests/{asked(business).pk}/")
    assert teammate_client.get(here).status_code == 403  # an agent
    assert stranger_client.get(here).status_code == 404
    assert stranger_client.get(url(business)).status_code == 404


def test_narrowed_supervisor_sees_requests_of_his_customers_alone(business: Business) -> None:
    with tenant_scope(business.tenant.id):
        narrowed = make_member(business.tenant, Role.SUPERVISOR, sees=Sees.OWN)
        his = make_customer("Suya", created_by=narrowed)
        other = make_customer("Ajena")
    mine, theirs = asked(business, name="Suya", customer=his), asked(business, name="Ajena", customer=other)
    unknown = asked(business, name="Nadie")
    client = business.client(narrowed)
    page = client.get(url(business)).content.decode()
    assert [name in page for name in ("Suya", "Ajena", "Nadie")] == [True, False, False]
    statuses = [
        client.get(url(business, f"requests/{one.pk}/")).status_code for one in (mine, theirs, unknown)
    ]
    assert statuses == [200, 404, 404]
    archives = f"/b/{business.tenant.slug}/customers/{his.pk}"
    client.post(f"{archives}/archives/")
    erasure = client.get(f"{archives}/erasure/")
    assert erasure.context["parts"] == []
    with tenant_scope(business.tenant.id):
        assert his.archives.count() == 0  # everything would be in it, others' conversations too


def test_reminder_comes_once(business: Business, mailoutbox: list[Any]) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer()
    due = asked(business, customer=customer, received_at=timezone.now() - timedelta(days=26))
    fresh = asked(business, customer=customer)
    args = str(business.tenant.id)
    done = [remind_of_request(args, str(one.pk)) for one in (due, due, fresh)]
    assert done == [True, False, False]
    assert [mail.to for mail in mailoutbox] == [[business.owner.user.email]]
    with tenant_scope(business.tenant.id):
        assert FollowUp.objects.filter(source_id=due.pk).count() == 1


def test_list_costs_the_same_for_one_and_three(
    owner_client: Client, business: Business, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked(business)
    owner_client.get(url(business))
    with CaptureQueriesContext(connection) as one:
        owner_client.get(url(business))
    asked(business)
    asked(business)
    with CaptureQueriesContext(connection) as three:
        owner_client.get(url(business))
    assert len(three) == len(one)


def api(business: Business, *scopes: Permission) -> Client:
    wanted = scopes or (Permission.PRIVACY_READ, Permission.PRIVACY_WRITE)
    with tenant_scope(business.tenant.id):
        _key, secret = create_api_key(
            name="Tienda", by=Actor.of_membership(business.owner), scopes=list(wanted)
        )
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_api_goes_the_same_way(business: Business, other: Business) -> None:
    with tenant_scope(business.tenant.id):
        customer = make_customer()
    client, path = api(business), "/api/v1/privacy-requests/"
    made = client.post(path, {**FORM, "customer_id": str(customer.pk)}, content_type="application/json")
    assert made.status_code == 201
    here = f"{path}{made.json()['id']}/"
    post = {"content_type": "application/json"}
    assert client.post(f"{here}answer/", {"answer": "Aquí."}, **post).status_code == 409
    assert client.post(f"{here}identity/", {"note": "INE"}, **post).json()["state"] == "working"
    assert client.post(f"{here}answer/", {"answer": "Aquí."}, **post).json()["state"] == "answered"
    assert client.post(f"{here}carrying-out/", {}, **post).json()["carried_out_at"] is not None
    assert client.get(f"{path}?open=false").json()["data"][0]["id"] == made.json()["id"]
    assert api(other).get(here).status_code == 404
    assert api(business, Permission.CUSTOMERS_READ).get(path).status_code == 403
    assert client.post(path, {**FORM, "received_at": "1990-01-01T00:00:00Z"}, **post).status_code == 422
