"""Everything known of a customer in one file."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm import holdings
from crm.actions import privacy_archive
from crm.models import CustomerArchive
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.crm.privacy.test_erasure import WORD, filled, hanging, merged
from tests.factories.tenants import Business


def built(business: Business, customer: Any) -> CustomerArchive:
    with tenant_scope(business.tenant.id):
        archive = privacy_archive.request_archive(customer=customer, by=Actor.of_membership(business.owner))
    assert privacy_archive.build(business.tenant.id, archive.pk) is True
    assert privacy_archive.build(business.tenant.id, archive.pk) is False  # twice is once
    with tenant_scope(business.tenant.id):
        return CustomerArchive.objects.get(pk=archive.pk)


def test_every_table_is_in_the_archive(business: Business, owner_client: Client, media: Path) -> None:
    side = filled(business)
    customer = merged(side)
    with tenant_scope(side.id):
        CustomerArchive.objects.update(state="failed", due_at=None)
    archive = built(business, customer)
    here = f"/b/{business.tenant.slug}/customers/{customer.pk}/archives/"
    answer = owner_client.get(f"{here}{archive.pk}/file/")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = set(packed.namelist())
    labels = {part.label for part in holdings.parts()} | {"crm.customer"}
    with tenant_scope(side.id):
        people = holdings.people_of(customer)
        filled_parts = {label for label, _title, _number in holdings.counts(people)} | {"crm.customer"}
    assert labels == filled_parts  # the test fills them all
    assert {f"data/{label}.json" for label in labels} <= names
    assert {f"{label}.html" for label in labels} | {"index.html"} <= names
    silent = [
        part.label
        for part in holdings.parts()
        if personal_words(part) and WORD not in packed.read(f"data/{part.label}.json").decode()
    ]
    assert silent == []
    assert WORD in packed.read("crm.customer.html").decode()
    assert WORD in packed.read("conversations.message.html").decode()
    rows = json.loads(packed.read("data/conversations.attachment.json"))
    assert {row["file"] for row in rows} <= names
    assert WORD.encode() in packed.read(rows[0]["file"])


def personal_words(part: holdings.Part) -> bool:
    """Whether a table holds personal data that the filler puts the word into."""
    names = getattr(part.model, "personal_data", ())
    columns = [part.model._meta.get_field(name) for name in names]
    return any(column.get_internal_type() in {"CharField", "TextField"} for column in columns)


def test_every_model_with_personal_data_and_a_customer_is_walked() -> None:
    from django.apps import apps

    from crm.models import Customer

    wanted = {
        model._meta.label
        for model in apps.get_models()
        if getattr(model, "personal_data", ())
        and model is not Customer
        and any(key.related_model is Customer for key in model._meta.concrete_fields)
    }
    assert wanted - hanging() == set()


def test_file_expires(business: Business, owner_client: Client, media: Path) -> None:
    from tests.factories.crm import make_customer

    with tenant_scope(business.tenant.id):
        customer = make_customer()
    archive = built(business, customer)
    here = f"/b/{business.tenant.slug}/customers/{customer.pk}/archives/{archive.pk}/file/"
    ready = owner_client.get(here)
    assert (ready.status_code, len(b"".join(ready.streaming_content)) > 0) == (200, True)
    with tenant_scope(business.tenant.id):
        CustomerArchive.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert owner_client.get(here).status_code == 404
    with tenant_scope(business.tenant.id):
        assert privacy_archive.forget_old() == 1
        assert privacy_archive.forget_old() == 0
        assert CustomerArchive.objects.get().state == "expired"
    assert [one for one in media.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("who", ["teammate", "stranger"])
def test_others_get_nothing(who: str, business: Business, request: Any, media: Path) -> None:
    from tests.factories.crm import make_customer

    with tenant_scope(business.tenant.id):
        customer = make_customer()
    archive = built(business, customer)
    client = request.getfixturevalue(f"{who}_client")
    here = f"/b/{business.tenant.slug}/customers/{customer.pk}"
    expected = 403 if who == "teammate" else 404
    for path in (f"/archives/{archive.pk}/file/", "/archives/", "/erasure/"):
        assert client.get(here + path).status_code == expected


def test_third_attempt_is_the_last(business: Business) -> None:
    from tests.factories.crm import make_customer

    with tenant_scope(business.tenant.id):
        archive = CustomerArchive.objects.create(customer=make_customer(), attempts=3)
    assert privacy_archive.build(business.tenant.id, archive.pk) is False
    with tenant_scope(business.tenant.id):
        assert CustomerArchive.objects.get().state == "failed"
