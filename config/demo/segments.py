"""Four segments of the bicycle shop: two rules, one that builds on another, and a list by hand."""

from typing import Any

from config.demo.stage import Stage
from crm.actions import segments as acts
from crm.models import Customer
from tenants.actors import Actor
from tenants.models import Membership

REGULARS: dict[str, Any] = {
    "all": [{"is": "orders.count", "op": "at_least", "n": 2, "period": {"last": 12, "unit": "months"}}]
}
QUIET: dict[str, Any] = {
    "all": [
        {"is": "orders.last", "period": {"before": 3, "unit": "months"}},
        {"none": [{"is": "cases.open", "op": "has"}]},
    ]
}
ON_THE_LIST = 12


def furnish(stage: Stage, owner: Membership) -> None:
    """The segments, gone through once."""
    by = Actor.of_membership(owner)
    regulars = acts.create_segment(
        name="Clientes frecuentes",
        description="Vuelven: un gracias y el mantenimiento con descuento.",
        rule={"version": 1, "where": REGULARS},
        by=by,
    )
    quiet = acts.create_segment(name="Hace tiempo que no compran", rule={"version": 1, "where": QUIET}, by=by)
    offers = {
        "all": [
            {"is": "segment", "op": "in", "segment": str(regulars.pk)},
            {"is": "consent", "op": "given", "medium": "whatsapp", "purpose": "promotion"},
        ]
    }
    served = acts.create_segment(
        name="Frecuentes con ofertas por WhatsApp", rule={"version": 1, "where": offers}, by=by
    )
    ride = acts.create_segment(
        name="Rodada del domingo", description="Se apuntaron en la tienda.", is_list=True, by=by
    )
    chosen = Customer.objects.filter(merged_into=None).order_by("-last_contact_at", "-id")
    ids = list(chosen.values_list("pk", flat=True)[:ON_THE_LIST])
    acts.add_members(segment=ride, ids=ids, by=by)
    for segment in (regulars, quiet, served):
        acts.go_through(segment_id=segment.pk)
