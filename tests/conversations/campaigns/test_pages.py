"""campaigns/: written on one page, checked, sent off, watched; and who sees what."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from conversations.actions.campaigns import reading, running, steering
from conversations.left_out import COMPLAINT_OPEN
from conversations.models import Campaign, Recipient
from crm.models import Customer, Segment
from tenants.permissions import Sees
from tenants.scoping import tenant_scope
from tests.factories.campaigns import make_campaign, make_policy, make_template
from tests.factories.crm import make_customer
from tests.factories.tenants import Business


def path(business: Business, rest: str = "") -> str:
    return f"{business.base}campaigns/{rest}"


def form(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "Revisión de invierno",
        "purpose": "promotion",
        "template-A": str(made["template"].pk),
        "include": [str(made["segment"].pk)],
        "channel-1": str(made["channel"].pk),
        "when": "now",
        "test": "",
        **more,
    }


def drafted(business: Business, made: dict[str, Any], **fields: Any) -> Campaign:
    with tenant_scope(business.tenant.id):
        return make_campaign(made["segment"], channels=[made["channel"]], **fields)


def test_campaign_is_written_checked_sent_and_watched(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    begun = owner_client.post(path(business, "new/"))
    page = begun["Location"]
    assert owner_client.get(page).status_code == 200

    count = owner_client.post(f"{page}audience/", form(made))
    assert (count.context["foreseen"].getting, count.context["foreseen"].left_out) == (3, 1)
    saved = owner_client.post(page, form(made, op="check"))
    assert saved["Location"] == f"{page}check/"

    check = owner_client.get(f"{page}check/")
    assert check.context["obstacle"] == ""
    [reason] = check.context["foreseen"].reasons
    assert (reason.reason, reason.people) == (COMPLAINT_OPEN, 1)
    behind = owner_client.get(f"{page}foreseen/?reason={COMPLAINT_OPEN}")
    assert [one.pk for one in behind.context["rows"]] == [made["people"][0].pk]
    with tenant_scope(business.tenant.id):
        assert not Recipient.objects.exists()

    assert owner_client.post(f"{page}submission/")["Location"] == page
    with tenant_scope(business.tenant.id):
        running.look(Campaign.objects.get().pk)
    live = owner_client.get(page)
    assert (live.context["sums"].audience, live.context["sums"].waiting) == (4, 3)
    assert next(line.why for line in live.context["lines"] if line.reason == COMPLAINT_OPEN)
    people = owner_client.get(f"{page}people/?state=left_out&reason={COMPLAINT_OPEN}")
    assert [one.customer for one in people.context["page"].items] == [made["people"][0]]
    part = owner_client.get(path(business, f"of-customer/{made['people'][0].pk}/"))
    assert b"Revisi\xc3\xb3n de invierno" in part.content

    for act, state in (("pause", "paused"), ("resumption", "sending"), ("cancellation", "cancelled")):
        owner_client.post(f"{page}{act}/")
        with tenant_scope(business.tenant.id):
            assert Campaign.objects.get().state == state
    again = owner_client.post(f"{page}pause/", follow=True)
    assert [one.level_tag for one in again.context["messages"]][-1] == "error"


def test_what_cannot_be_meant_is_said_and_nothing_is_lost(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    campaign = drafted(business, made)
    page = path(business, f"{campaign.pk}/")
    for wrong in (
        {"name": " "},
        {"when": "at", "day": "2020-01-01", "hour": "10:00"},
        {"when": "at", "day": "9999-99-99", "hour": "x"},
        {"per_minute": "many"},
        {"include": [str(campaign.pk)]},
        {"hold_out_percent": "90"},
    ):
        response = owner_client.post(page, form(made, **wrong))
        assert (response.status_code, bool(response.context["problem"])) == (422, True), wrong
    tested = form(made, test="hour", **{"hour-A": "09:30", "hour-B": "18:00"}, hold_out_percent="10")
    assert owner_client.post(page, tested).status_code == 302
    with tenant_scope(business.tenant.id):
        letters = [(one.letter, f"{one.hour:%H:%M}") for one in campaign.variants.order_by("letter")]  # type: ignore[attr-defined]
    assert letters == [("A", "09:30"), ("B", "18:00")]


def test_preview_shows_what_a_customer_gets(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    campaign = drafted(business, made)
    person: Customer = made["people"][1]
    response = owner_client.get(path(business, f"{campaign.pk}/preview/?customer={person.pk}"))
    assert response.context["look"]["said"].subject == "Tu bici, Ana1"
    found = owner_client.get(path(business, f"{campaign.pk}/preview/?q=Ana2"))
    assert found.context["customer"].name == "Ana2 Flores"


def test_second_person_approves_on_the_page(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    with tenant_scope(business.tenant.id):
        make_policy(needs_approval=True)
    campaign = drafted(business, made)
    page = path(business, f"{campaign.pk}/")
    owner_client.post(f"{page}submission/")
    owner_client.post(f"{page}approval/")
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().state == Campaign.State.WAITING
    second = business.client(business.add_member("admin"))
    assert second.get(f"{page}check/").context["may_approve"]
    second.post(f"{page}approval/")
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().state == Campaign.State.SCHEDULED


def test_missed_start_asks_and_copies_can_be_deleted(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    campaign = drafted(business, made, state=Campaign.State.OVERDUE)
    page = path(business, f"{campaign.pk}/")
    assert b'name="day"' in owner_client.get(page).content
    owner_client.post(f"{page}start/")
    copy = owner_client.post(f"{page}copy/")["Location"]
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get(pk=campaign.pk).state == Campaign.State.SCHEDULED
    assert owner_client.post(f"{copy}deletion/")["Location"] == path(business)
    assert owner_client.post(f"{page}deletion/", follow=True).redirect_chain[0][0] == page


def test_who_sees_what(
    business: Business,
    made: dict[str, Any],
    teammate_client: Client,
    stranger_client: Client,
) -> None:
    campaign = drafted(business, made)
    page = path(business, f"{campaign.pk}/")
    assert teammate_client.get(page).status_code == 200
    assert teammate_client.get(f"{page}check/").status_code == 200
    assert teammate_client.post(page, form(made)).status_code == 404
    assert teammate_client.post(f"{page}submission/").status_code == 403
    assert teammate_client.post(path(business, "new/")).status_code == 403
    for rest in ("", f"{campaign.pk}/", f"{campaign.pk}/check/", f"{campaign.pk}/people/"):
        assert stranger_client.get(path(business, rest)).status_code == 404
    narrow = business.client(business.add_member("supervisor", sees=Sees.OWN))
    assert b"Revisi\xc3\xb3n" in narrow.get(path(business)).content
    for rest in ("", "check/", "people/", "foreseen/", "preview/"):
        assert narrow.get(f"{page}{rest}").status_code == 404
    assert narrow.post(f"{page}submission/").status_code == 404
    assert narrow.post(path(business, "new/")).status_code == 404


def test_list_costs_the_same_however_many(
    business: Business,
    made: dict[str, Any],
    owner_client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    with tenant_scope(business.tenant.id):
        for number in range(3):
            campaign = make_campaign(made["segment"], channels=[made["channel"]], name=f"Otra {number}")
            steering.submit(campaign=campaign, by=business.actor())
            running.look(campaign.pk)
        make_customer("Nadie")
        Segment.objects.create(name="Vacía", is_list=True)
    owner_client.get(path(business))
    with django_assert_max_num_queries(15):
        response = owner_client.get(path(business))
    assert [row.meant for row in response.context["rows"]] == [3, 3, 3]


def test_texts_are_filled_in_for_everybody_before_anything_is_sent(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    with tenant_scope(business.tenant.id):
        template = make_template("Empresas", "Hola, {{ customer.company }}.")
        campaign = make_campaign(made["segment"], channels=[made["channel"]])
        campaign.variants.update(template=template)  # type: ignore[attr-defined]
        Customer.objects.filter(pk=made["people"][1].pk).update(company="Papelería Robles")
    page = path(business, f"{campaign.pk}/reading/")
    assert owner_client.post(page).context["reading"]["done"] is False
    with tenant_scope(business.tenant.id):
        assert reading.read_on() is False
    found = owner_client.get(page)
    assert (found.context["reading"]["seen"], found.context["reading"]["done"]) == (3, True)
    [lack] = found.context["lacks"]
    assert (lack.people, len(lack.some)) == (2, 2)
    with tenant_scope(business.tenant.id):
        assert not Recipient.objects.exists()


def test_unknown_mails_are_decided_on_the_page(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    campaign = drafted(business, made)
    page = path(business, f"{campaign.pk}/")
    owner_client.post(f"{page}submission/")
    with tenant_scope(business.tenant.id):
        running.look(campaign.pk)
        some = Recipient.objects.filter(state="waiting").values_list("pk", flat=True)[:2]
        Recipient.objects.filter(pk__in=list(some)).update(state="unknown", due_at=None)
    assert b'name="arrived"' in owner_client.get(page).content
    owner_client.post(f"{page}settlement/", {"arrived": "yes"})
    with tenant_scope(business.tenant.id):
        assert Recipient.objects.filter(state="delivered").count() == 2


def test_hour_that_has_passed_is_not_sent_off_unasked(
    business: Business, made: dict[str, Any], owner_client: Client
) -> None:
    campaign = drafted(business, made)
    page, yesterday = path(business, f"{campaign.pk}/"), timezone.now() - timedelta(days=1)
    wrong = owner_client.post(page, form(made, when="at", day=f"{yesterday:%Y-%m-%d}", hour="10:00"))
    assert (wrong.status_code, wrong.context["problem_field"]) == (422, "starts_at")
    with tenant_scope(business.tenant.id):
        Campaign.objects.update(starts_at=yesterday)
    assert owner_client.get(f"{page}check/").context["obstacle"] == wrong.context["problem"]
    owner_client.post(f"{page}submission/")
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().state == Campaign.State.DRAFT
        Campaign.objects.update(state="waiting", asked_by=business.agent)
    owner_client.post(f"{page}approval/")
    shown = owner_client.get(page)
    assert shown.context["campaign"].state == Campaign.State.OVERDUE
    assert "pero su hora ya pasó" in shown.text
    again = owner_client.post(
        f"{page}start/", {"when": "at", "day": f"{yesterday:%Y-%m-%d}", "hour": "10:00"}
    )
    assert "ya pasó" in owner_client.get(again["Location"]).text
    with tenant_scope(business.tenant.id):
        assert Campaign.objects.get().state == Campaign.State.OVERDUE
