"""Acts on many customers, on the pages and by the API: bounded to what one sees, and taken back exactly."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions import bulk
from crm.actions.customers import update_customer
from crm.actions.segments import add_members, create_segment
from crm.listing import reading
from crm.models import Customer, CustomerRun, FollowUp, Label, Segment, SegmentMember
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, KeyMaker, api, key_for, limited, stranger  # noqa: F401 -- fixtures
from tests.factories.crm import make_customer
from tests.factories.tenants import Business
from tests.factories.undo import press_undo

COUNTS = ("pending", "changed", "same", "refused", "gone", "left", "undone", "kept")


@pytest.fixture
def path(business: Business, people: dict[str, Customer]) -> str:
    return f"{business.base}customers/"


def labelled(business: Business, name: str = "VIP") -> list[str]:
    with tenant_scope(business.tenant.id):
        found = Customer.objects.filter(label_links__label__name=name).order_by("sort_name")
        return list(found.values_list("name", flat=True))


def ids_of(people: dict[str, Customer], *names: str) -> list[str]:
    return [str(people[name].pk) for name in names]


def vip(business: Business) -> str:
    with tenant_scope(business.tenant.id):
        return str(Label.objects.get(name="VIP").pk)


def test_chosen_rows_are_changed_and_taken_back(
    business: Business,
    people: dict[str, Customer],
    owner_client: Client,
    analyst_client: Client,
    stranger_client: Client,
    path: str,
) -> None:
    data = {"id": ids_of(people, "Álvaro", "beto", "Carla"), "action": f"label:{vip(business)}"}
    assert stranger_client.post(f"{path}many/", data).status_code == 404
    assert analyst_client.post(f"{path}many/", data).status_code == 403
    done = owner_client.post(f"{path}many/?language=es", data)
    assert (done["Location"], labelled(business)) == (f"{path}?language=es", ["Álvaro", "beto", "Carla"])
    press_undo(owner_client, done)
    assert labelled(business) == ["Álvaro"]
    with tenant_scope(business.tenant.id):
        run = CustomerRun.objects.get()
        assert bulk.many.counts(run) == {**dict.fromkeys(COUNTS, 0), "same": 1, "undone": 2}
    assert stranger_client.get(f"{path}many/{run.pk}/").status_code == 404
    assert owner_client.get(f"{path}many/{run.pk}/").status_code == 200


ACTS: list[tuple[dict[str, str], str, Any]] = [
    ({"action": "language:en"}, "language", "en"),
    ({"action": "company", "company": " Taller Sur "}, "company", "Taller Sur"),
    ({"action": "company", "company": ""}, "company", ""),
    ({"action": "attribute", "key": "talla", "value": "l"}, "attributes", {"talla": "L"}),
    ({"action": "attribute", "key": "talla", "value": ""}, "attributes", {}),
]


def test_every_act_and_its_undoing(
    business: Business, people: dict[str, Customer], owner_client: Client, path: str
) -> None:
    ids = ids_of(people, "beto", "Carla")
    for data, field, value in ACTS:
        with tenant_scope(business.tenant.id):
            before = list(Customer.objects.filter(pk__in=ids).order_by("pk").values("pk", field))
        done = owner_client.post(f"{path}many/", {"id": ids, **data})
        with tenant_scope(business.tenant.id):
            assert [getattr(one, field) for one in Customer.objects.filter(pk__in=ids)] == [value] * 2
        press_undo(owner_client, done)
        with tenant_scope(business.tenant.id):
            assert list(Customer.objects.filter(pk__in=ids).order_by("pk").values("pk", field)) == before


def test_a_follow_up_for_each(
    business: Business, people: dict[str, Customer], owner_client: Client, path: str
) -> None:
    due = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"title": "Ofrecer servicio", "due_at": due, "to": str(business.agent.pk), "action": "follow_up"}
    done = owner_client.post(f"{path}many/", {"id": ids_of(people, "beto", "Carla"), **data})
    with tenant_scope(business.tenant.id):
        made = list(FollowUp.objects.order_by("customer__sort_name"))
        assert [(one.customer_id, one.title, one.assignee_id) for one in made] == [
            (people[name].pk, "Ofrecer servicio", business.agent.pk) for name in ("beto", "Carla")
        ]
        FollowUp.objects.filter(pk=made[0].pk).update(done_at=timezone.now())
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        assert [one.pk for one in FollowUp.objects.all()] == [made[0].pk]  # what was done stays done


def test_lists_are_filled_and_emptied_and_taken_back(
    business: Business,
    people: dict[str, Customer],
    owner_client: Client,
    teammate_client: Client,
    limited: Any,  # noqa: F811
    path: str,
) -> None:
    with tenant_scope(business.tenant.id):
        ride = create_segment(name="Rodada", is_list=True, by=business.actor())
        add_members(segment=ride, ids=[people["Álvaro"].pk], by=business.actor())
        SegmentMember.objects.update(since=timezone.now() - timedelta(days=9))
    ids = ids_of(people, "Álvaro", "beto", "Carla")

    def stands() -> tuple[int | None, dict[str, Any]]:
        with tenant_scope(business.tenant.id):
            rows = SegmentMember.objects.values_list("customer__name", "since")
            return Segment.objects.get(pk=ride.pk).count, dict(rows)

    before = stands()
    data = {"id": ids, "list": str(ride.pk)}
    assert teammate_client.post(f"{path}many/", {**data, "action": "list"}).status_code == 403
    body = {"action": "unlist", "to": str(ride.pk), "ids": ids}
    assert limited("customers:write").post("customers/bulk/", body).status_code == 403
    assert stands() == before
    done = owner_client.post(f"{path}many/", {**data, "action": "list"})
    assert (stands()[0], sorted(stands()[1])) == (3, ["Carla", "beto", "Álvaro"])
    press_undo(owner_client, done)
    assert stands() == before
    done = owner_client.post(f"{path}many/?language=es", {**data, "all": "1", "action": "unlist"})
    assert stands() == (0, {})
    with tenant_scope(business.tenant.id):
        run = CustomerRun.objects.order_by("-id")[0]
    assert teammate_client.post(f"{path}many/{run.pk}/undoing/").status_code == 403
    press_undo(owner_client, done)
    assert stands() == before
    assert limited("customers:write", "segments:write").post("customers/bulk/", body).json()["counts"] == {
        **dict.fromkeys(COUNTS, 0),
        "changed": 1,
        "same": 2,
    }
    for client, words in ((owner_client, 1), (teammate_client, 0)):
        assert client.get(f"{path}many/menu/").text.count("Rodada") == words


def test_what_changed_since_stays(
    business: Business, people: dict[str, Customer], owner_client: Client, path: str
) -> None:
    ids = ids_of(people, "beto", "Carla")
    done = owner_client.post(f"{path}many/", {"id": ids, "action": "language:pt-br"})
    with tenant_scope(business.tenant.id):
        update_customer(customer=people["beto"], language="es", by=business.actor())
    press_undo(owner_client, done)
    with tenant_scope(business.tenant.id):
        found = {one.name: one.language for one in Customer.objects.filter(pk__in=ids)}
    assert found == {"beto": "es", "Carla": "es"}


ODD_POSTS: list[dict[str, Any]] = [
    {"action": ""},
    {"action": "x"},
    {"action": "label:x"},
    {"action": "label:\x00"},
    {"action": "language:xx"},
    {"action": "attribute", "key": "nothing", "value": "1"},
    {"action": "attribute", "key": "talla", "value": "XS"},
    {"action": "follow_up", "title": ""},
    {"action": "follow_up", "title": "x", "due_at": "9999-99-99"},
    {"action": "list", "list": "x"},
    {"action": "unlist"},
    {"action": "language:es", "id": []},
    {"action": "language:es", "id": ["x", str(uuid4())]},
]


def test_any_post_is_taken(owner_client: Client, people: dict[str, Customer], path: str) -> None:
    for data in ODD_POSTS:
        assert owner_client.post(f"{path}many/", {"id": ids_of(people, "beto"), **data}).status_code == 302, (
            data
        )


def test_narrow_members_change_only_theirs(
    business: Business, people: dict[str, Customer], narrow_client: Client, owner_client: Client, path: str
) -> None:
    data = {"action": f"label:{vip(business)}"}
    narrow_client.post(f"{path}many/", {"id": ids_of(people, "beto", "Carla"), **data})
    assert labelled(business) == ["Álvaro", "Carla"]
    narrow_client.post(f"{path}many/", {"all": "1", "action": f"unlabel:{vip(business)}"})
    assert labelled(business) == ["Álvaro"]
    owner_client.post(f"{path}many/", {"all": "1", **data})
    with tenant_scope(business.tenant.id):
        newest = CustomerRun.objects.order_by("-id")[0]
    assert narrow_client.get(f"{path}many/{newest.pk}/").status_code == 404
    assert narrow_client.post(f"{path}many/{newest.pk}/undoing/").status_code == 404
    assert narrow_client.post(f"{path}many/{newest.pk}/cancelling/").status_code == 404


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything in small pieces, and by a worker."""
    monkeypatch.setattr(bulk.many, "at_once", 1)
    monkeypatch.setattr(bulk.many, "chunk", 2)
    monkeypatch.setattr(bulk, "GATHERED_AT_ONCE", 2)
    monkeypatch.setattr(reading, "FEW", 0)


def test_all_that_match_go_on_in_a_worker_and_stop_when_told(
    business: Business, people: dict[str, Customer], owner_client: Client, path: str, slowly: None
) -> None:
    with tenant_scope(business.tenant.id):
        for number in range(5):
            make_customer(f"Más {number}", language="es")
    begun = owner_client.post(f"{path}many/?language=es", {"all": "1", "action": f"label:{vip(business)}"})
    with tenant_scope(business.tenant.id):
        run = CustomerRun.objects.get()
    assert begun["Location"] == f"{path}many/{run.pk}/"
    assert "hx-get" in owner_client.get(begun["Location"], headers={"HX-Request": "true"}).content.decode()
    bulk.many.advance(business.tenant.id, run.pk)
    bulk.many.advance(business.tenant.id, run.pk)  # rung twice
    assert len(labelled(business)) == 7
    owner_client.post(f"{path}many/{run.pk}/undoing/")
    bulk.many.advance(business.tenant.id, run.pk)
    assert labelled(business) == ["Álvaro"]
    begun = owner_client.post(f"{path}many/?language=es", {"all": "1", "action": f"label:{vip(business)}"})
    owner_client.post(begun["Location"] + "cancelling/")
    with tenant_scope(business.tenant.id):
        stopped = CustomerRun.objects.order_by("-id")[0]
        assert (stopped.state, bulk.many.counts(stopped)["pending"]) == ("done", 0)
    bulk.many.advance(business.tenant.id, stopped.pk)
    assert labelled(business) == ["Álvaro"]


def test_a_worker_that_dies_goes_on_where_it_was(
    business: Business,
    people: dict[str, Customer],
    owner_client: Client,
    path: str,
    slowly: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner_client.post(f"{path}many/", {"all": "1", "action": "company", "company": "Sur"})
    with tenant_scope(business.tenant.id):
        run = CustomerRun.objects.get()
    perform, turns = bulk.many.perform, iter(range(100))

    def dying(*args: Any) -> Any:
        if next(turns) == 3:
            raise KeyboardInterrupt
        return perform(*args)

    monkeypatch.setattr(bulk.many, "perform", dying)
    with pytest.raises(KeyboardInterrupt):
        bulk.many.advance(business.tenant.id, run.pk)
    bulk.many.advance(business.tenant.id, run.pk)
    with tenant_scope(business.tenant.id):
        run.refresh_from_db()
        assert (run.state, run.total, bulk.many.counts(run)["changed"]) == ("done", 4, 4)
        assert set(Customer.objects.values_list("company", flat=True)) == {"Sur"}


# --- by the API ---


def test_bulk_by_the_api(
    business: Business,
    people: dict[str, Customer],
    api: Api,  # noqa: F811
    stranger: Api,  # noqa: F811
    limited: Any,  # noqa: F811
) -> None:
    body = {"action": "attribute", "key": "talla", "to": "L", "ids": [*ids_of(people, "Carla"), str(uuid4())]}
    assert limited("customers:read").post("customers/bulk/", body).status_code == 403
    made = api.post("customers/bulk/", body)
    assert (made.status_code, made.json()["state"]) == (201, "done")
    assert (made.json()["counts"]["changed"], made.json()["counts"]["gone"]) == (1, 1)
    address = f"customers/bulk/{made.json()['id']}/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}undoing/").status_code == 404
    assert stranger.post(f"{address}cancelling/").status_code == 404
    foreign = stranger.post("customers/bulk/", {**body, "action": "company", "to": "x"})
    assert (foreign.status_code, foreign.json()["counts"]["gone"]) == (201, 2)
    assert api.post(f"{address}cancelling/").status_code == 409
    assert api.post(f"{address}undoing/").json()["counts"]["undone"] == 1
    assert api.post(f"{address}undoing/").status_code == 409
    everybody = api.post("customers/bulk/", {"action": "company", "to": "Sur", "filter": {}})
    assert everybody.json()["total"] == 4
    some = api.post("customers/bulk/", {"action": "company", "to": "Este", "filter": {"case": ["open"]}})
    assert (some.json()["total"], api.get("customers/bulk/" + some.json()["id"] + "/").status_code) == (
        1,
        200,
    )


NONSENSE: list[Any] = [
    {},
    {"action": "x", "ids": []},
    {"action": "language", "to": {"a": 1}, "filter": {}},
    {"action": "label", "to": ["x"], "filter": {}},
    {"action": "attribute", "key": "talla", "to": [1, {}], "filter": {}},
    {"action": "attribute", "key": "talla", "to": 1e400, "filter": {}},
    {"action": "company", "to": "x", "filter": {"nothing": ["x"]}},
    {"action": "company", "to": "x", "filter": {"label": ["x"]}},
    {"action": "company", "to": "x", "filter": {"label": "x"}},
    {"action": "company", "to": "x", "ids": []},
    {"action": "company", "to": "\x00", "ids": ["x"]},
]


def test_nonsense_is_told_to_programs(people: dict[str, Customer], api: Api) -> None:  # noqa: F811
    for body in NONSENSE:
        assert api.post("customers/bulk/", body).status_code in {400, 422}, body


def test_views_by_the_api(
    business: Business,
    people: dict[str, Customer],
    api: Api,  # noqa: F811
    stranger: Api,  # noqa: F811
    limited: Any,  # noqa: F811
) -> None:
    body = {"name": "Callados", "filters": {"no_contact_for": ["90"]}, "sort": "quiet", "columns": ["came"]}
    assert limited("customers:read").post("customer-views/", body).status_code == 403
    made = api.post("customer-views/", body)
    assert (made.status_code, made.json()["filters"]) == (201, {"no_contact_for": ["90"]})
    address = f"customer-views/{made.json()['id']}/"
    assert [one["name"] for one in api.get("customer-views/").json()["data"]] == ["Callados"]
    assert (stranger.get(address).status_code, stranger.delete(address).status_code) == (404, 404)
    assert api.patch(address, {"name": "Sin contacto"}).json()["name"] == "Sin contacto"
    assert api.post("customer-views/", {"name": "sin CONTACTO"}).status_code == 409
    assert api.post("customer-views/", {"name": "x", "filters": {"nothing": ["x"]}}).status_code in {400, 422}
    assert api.post("customer-views/", {"name": "x", "sort": "x"}).status_code == 422
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404
