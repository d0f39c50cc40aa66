"""Businesses and people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from tenants.actions.businesses import create_business
from tenants.actors import Actor
from tenants.models import Membership, Tenant, User
from tenants.permissions import Role, Sees
from tenants.scoping import tenant_scope
from tenants.sessions import SessionStore
from tests.factories.stamps import stamped

PASSWORD = "correcto-caballo-bateria"


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Nothing is undone halfway while a test prepares itself: inside a transaction, one is enough."""
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = before


@dataclass
class Business:
    """A business with an owner and an agent."""

    tenant: Tenant
    owner: Membership
    agent: Membership

    @property
    def base(self) -> str:
        """The beginning of every address in it."""
        return f"/b/{self.tenant.slug}/"

    def actor(self, membership: Membership | None = None) -> Actor:
        """Who acts: the owner unless told otherwise."""
        with tenant_scope(self.tenant.id):
            return Actor.of_membership(membership or self.owner)

    def client(self, membership: Membership, **headers: Any) -> Client:
        """A browser in which a member has logged in and just proved again who he is."""
        client, request = Client(**headers), HttpRequest()
        request.session = SessionStore()
        request.session[SESSION_KEY] = str(membership.user_id)
        request.session[BACKEND_SESSION_KEY] = "tenants.backends.PersonBackend"
        request.session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
        record_authentication(request, membership.user, method="password", reauthenticated=True)
        with without_savepoints():
            request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        return client

    def add_member(self, role: str = Role.AGENT, sees: str = Sees.ALL, name: str = "") -> Membership:
        """One more person."""
        with tenant_scope(self.tenant.id):
            return make_member(self.tenant, role, sees=sees, name=name)


def make_user(name: str = "") -> User:
    """A person who can log in with PASSWORD."""
    tag = uuid4().hex[:8]
    return User.objects.create_user(f"{tag}@example.com", PASSWORD, name=name or f"Persona {tag}")


def make_member(tenant: Tenant, role: str, **fields: Any) -> Membership:
    """A member of the business in scope."""
    return Membership.objects.create(
        tenant=tenant, user=make_user(fields.pop("name", "")), role=role, **fields
    )


def make_business(name: str = "Bicis Tapatías", country: str = "MX", **fields: Any) -> Business:
    """A business with an owner and an agent."""
    with without_savepoints():
        kind = (name, country, *sorted(fields.items()))
        owner, agent = stamped(kind, name, lambda: _made(name, country, fields))
    return Business(tenant=owner.tenant, owner=owner, agent=agent)


def _made(name: str, country: str, fields: dict[str, Any]) -> tuple[Membership, ...]:
    owner = create_business(name=name, country=country, owner=make_user("Olga Dueña"), **fields)
    with tenant_scope(owner.tenant_id):
        return owner, make_member(owner.tenant, Role.AGENT, name="Aldo Agente")
