"""Segments on the pages and over the API, for owner, teammate, stranger and a narrowed member."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from crm.actions import segments as acts
from crm.models import Customer, Segment
from crm.segments.registry import CONDITIONS
from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.factories.crm import make_customer, make_label, make_order
from tests.factories.tenants import Business

ORDERED = {"is": "orders.count", "op": "at_least", "n": 1}
RULE = {"version": 1, "where": {"all": [ORDERED]}}
FORM = {
    "node": ["0", "1"],
    "n0-match": "all",
    "n1-in": "0",
    "n1-is": "orders.count",
    "n1-op": "at_least",
    "n1-n": "1",
}


@pytest.fixture
def people(business: Business) -> list[Customer]:
    """One who bought and one who did not."""
    with tenant_scope(business.tenant.id):
        ana, beto = make_customer("Ana Compra"), make_customer("Beto Nada")
        make_order(ana)
        return [ana, beto]


@pytest.fixture
def segment(business: Business, people: list[Customer]) -> Segment:
    with tenant_scope(business.tenant.id):
        return acts.create_segment(name="Compraron", rule=RULE, by=business.actor())


@pytest.fixture
def api(business: Business) -> Api:
    return Api(key_for(business))


def path(business: Business, rest: str = "") -> str:
    return f"{business.base}customers/segments/{rest}"


def test_segment_is_built_saved_and_shows_who_is_in(
    business: Business, people: list[Customer], owner_client: Client
) -> None:
    page = owner_client.get(path(business, "new/?example=loyal"))
    assert page.context["root"].rows[0].key == "orders.count"
    added = owner_client.post(path(business, "new/"), {**FORM, "op": "add:0", "n0-new": "label"})
    assert [row.key for row in added.context["root"].rows] == ["orders.count", "label"]
    nested = owner_client.post(
        path(business, "new/"), {**FORM, "op": "group:0"}, headers={"HX-Request": "true"}
    )
    assert [row.match for row in nested.context["root"].rows] == ["", "any"]
    assert nested["HX-Trigger-After-Settle"] == "segment-changed"
    dropped = owner_client.post(path(business, "new/"), {**FORM, "op": "drop:1"})
    assert dropped.context["root"].rows == []
    nameless = owner_client.post(path(business, "new/"), {**FORM, "op": "save"})
    assert (nameless.status_code, bool(nameless.context["problem"])) == (422, True)
    saved = owner_client.post(path(business, "new/"), {**FORM, "name": "Compraron", "op": "save"})
    with tenant_scope(business.tenant.id):
        made = Segment.objects.get()
    assert saved.url == path(business, f"{made.pk}/")
    assert made.rule == RULE
    shown = owner_client.get(saved.url)
    assert [customer.name for customer, _why in shown.context["rows"]] == ["Ana Compra"]
    assert [reason.is_met for _customer, why in shown.context["rows"] for reason in why] == [True]


def test_preview_counts_and_samples_while_one_writes(
    business: Business, people: list[Customer], owner_client: Client
) -> None:
    found = owner_client.post(path(business, "preview/"), FORM).context
    assert (found["counted"].count, [customer.name for customer, _why in found["sample"]]) == (
        1,
        ["Ana Compra"],
    )
    empty = owner_client.post(path(business, "preview/"), {"node": "0", "n0-match": "all"})
    assert (empty.status_code, bool(empty.context["missing"])) == (200, True)


def test_segment_is_changed_copied_put_away_and_brought_back(
    business: Business, segment: Segment, owner_client: Client
) -> None:
    changed = owner_client.post(
        path(business, f"{segment.pk}/rule/"), {**FORM, "n1-n": "2", "name": "Dos", "op": "save"}
    )
    assert changed.status_code == 302
    assert owner_client.get(path(business, f"{segment.pk}/")).context["rows"] == []
    assert [
        one.number
        for one, _s in owner_client.get(path(business, f"{segment.pk}/changes/")).context["versions"]
    ] == [2, 1]
    assert owner_client.post(path(business, f"{segment.pk}/copy/")).status_code == 302
    assert owner_client.post(path(business, f"{segment.pk}/archival/")).url == path(business)
    assert owner_client.get(path(business, f"{segment.pk}/")).status_code == 404
    assert len(owner_client.get(path(business, "?view=archived")).context["rows"]) == 1
    owner_client.post(path(business, f"{segment.pk}/restoration/"))
    assert len(owner_client.get(path(business)).context["rows"]) == 2


def test_list_is_filled_from_the_customers_page(
    business: Business, people: list[Customer], owner_client: Client
) -> None:
    owner_client.post(path(business, "lists/new/"), {"name": "Domingo"})
    ana, of_ana = people[0], f"{business.base}customers/{people[0].pk}/segments/"
    with tenant_scope(business.tenant.id):
        made = Segment.objects.get()
    owner_client.post(f"{of_ana}choice/", {"segment": str(made.pk)})
    shown = owner_client.get(of_ana, headers={"HX-Request": "true"})
    assert [one.name for one in shown.context["mine"]] == ["Domingo"]
    listed = owner_client.get(f"{business.base}customers/?segment={made.pk}")
    assert (b"Ana Compra" in listed.content, b"Beto Nada" in listed.content) == (True, False)
    owner_client.post(path(business, f"{made.pk}/members/{ana.pk}/"), {"remove": "1"})
    assert owner_client.get(path(business, f"{made.pk}/")).context["rows"] == []


def test_teammate_reads_and_may_not_write(
    business: Business, segment: Segment, teammate_client: Client
) -> None:
    assert teammate_client.get(path(business)).status_code == 200
    assert teammate_client.get(path(business, f"{segment.pk}/")).status_code == 200
    assert teammate_client.post(path(business, "preview/"), FORM).status_code == 200
    for rest in (
        "new/",
        f"{segment.pk}/rule/",
        f"{segment.pk}/archival/",
        f"{segment.pk}/copy/",
        "lists/new/",
    ):
        assert teammate_client.post(path(business, rest), FORM).status_code == 403


def test_stranger_finds_nothing(
    business: Business, segment: Segment, other: Business, stranger_client: Client
) -> None:
    for rest in ("", "new/", f"{segment.pk}/", f"{segment.pk}/rule/", f"{segment.pk}/changes/"):
        assert stranger_client.get(path(business, rest)).status_code == 404
        assert stranger_client.get(path(other, f"{segment.pk}/")).status_code == 404
    foreign = Api(key_for(other))
    for rest in ("", "customers/", "changes/", f"why/{segment.pk}/"):
        assert foreign.get(f"segments/{segment.pk}/{rest}").status_code == 404
    assert foreign.patch(f"segments/{segment.pk}/", {"name": "x"}).status_code == 404
    assert foreign.get("segments/").json()["data"] == []


def test_narrowed_member_counts_and_sees_only_his_customers(
    business: Business, segment: Segment, people: list[Customer]
) -> None:
    with tenant_scope(business.tenant.id):
        acts.go_through(segment_id=segment.pk)
        narrow = business.add_member("supervisor", sees="own")
        acts.create_segment(name="Otra", rule=RULE, by=business.actor())
    client = business.client(narrow)
    shown = client.get(path(business, f"{segment.pk}/")).context
    assert (shown["rows"], shown["counted"].count) == ([], 0)
    found = client.post(path(business, "preview/"), FORM).context
    assert (found["counted"].count, found["sample"]) == (0, [])
    assert client.get(path(business)).context["sees_all"] is False
    assert (
        client.get(
            f"{business.base}customers/{people[0].pk}/segments/", headers={"HX-Request": "true"}
        ).status_code
        == 404
    )
    with tenant_scope(business.tenant.id):
        Customer.objects.filter(pk=people[0].pk).update(created_by=narrow)
    assert client.post(path(business, "preview/"), FORM).context["counted"].count == 1


DEEP = {
    "node": [str(n) for n in range(200)],
    **{f"n{n}-match": "all" for n in range(200)},
    **{f"n{n}-in": str(n - 1) for n in range(1, 200)},
}
WIDE = {
    "node": [str(n) for n in range(120)],
    "n0-match": "all",
    **{f"n{n}-in": "0" for n in range(120)},
    **{f"n{n}-is": "orders.count" for n in range(1, 120)},
}


ODD_FORMS: list[dict[str, Any]] = [
    {},
    {"node": ["0", "0", "x", "\u0661", "9" * 40], "n0-match": "none", "op": "add:\u0661"},
    {"node": ["1", "0"], "n0-match": "nothing", "n1-in": "0", "n1-is": "label", "n1-labels": ["x", ""]},
    DEEP,
    WIDE,
    {**FORM, "n1-n": "9" * 300, "n1-period-how": "last", "n1-period-n": "\u0663", "n1-period-unit": "\0"},
    {**FORM, "n1-period-how": "between", "n1-period-from": "0000-99-99"},
    {**FORM, "n1-period-how": "during:the end"},
]  # fmt: skip


def test_odd_forms_are_answered(business: Business, owner_client: Client) -> None:
    for form in ODD_FORMS:
        assert owner_client.post(path(business, "preview/"), form).status_code == 200, form
        assert owner_client.post(path(business, "new/"), {"op": "look", **form}).status_code == 200, form
        assert (
            owner_client.post(path(business, "new/"), {**form, "name": "x", "op": "save"}).status_code == 422
        ), form


def test_builder_shows_every_condition_as_it_was_saved(business: Business, owner_client: Client) -> None:
    """What the form of each condition posts is the condition again: nothing is lost on the way."""
    from django.http import QueryDict

    from crm.segments import draft
    from crm.segments.params import Names

    with tenant_scope(business.tenant.id), translation.override("en"):
        names = Names()
        for known in CONDITIONS.values():
            node = draft.fresh(known)
            row = draft.rows(draft.Draft(where={"all": [node]}), names).rows[0]
            post = QueryDict(mutable=True)
            post.setlist("node", ["0", "1"])
            post.update({"n0-match": "all", "n1-in": "0", "n1-is": known.key})
            for control in row.controls:
                post[f"n1-{control.name}"] = control.value
            again = draft.read(post).where["all"][0]
            assert {name: again.get(name) for name in node} == node


# --- the API ---


def test_api_keeps_changes_and_puts_away(business: Business, api: Api, people: list[Customer]) -> None:
    made = api.post("segments/", {"name": "Compraron", "rule": RULE})
    assert (made.status_code, made.json()["rule"], made.json()["version"]) == (201, RULE, 1)
    one = f"segments/{made.json()['id']}/"
    other = {"version": 1, "where": {"none": [ORDERED]}}
    assert api.patch(one, {"rule": other}).json()["version"] == 2
    members = api.get(f"{one}customers/").json()
    assert ([row["name"] for row in members["data"]], members["has_more"]) == (["Beto Nada"], False)
    why = api.get(f"{one}why/{people[1].pk}/").json()
    assert (why["is_in"], [reason["is_met"] for reason in why["reasons"]]) == (True, [False])
    assert api.get(f"{one}changes/").json()["data"] == []
    assert [row["id"] for row in api.get("segments/").json()["data"]] == [made.json()["id"]]
    assert (api.delete(one).status_code, api.get(one).status_code) == (204, 404)


def test_api_previews(api: Api, people: list[Customer]) -> None:
    found = api.post("segments/preview/", {"rule": RULE}).json()
    assert (found["count"], found["is_exact"], [row["name"] for row in found["sample"]]) == (
        1,
        True,
        ["Ana Compra"],
    )
    wrong = api.post("segments/preview/", {"rule": {"version": 1, "where": {"all": [{"is": "label"}]}}})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/rule/where/all/0/op")


def test_api_fills_and_empties_lists(api: Api, people: list[Customer]) -> None:
    made = api.post("segments/", {"name": "Domingo", "is_list": True}).json()
    ids = [str(one.pk) for one in people]
    assert sorted(
        api.post(f"segments/{made['id']}/members/", {"customer_ids": ids}).json()["customer_ids"]
    ) == sorted(ids)
    assert api.post(f"segments/{made['id']}/members/removal/", {"customer_ids": ids[:1]}).json() == {
        "customer_ids": ids[:1]
    }
    assert api.get(f"segments/{made['id']}/").json()["count"] == 1
    changes = api.get(f"segments/{made['id']}/changes/").json()["data"]
    assert sorted((row["entered"], row["reason"]) for row in changes) == [
        (False, "hand"),
        (True, "hand"),
        (True, "hand"),
    ]


def test_api_says_what_is_broken(business: Business, api: Api) -> None:
    with tenant_scope(business.tenant.id):
        label = make_label("VIP")
    rule = {"version": 1, "where": {"any": [{"is": "label", "op": "none_of", "labels": [str(label.pk)]}]}}
    made = api.post("segments/", {"name": "Sin", "rule": rule}).json()
    assert made["problems"] == []
    with tenant_scope(business.tenant.id):
        label.delete()
    assert len(api.get(f"segments/{made['id']}/").json()["problems"]) == 1
    assert api.get(f"segments/{made['id']}/customers/").json()["data"] == []


def test_key_asks_only_of_what_it_may_read(business: Business, people: list[Customer]) -> None:
    narrow = Api(key_for(business, [Permission.SEGMENTS_READ, Permission.SEGMENTS_WRITE]))
    refused = narrow.post("segments/preview/", {"rule": RULE})
    assert (refused.status_code, "orders:read" in refused.json()["detail"]) == (422, True)
    reader = Api(key_for(business, [Permission.SEGMENTS_READ, Permission.ORDERS_READ]))
    assert reader.post("segments/preview/", {"rule": RULE}).status_code == 200
    assert reader.post("segments/", {"name": "x", "rule": RULE}).status_code == 403


@pytest.mark.parametrize("body", [{}, {"rule": None}, {"rule": []}, {"rule": "x"}, {"rule": RULE, "more": 1}])
def test_api_answers_odd_bodies(api: Api, body: dict[str, Any]) -> None:
    assert api.post("segments/preview/", body).status_code == 422
    assert (
        api.post("segments/", {"name": "x", **body, "is_list": False} if body != {} else {}).status_code
        == 422
    )


def test_api_refuses_what_is_nested_beyond_reason(api: Api) -> None:
    deep = '{"any":[' * 500 + json.dumps(ORDERED) + "]}" * 500
    body = f'{{"rule": {{"version": 1, "where": {deep}}}}}'
    assert api.client.post(
        "/api/v1/segments/preview/", body, content_type="application/json"
    ).status_code in {400, 422}


def test_pages_ask_as_often_for_one_as_for_three(
    business: Business, people: list[Customer], owner_client: Client, django_assert_num_queries: Any
) -> None:
    with tenant_scope(business.tenant.id):
        acts.create_segment(name="Uno", rule=RULE, by=business.actor())
    owner_client.get(path(business))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        owner_client.get(path(business))
    with tenant_scope(business.tenant.id):
        for number in range(2):
            acts.create_segment(name=f"Más {number}", rule=RULE, by=business.actor())
    with CaptureQueriesContext(connection) as three:
        owner_client.get(path(business))
    assert len(three) == len(one)
