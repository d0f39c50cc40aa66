"""What a view of a business is given."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.actors import Actor
from tenants.models import Membership, Tenant, User


class PersonRequest(HttpRequest):
    """The request of someone who has logged in."""

    user: User


class BusinessRequest(PersonRequest):
    """A member's request, after BusinessMiddleware has let it in."""

    tenant: Tenant
    membership: Membership
    actor: Actor
    htmx: HtmxDetails
