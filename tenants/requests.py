"""What a view of a business is given."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.actors import Actor
from tenants.models import Membership, Tenant, User


class BusinessRequest(HttpRequest):
    """A member's request, after BusinessMiddleware has let it in."""

    user: User
    tenant: Tenant
    membership: Membership
    actor: Actor
    htmx: HtmxDetails
