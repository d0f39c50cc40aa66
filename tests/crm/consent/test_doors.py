"""Both doors: pages and API, for owner, teammate, stranger and a member who sees little."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm import consent_texts
from crm.consent_tasks import read_exclusion_version
from crm.models import (
    Consent,
    ConsentEvent,
    ConsentPolicy,
    Customer,
    ExclusionList,
    ExclusionVersion,
    Suppression,
)
from tenants.models import AuditEvent
from tenants.permissions import Role
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

WORD = {"medium": "email", "purpose": "promotion", "state": "given", "note": "Lo dijo por teléfono."}


@pytest.fixture
def customer(business: Business) -> Customer:
    with tenant_scope(business.tenant.id):
        return make_customer(email="ana@example.com")


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))


def _url(business: Business, path: str) -> str:
    return f"{business.base}customers/{path}"


def test_an_agent_notes_what_a_customer_said_and_must_say_how_he_knows(
    business: Business, customer: Customer, teammate_client: Client
) -> None:
    url = _url(business, f"{customer.pk}/consents/words/")
    without = teammate_client.post(url, {**WORD, "note": " "}).status_code
    noted = teammate_client.post(url, WORD).status_code
    page = teammate_client.get(_url(business, f"{customer.pk}/consents/")).content.decode()
    fragment = teammate_client.get(_url(business, f"{customer.pk}/consents/"), headers={"HX-Request": "true"})
    with tenant_scope(business.tenant.id):
        event = ConsentEvent.objects.get()
        found = (event.source, event.note, event.made_by_id, Consent.objects.get().state)
    assert (without, noted, found) == (422, 302, ("agent", WORD["note"], business.agent.pk, "given"))
    assert (WORD["note"] in page, "<html" in fragment.content.decode()) == (True, False)


@pytest.mark.parametrize("who", ["stranger", "narrow"])
def test_who_does_not_see_the_customer_finds_nothing(
    business: Business, customer: Customer, stranger_client: Client, who: str
) -> None:
    narrow = business.client(business.add_member(sees="own"))
    client = stranger_client if who == "stranger" else narrow
    paths = [f"{customer.pk}/consents/{tail}" for tail in ("", "words/", "link/renewal/")]
    answers = [
        client.get(_url(business, paths[0])).status_code,
        client.post(_url(business, paths[1]), WORD).status_code,
        client.post(_url(business, paths[2])).status_code,
    ]
    with tenant_scope(business.tenant.id):
        assert ConsentEvent.objects.count() == 0
    assert answers == [404, 404, 404 if who == "stranger" else 403]  # agents may not renew anybody's


def test_the_link_is_renewed_by_owners_at_both_doors(
    business: Business, customer: Customer, owner_client: Client, teammate_client: Client, api: Api
) -> None:
    path = f"{customer.pk}/consents/link/renewal/"
    narrow = business.client(business.add_member(Role.ADMIN, sees="own"))
    page = owner_client.post(_url(business, path), headers={"HX-Request": "true"}).text
    url = api.post(f"customers/{customer.pk}/preference-link/renewal/").json()["url"]
    with tenant_scope(business.tenant.id):
        customer.refresh_from_db()
        stands = consent_texts.preferences_url(customer)
        trail = AuditEvent.objects.filter(action="preference_links.renewed").count()
    assert ("/p/" in page, url in page, url == stands, trail) == (True, False, True, 2)
    assert [who.post(_url(business, path)).status_code for who in (teammate_client, narrow)] == [403, 404]
    weak = Api(key_for(business, ["customers:write"]))
    assert weak.post(f"customers/{customer.pk}/preference-link/renewal/").status_code == 403


def test_settings_of_consent_are_the_owners(
    business: Business, owner_client: Client, teammate_client: Client, stranger_client: Client
) -> None:
    url = _url(business, "consent/")
    form = {"confirmed_media": ["email", "sms"], "months": "24", "promotion_text": "Sí a todo"}
    codes = [client.get(url).status_code for client in (owner_client, teammate_client, stranger_client)]
    wrong = owner_client.post(url, {**form, "months": "0"}).status_code
    saved = owner_client.post(url, form).status_code
    page = owner_client.get(url).content.decode()
    with tenant_scope(business.tenant.id):
        policy = ConsentPolicy.objects.get()
    assert (codes, wrong, saved) == ([200, 403, 404], 422, 302)
    assert (policy.confirmed_media, policy.months, "Sí a todo" in page) == (["email", "sms"], 24, True)


def test_suppressing_by_hand_searching_lifting_and_undoing(business: Business, owner_client: Client) -> None:
    page = _url(business, "suppressions/")
    form = {"kind": "phone", "value": "33 1234 5678", "covers": "all", "note": "Amenazas"}
    wrong = owner_client.post(f"{page}new/", {**form, "value": "x"}).status_code
    owner_client.post(f"{page}new/", form)
    found = owner_client.get(page, {"kind": "phone", "q": "+52 33 1234-5678"}).content.decode()
    other = owner_client.get(page, {"kind": "phone", "q": "3312345679"}).content.decode()
    nonsense = owner_client.get(page, {"kind": "pigeon", "q": "x", "cursor": "?"}).status_code
    with tenant_scope(business.tenant.id):
        row = Suppression.objects.get()
    owner_client.post(f"{page}{row.pk}/removal/", {"why": ""})
    owner_client.post(f"{page}{row.pk}/removal/", {"why": "Se disculpó"})
    lifted = _row(business)
    owner_client.post(f"{page}{row.pk}/restoration/")
    assert (wrong, "+523312345678" in found, "+523312345678" in other, nonsense) == (422, True, False, 200)
    assert (lifted.lifted_why, lifted.lifted_by_label, _row(business).lifted_at) == (
        "Se disculpó",
        "Olga Dueña",
        None,
    )


def _row(business: Business) -> Suppression:
    with tenant_scope(business.tenant.id):
        found: Suppression = Suppression.objects.get()
        return found


@pytest.mark.parametrize(("role", "see", "change"), [(Role.SUPERVISOR, 200, 403), (Role.AGENT, 403, 403)])
def test_who_may_see_and_change_suppressions(business: Business, role: str, see: int, change: int) -> None:
    client = business.client(business.add_member(role))
    page = _url(business, "suppressions/")
    found = [client.get(page).status_code, client.post(f"{page}new/", {}).status_code]
    assert found == [see, change]


def test_a_list_is_uploaded_read_replaced_deleted_and_brought_back(
    business: Business, owner_client: Client, stranger_client: Client
) -> None:
    file = SimpleUploadedFile("repep.csv", b"3312345678\nhola\n")
    form = {"name": "REPEP", "kind": "phone", "covers": "promotion", "file": file}
    made = owner_client.post(_url(business, "exclusion-lists/new/"), form)
    with tenant_scope(business.tenant.id):
        excluded, version = ExclusionList.objects.get(), ExclusionVersion.objects.get()
    read_exclusion_version(str(business.tenant.id), str(version.pk))
    url = _url(business, f"exclusion-lists/{excluded.pk}/")
    page = owner_client.get(url).content.decode()
    again = owner_client.post(f"{url}versions/", {"file": SimpleUploadedFile("b.csv", b"3312345679")})
    without = owner_client.post(f"{url}versions/", {}).status_code
    with tenant_scope(business.tenant.id):
        newer = ExclusionVersion.objects.order_by("-id")[0]
    owner_client.post(f"{url}versions/{newer.pk}/cancelling/")
    gone = [owner_client.post(f"{url}removal/").status_code, owner_client.get(url).status_code]
    owner_client.post(f"{url}restoration/")
    back = owner_client.get(url).status_code
    strange = [stranger_client.get(url).status_code, stranger_client.post(f"{url}removal/").status_code]
    assert (made.status_code, again.status_code, without) == (302, 302, 422)
    assert ("hola" in page, gone, back, strange) == (True, [302, 404], 200, [404, 404])
    with tenant_scope(business.tenant.id):
        assert ExclusionVersion.objects.get(pk=newer.pk).state == "cancelled"


# --- API ---


def test_the_api_keeps_words_with_their_proof_once(business: Business, customer: Customer, api: Api) -> None:
    path = f"customers/{customer.pk}/consents/"
    word = {"medium": "email", "purpose": "promotion", "state": "given", "text_shown": "Sí", "ip": "::1"}
    body = {"consents": [{**word, "happened_at": "2026-01-05T10:00:00Z"}]}
    answers = [api.put(path, body) for _time in range(2)]
    late = {**word, "state": "withdrawn", "happened_at": "2025-01-05T10:00:00Z"}
    api.put(path, {"consents": [late]})
    stands = api.get(path).json()
    log = api.get("consents/events/", {"customer_id": str(customer.pk)}).json()["data"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [(row["state"], row["since"]) for row in stands] == [("given", "2026-01-05T10:00:00Z")]
    assert [(row["state"], row["source"]) for row in log] == [("withdrawn", "api"), ("given", "api")]


SENSELESS: list[Any] = [
    {},
    {"consents": 5},
    {"consents": [{"medium": "pigeon", "purpose": "promotion", "state": "given"}]},
    {"consents": [{"medium": "email", "purpose": "promotion", "state": "asked"}]},
    {"consents": [{**WORD, "ip": "999.1.1.1"}]},
    {"consents": [{**WORD, "happened_at": "2199-01-01T00:00:00Z"}]},
    {"consents": [{**WORD, "expires_at": "soon"}]},
    {"consents": [WORD] * 101},
]


def test_the_api_refuses_what_makes_no_sense(customer: Customer, api: Api) -> None:
    for body in SENSELESS:
        assert api.put(f"customers/{customer.pk}/consents/", body).status_code == 422, body


def test_the_api_suppresses_finds_and_lifts(business: Business, api: Api) -> None:
    made = api.post("suppressions/", {"kind": "email", "value": "ANA@Example.com", "note": "x"})
    wrong = api.post("suppressions/", {"kind": "email", "value": "x", "note": "x"}).status_code
    found = api.get("suppressions/", {"kind": "email", "value": "ana@example.com"}).json()["data"]
    half = api.get("suppressions/", {"kind": "email"}).status_code
    path = f"suppressions/{made.json()['id']}/"
    lifted = [api.delete(path).status_code, api.client.delete(f"/api/v1/{path}?why=error").status_code]
    assert (made.status_code, made.json()["value"], wrong) == (201, "ana@example.com", 422)
    assert (len(found), half, lifted, api.get(path).status_code) == (1, 400, [422, 204], 404)


def test_the_api_takes_a_list_as_it_is(business: Business, api: Api) -> None:
    made = api.post("exclusion-lists/", {"name": "REPEP"}).json()
    path = f"exclusion-lists/{made['id']}/"
    post = api.client.post
    version = post(f"/api/v1/{path}versions/", data=b"3312345678\nx1\n", content_type="text/csv")
    plain = post(f"/api/v1/{path}versions/", data=b"3312345678", content_type="text/plain")
    wrong = [
        post(f"/api/v1/{path}versions/", data=b"", content_type="text/csv").status_code,
        api.post(f"{path}versions/", {"a": 1}).status_code,
    ]
    read_exclusion_version(str(business.tenant.id), version.json()["id"])
    shown = api.get(f"{path}versions/{version.json()['id']}/").json()
    gone = [api.delete(path).status_code, api.get(path).status_code]
    back = api.post(f"{path}restoration/").status_code
    assert (version.status_code, plain.status_code, wrong) == (202, 202, [422, 422])
    assert (shown["state"], shown["taken"], shown["refused_lines"]) == (
        "done",
        1,
        [{"line": 2, "text": "x1"}],
    )
    assert (gone, back) == ([204, 404], 200)


def test_strangers_and_keys_without_the_scope_get_nothing(
    business: Business, other: Business, customer: Customer
) -> None:
    stranger, limited = Api(key_for(other)), Api(key_for(business, ["customers:read"]))
    path = f"customers/{customer.pk}/consents/"
    found = [
        stranger.get(path).status_code,
        stranger.put(path, {"consents": []}).status_code,
        limited.get(path).status_code,
        limited.put(path, {"consents": []}).status_code,
        limited.get("suppressions/").status_code,
        limited.get("exclusion-lists/").status_code,
    ]
    assert found == [404, 404, 200, 403, 403, 403]
