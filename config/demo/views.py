"""Saved views of the list of customers, for everybody and for one."""

from config.demo.stage import Stage
from crm.actions.saved_views import save_view
from tenants.actors import Actor
from tenants.models import Membership

MIRASOL = (
    ("Clientes VIP", {"label": ["VIP"]}, "contact", ("labels", "orders", "contact")),
    ("Con un caso abierto", {"case": ["open"]}, "contact", ()),
    ("Hace medio año que no escriben", {"no_contact_for": ["180"]}, "quiet", ("contact", "came", "orders")),
)
DIEGO = ("Mayoreo por WhatsApp", {"label": ["Mayoreo"], "channel": ["whatsapp"]}, "name", ())
CAFE = (("Sumidos há três meses", {"no_contact_for": ["90"]}, "quiet", ()),)


def save_views(stage: Stage, owner: Membership, views: tuple[tuple, ...], own: tuple | None = None) -> None:  # type: ignore[type-arg]
    """Views that everybody uses, and one of Diego's own. Labels are given by their names."""
    for name, filters, sort, columns in views:
        _save(stage, name, filters, sort, columns, shared=True, by=Actor.of_membership(owner))
    if own is not None:
        name, filters, sort, columns = own
        _save(
            stage, name, filters, sort, columns, shared=False, by=Actor.of_membership(stage.members["diego"])
        )


def _save(
    stage: Stage,
    name: str,
    filters: dict[str, list[str]],
    sort: str,
    columns: tuple[str, ...],
    *,
    shared: bool,
    by: Actor,
) -> None:
    given = {
        key: [str(stage.labels[text].pk) for text in texts] if key == "label" else texts
        for key, texts in filters.items()
    }
    save_view(name=name, filters=given, sort=sort, columns=columns, shared=shared, by=by)
