"""A campaign to people who have reason to be upset says that it understands."""

from typing import Any

from django.utils import timezone

from conversations import personalising, upset
from conversations.models import MessageTemplateVersion
from conversations.personalising.previews import shown
from crm.models import Case, Label, Segment
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.conversations.campaigns.test_api import body
from tests.factories.campaigns import make_policy, make_template
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

COMPLAINING = {"is": "cases.open", "op": "has", "kind": "complaint"}
CALM = {"is": "cases.open", "op": "has_not", "kind": "complaint"}
OFTEN = {"is": "orders.count", "op": "at_least", "n": 2}


def rated(op: str, stars: int) -> dict[str, Any]:
    return {"is": "ratings.last", "op": op, "n": stars}


def segment(where: dict[str, Any], name: str = "Regla") -> Segment:
    found: Segment = Segment.objects.create(name=name, rule={"version": 1, "where": where})
    return found


def test_segments_say_whether_their_people_have_reason_to_be_upset(scope: Business) -> None:
    make_policy(rating_most=2)
    angry, calm = Label.objects.create(name="Molesto"), Label.objects.create(name="Sin quejas")
    inner = segment({"all": [COMPLAINING]})
    circle = segment({"all": [OFTEN]})
    circle.rule = {"version": 1, "where": {"all": [{"is": "segment", "op": "in", "segment": str(circle.pk)}]}}
    circle.save()
    cases: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"all": [OFTEN, COMPLAINING]}, True),
        ({"all": [OFTEN, CALM]}, False),
        ({"none": [CALM]}, True),
        ({"none": [COMPLAINING]}, False),
        ({"all": [{"none": [{"any": [COMPLAINING, rated("at_most", 2)]}]}]}, False),
        ({"any": [OFTEN, rated("at_most", 2)]}, True),
        ({"all": [rated("at_least", 2)]}, False),
        ({"all": [rated("at_most", 4)]}, False),
        ({"all": [{"is": "cases.count", "op": "at_least", "n": 1}]}, True),
        ({"all": [{"is": "cases.count", "op": "at_least", "n": 1, "kind": "return"}]}, False),
        ({"all": [{"is": "cases.count", "op": "exactly", "n": 0}]}, False),
        ({"all": [{"is": "conversations.waiting", "op": "has", "span": {"n": 1, "unit": "days"}}]}, True),
        ({"all": [{"is": "label", "op": "any_of", "labels": [str(calm.pk), str(angry.pk)]}]}, True),
        ({"all": [{"is": "label", "op": "none_of", "labels": [str(angry.pk)]}]}, False),
        ({"all": [{"is": "label", "op": "any_of", "labels": [str(calm.pk)]}]}, False),
        ({"all": [{"is": "segment", "op": "in", "segment": str(inner.pk)}]}, True),
        ({"all": [{"is": "segment", "op": "not_in", "segment": str(inner.pk)}]}, False),
        ({"all": [{"is": "orders.last", "period": {"before": 6, "unit": "months"}}]}, False),
    )
    for where, expected in cases:
        assert upset.segments([segment(where).pk]) is expected, where
    assert upset.segments([circle.pk]) is False
    assert upset.segments([]) is False
    by_hand = [
        Segment.objects.create(name=name, is_list=True) for name in ("Clientas enojadas", "Sin quejas")
    ]
    assert [upset.segments([one.pk]) for one in by_hand] == [True, False]


def test_check_of_a_campaign_to_upset_people_says_so(business: Business, made: dict[str, Any]) -> None:
    api = Api(key_for(business))
    with tenant_scope(business.tenant.id):
        angry = segment({"all": [COMPLAINING]}, "Con queja")
        sorry = make_template(
            "Perdón", "Perdón por lo que pasó, {{ customer.first_name | default: 'amiga' }}. ¿Nos cuentas?"
        )
    one = f"campaigns/{api.post('campaigns/', body(made)).json()['id']}/"
    for fields, expected in (
        ({"include": [str(made["segment"].pk)]}, 0),
        ({"include": [str(made["segment"].pk), str(angry.pk)]}, 1),
        ({"letters": [{"template_id": str(sorry.pk)}]}, 0),
    ):
        assert api.patch(one, fields).status_code == 200
        found = api.get(f"{one}check/").json()["findings"]
        assert sum("They are upset" in row["sentence"] for row in found) == expected, found


def test_preview_for_somebody_with_an_open_complaint_says_so(scope: Business) -> None:
    ana, berta = make_customer("Ana"), make_customer("Berta")
    Case.objects.create(customer=ana, subject="Llegó rota", opened_at=timezone.now())
    version = MessageTemplateVersion.objects.get(template=make_template())
    piece = personalising.piece(version, "email", "es")
    assert piece is not None
    for customer, expected in ((ana.pk, True), (berta.pk, False), (None, False)):
        codes = [one.code for one in shown(piece, customer).problems]
        assert ("sound_empathy" in codes) is expected
