"""Every model belongs to a business by construction, or is excused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tenants.scoping import NoTenant, TenantOwned, current_tenant_id, tenant_scope, uuid7
from tests.guards.rules import Violation, unexcused

APPS = ("tenants", "crm", "conversations", "feedback")
EXCUSED = {
    "tenants.DirectoryEntry": "the directory itself: read by tenants/doors.py before any business is known",
    "tenants.JobRun": "turns of periodic jobs of the whole installation",
    "tenants.Membership": "directory: lists a person's businesses; its default manager is scoped",
    "tenants.Pulse": "the heartbeat of the whole installation",
    "tenants.Tenant": "the business itself: isolated by its own id",
    "tenants.User": "a person may belong to several businesses",
}
UNSCOPED_MANAGERS = {
    f"tenants.{model}.{manager}": EXCUSED[f"tenants.{model}"]
    for model in ("DirectoryEntry", "JobRun", "Pulse", "User")
    for manager in ("objects", "_base_manager")
} | {
    "tenants.Membership.directory": "used by tenants/doors.py alone (test_doors.py)",
}


def all_models() -> list[type[models.Model]]:
    """Every model of the product, tables made for many-to-many fields included."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def not_tenant_owned(candidates: Iterable[type[models.Model]]) -> list[Violation]:
    """Models that do not derive from `TenantOwned`."""
    return [
        Violation(model._meta.label, "does not derive from TenantOwned")
        for model in candidates
        if not issubclass(model, TenantOwned)
    ]


def unscoped_managers(candidates: Iterable[type[models.Model]]) -> list[Violation]:
    """Managers that give a queryset without a scope, or without naming the business in it."""
    return [
        Violation(f"{model._meta.label}.{manager.name}", wrong)
        for model in candidates
        for manager in [*model._meta.managers, model._base_manager]
        if (wrong := _unscoped(model, manager))
    ]


def _unscoped(model: type[models.Model], manager: Any) -> str:
    try:
        manager.get_queryset()
    except NoTenant:
        pass
    else:
        return "answers without a scope"
    tenant_id = uuid4()
    with tenant_scope(tenant_id):
        sql, parameters = manager.get_queryset().query.sql_with_params()
    return "" if "WHERE" in sql and tenant_id in parameters else "does not filter by the business"


def undeclared(candidates: Iterable[type[models.Model]]) -> list[Violation]:
    """Models that do not say which of their fields hold personal data, or name fields that are none."""
    found = []
    for model in candidates:
        declared = vars(model).get("personal_data")
        if declared is None:
            found.append(Violation(model._meta.label, "does not declare personal_data"))
            continue
        names = {field.name for field in model._meta.get_fields()}
        found += [
            Violation(model._meta.label, f"personal_data names {name!r}")
            for name in declared
            if name not in names
        ]
    return found


def wrong_keys(candidates: Iterable[type[models.Model]]) -> list[Violation]:
    """Primary keys that are not UUIDv7, and plain foreign keys between rows of businesses."""
    found = []
    for model in candidates:
        key = model._meta.pk
        if not isinstance(key, models.UUIDField) or key.default is not uuid7 or key.name != "id":
            found.append(Violation(model._meta.label, "its primary key is not a UUIDv7 named id"))
        found += [
            Violation(f"{model._meta.label}.{field.name}", "is a plain key, use TenantForeignKey")
            for field in model._meta.concrete_fields
            if type(field) in (models.ForeignKey, models.OneToOneField) and _of_business(field.related_model)
        ]
    return found


def _of_business(model: Any) -> bool:
    return any(field.name == "tenant" for field in model._meta.fields)


@contextmanager
def throwaway_registry() -> Iterator[None]:
    """Models made in here know the real ones and are forgotten with the test."""
    with isolate_apps(*APPS) as registry:
        for app in APPS:
            registry.all_models[app].update(apps.all_models[app])
        yield


def test_every_model_is_tenant_owned_or_excused() -> None:
    assert unexcused(not_tenant_owned(all_models()), EXCUSED) == []


def test_every_manager_is_scoped_or_excused(db: None) -> None:
    assert unexcused(unscoped_managers(all_models()), UNSCOPED_MANAGERS) == []


def test_every_model_declares_its_personal_data() -> None:
    assert unexcused(undeclared(all_models()), {}) == []


def test_every_key_is_uuid7_and_composite() -> None:
    excused = {
        "tenants.DirectoryEntry": "no address names it, and a running number is smaller",
        "tenants.JobRun": "no address names it, and a running number is smaller",
        "tenants.Pulse": "one row",
    }
    assert unexcused(wrong_keys(all_models()), excused) == []


def test_uuid7_is_version_7_and_ordered() -> None:
    made = [uuid7() for _ in range(1_000)]
    assert {key.version for key in made} == {7}
    assert made == sorted(made)


@throwaway_registry()
def test_plain_model_is_told(db: None) -> None:
    class Plain(models.Model):
        class Meta:
            app_label = "crm"

    told = [
        *not_tenant_owned([Plain]),
        *unscoped_managers([Plain]),
        *undeclared([Plain]),
        *wrong_keys([Plain]),
    ]
    assert [str(violation) for violation in told] == [
        "crm.Plain: does not derive from TenantOwned",
        "crm.Plain.objects: answers without a scope",
        "crm.Plain._base_manager: answers without a scope",
        "crm.Plain: does not declare personal_data",
        "crm.Plain: its primary key is not a UUIDv7 named id",
    ]


@throwaway_registry()
def test_model_with_a_second_plain_manager_is_told(db: None) -> None:
    class Leaky(TenantOwned):
        everything = models.Manager()
        personal_data = ("nothing",)

        class Meta:
            app_label = "crm"

    told = [*not_tenant_owned([Leaky]), *unscoped_managers([Leaky]), *undeclared([Leaky])]
    assert [str(violation) for violation in told] == [
        "crm.Leaky.everything: answers without a scope",
        "crm.Leaky: personal_data names 'nothing'",
    ]


@throwaway_registry()
def test_plain_key_between_rows_of_a_business_is_told() -> None:
    class Pointing(TenantOwned):
        customer = models.ForeignKey("crm.Customer", on_delete=models.CASCADE, related_name="+")
        personal_data: tuple[str, ...] = ()

        class Meta:
            app_label = "crm"

    assert [str(violation) for violation in wrong_keys([Pointing])] == [
        "crm.Pointing.customer: is a plain key, use TenantForeignKey"
    ]


@throwaway_registry()
def test_manager_that_forgets_the_filter_is_told(db: None) -> None:
    class Careless(models.Manager[Any]):
        def get_queryset(self) -> models.QuerySet[Any]:
            current_tenant_id()
            return super().get_queryset()

    class Open(TenantOwned):
        objects = Careless()
        personal_data: tuple[str, ...] = ()

        class Meta:
            app_label = "crm"

    assert {str(violation) for violation in unscoped_managers([Open])} == {
        "crm.Open.objects: does not filter by the business"
    }


def test_scoped_manager_raises_without_scope() -> None:
    with pytest.raises(NoTenant):
        apps.get_model("crm", "Customer").objects.all()
