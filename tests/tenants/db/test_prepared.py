"""Queries whose SQL is written once: they answer as the ORM does, for whoever asks."""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.models import Channel, Conversation
from crm.models import Customer
from tenants.db.prepared import prepared
from tenants.permissions import Sees
from tenants.scoping import NoTenant, tenant_scope
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

written: list[tuple[Any, ...]] = []


class Found(NamedTuple):
    id: UUID
    name: str


@prepared(Found)
def newest(limit: int, *, before: datetime, ids: list[UUID]) -> QuerySet[Customer]:
    written.append((limit,))
    return Customer.objects.filter(created_at__lt=before, id__any=ids).order_by("-id")[:limit]


@prepared(Customer)
def named(*, name: str) -> QuerySet[Customer]:
    return Customer.objects.filter(name=name)


@prepared(Found)
def loose(*, name: str) -> QuerySet[Customer]:
    return Customer.objects.filter(name=f"{name}!")


def test_rows_are_those_of_the_queryset(scope: Business) -> None:
    made = [make_customer(name) for name in ("Ana", "Luis", "Eva")]
    ids = [one.id for one in made]
    assert newest(2, before=timezone.now(), ids=ids) == [(ids[2], "Eva"), (ids[1], "Luis")]
    assert newest(2, before=timezone.now(), ids=ids[:1]) == [(ids[0], "Ana")]
    assert newest(2, before=made[0].created_at, ids=ids) == []


def test_sql_is_written_once_for_each_shape(scope: Business) -> None:
    one = make_customer("Ana")
    written.clear()
    for limit in (5, 6, 5, 6):
        newest(limit, before=timezone.now(), ids=[one.id])
    assert written == [(5,), (6,)]


def test_objects_are_whole(scope: Business) -> None:
    made = make_customer("Ana")
    made.attributes = {"talla": "M"}
    made.save()
    [found] = named(name="Ana")
    assert (found, found.attributes, found.created_at) == (made, {"talla": "M"}, made.created_at)
    found.name = "Eva"
    found.save()
    assert [one.pk for one in named(name="Eva")] == [made.pk]


def test_each_business_gets_its_own(business: Business, other: Business) -> None:
    for one in (business, other):
        with tenant_scope(one.tenant.id):
            make_customer("Ana", company=one.tenant.slug)
    for one in (business, other, business):
        with tenant_scope(one.tenant.id):
            assert [found.company for found in named(name="Ana")] == [one.tenant.slug]
    with pytest.raises(NoTenant):
        named(name="Ana")


def test_each_actor_sees_his_own(scope: Business) -> None:
    class Seen(NamedTuple):
        subject: str

    @prepared(Seen)
    def seen(*, by: Any) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(by).order_by("subject")

    channel = Channel.objects.create(kind="web", name="Chat")
    customer = make_customer("Ana")
    common = {"channel": channel, "customer": customer}
    Conversation.objects.create(subject="his", assignee=scope.agent, **common)
    Conversation.objects.create(subject="nobody's", **common)
    actor = scope.actor(scope.agent)
    found = {sees: [row.subject for row in seen(by=replace(actor, sees=sees))] for sees in Sees}
    assert found == {Sees.ALL: ["his", "nobody's"], Sees.TEAMS: ["his"], Sees.OWN: ["his"]}


def test_value_that_is_no_parameter_is_refused(scope: Business) -> None:
    with pytest.raises(TypeError, match="did not become parameters: name"):
        loose(name="Ana")
    with pytest.raises(TypeError, match="give it by position"):
        newest(1, before=timezone.now(), ids=7)


@prepared(Conversation, "customer", "assignee", "assignee__user", without=("preview",), extra=("is_long",))
def conversations() -> QuerySet[Conversation]:
    return Conversation.objects.annotate(is_long=Q(episode_count__gt=2)).order_by("subject")


def test_related_objects_come_along(scope: Business, django_assert_num_queries: Any) -> None:
    channel, customer = Channel.objects.create(kind="web", name="Chat"), make_customer("Ana")
    common = {"channel": channel, "customer": customer, "preview": "hola"}
    Conversation.objects.create(subject="his", assignee=scope.agent, episode_count=3, **common)
    Conversation.objects.create(subject="nobody's", **common)
    with django_assert_num_queries(1):
        his, nobodys = conversations()
        assert (his.customer, his.assignee, his.assignee.user.pk) == (
            customer,
            scope.agent,
            scope.agent.user_id,
        )
        assert (nobodys.assignee, his.is_long, nobodys.is_long) == (None, True, False)
    with django_assert_num_queries(1):
        assert his.preview == "hola"
