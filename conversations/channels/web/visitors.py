"""Which visitor a browser is from here on: the same one, or a new one when it became another person's."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

from conversations.channels.web.identity import Claims
from conversations.channels.web.tokens import Visitor
from crm import identities
from crm.models import Customer, Identity
from tenants.models import Tenant

KINDS = {"id": Identity.Kind.EXTERNAL, "email": Identity.Kind.EMAIL}


def next_of(offered: Visitor | None, claims: Claims, said: Any, tenant: Tenant) -> Visitor:
    """Who the browser is now. `offered` is what its token said, `claims` whom the site vouches for.

    What one person wrote stays hidden from the next one at the same browser, also when the site has the
    next one's signature wrong. Somebody known elsewhere who wrote before he logged in begins anew as himself.
    """
    if offered is None:
        return Visitor(uuid4(), claims)
    if offered.claims and said is not None and _name(said) != _name(offered.claims):
        return Visitor(uuid4(), claims)
    if claims and _is_somebody_elses(offered, claims, tenant):
        return Visitor(uuid4(), claims)
    return Visitor(offered.id, claims or offered.claims)


def _name(said: Any) -> str:
    """What tells two persons of a site apart."""
    return str(said.get("id") or said.get("email") or "") if isinstance(said, dict) else ""


def _is_somebody_elses(offered: Visitor, claims: Claims, tenant: Tenant) -> bool:
    """Whether the one vouched for is known, as another customer than the one who wrote from here."""
    mine = Identity.objects.filter(kind=Identity.Kind.WEB, value=str(offered.id)).first()
    owner = _owner(claims, tenant) if mine else None
    return bool(mine and owner) and owner != mine.customer  # type: ignore[union-attr]


def _owner(claims: Claims, tenant: Tenant) -> Customer | None:
    for name, kind in KINDS.items():
        with suppress(identities.InvalidIdentity):
            if claims.get(name) and (found := identities.find_customer(kind, claims[name], tenant.country)):
                return found
    return None
