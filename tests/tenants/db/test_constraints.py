"""The two constraints that every model gets: what they write, how they compare, how they go."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.db.migrations.writer import MigrationWriter

from crm.models import Customer, Identity
from tenants.db.base import DatabaseFeatures
from tenants.db.constraints import TenantIsolation, TenantKey
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.models import ApiKey
from tenants.scoping import TenantOwned
from tests.guards.test_tenant_models import throwaway_registry


def written(constraint: Any, model: Any, how: str = "statement") -> str:
    with connections["default"].schema_editor(collect_sql=True) as editor:
        return str(getattr(constraint, how)(model, editor))


def test_isolation_is_forced_and_bare(db: None) -> None:
    assert written(TenantIsolation(name="alone"), Customer) == (
        'ALTER TABLE "crm_customer" ENABLE ROW LEVEL SECURITY;'
        ' ALTER TABLE "crm_customer" FORCE ROW LEVEL SECURITY;'
        ' CREATE POLICY "alone" ON "crm_customer"'
        " USING (\"tenant_id\" = current_setting('app.tenant_id')::uuid)"
    )


def test_key_is_composite_and_cascades(db: None) -> None:
    sql = written(TenantKey(name="whose", field="customer", on_delete="cascade"), Identity)
    assert (
        'ADD CONSTRAINT "whose" FOREIGN KEY (tenant_id, "customer_id")'
        ' REFERENCES "crm_customer" (tenant_id, id)'
        " ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE"
    ) in sql


def test_key_set_null_touches_its_own_column_only(db: None) -> None:
    assert 'ON DELETE SET NULL ("created_by_id")' in written(
        TenantKey(name="by", field="created_by", on_delete=SET_NULL), ApiKey
    )


def test_key_to_the_business_is_plain(db: None) -> None:
    assert "FOREIGN KEY (tenant_id) REFERENCES" in written(TenantKey(name="of", field="tenant"), Customer)


def test_key_leaves_both_tables_forced(db: None) -> None:
    """While it is made, PostgreSQL must see the rows of all businesses to check them."""
    sql = written(TenantKey(name="whose", field="customer"), Identity)
    assert sql.count(" NO FORCE ROW LEVEL SECURITY") == 2
    assert sql.rstrip(" ;").endswith('ALTER TABLE "crm_identity" FORCE ROW LEVEL SECURITY')


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        (TenantIsolation(name="alone"), 'DROP POLICY "alone" ON "crm_customer"'),
        (TenantKey(name="of", field="tenant"), 'ALTER TABLE "crm_customer" DROP CONSTRAINT "of"'),
    ],
)
def test_constraint_can_be_removed(db: None, constraint: Any, sql: str) -> None:
    assert written(constraint, Customer, "remove_sql") == sql


@pytest.mark.parametrize(
    "constraint",
    [
        TenantIsolation(name="a"),
        TenantIsolation(name="a", column="id"),
        TenantKey(name="k", field="f", on_delete="cascade"),
    ],
)
def test_constraint_survives_a_migration_file(constraint: Any) -> None:
    text, imports = MigrationWriter.serialize(constraint)
    names: dict[str, Any] = {}
    exec("\n".join(imports), names)
    assert eval(text, names) == constraint


def test_constraints_differ_by_what_they_do() -> None:
    assert TenantKey(name="k", field="a") != TenantKey(name="k", field="b")
    assert TenantIsolation(name="a") != TenantIsolation(name="a", column="id")
    assert TenantIsolation(name="a") != TenantKey(name="a", field="b")


@throwaway_registry()
def test_model_gets_its_constraints_by_itself() -> None:
    class Warranty(TenantOwned):
        customer = TenantForeignKey("crm.Customer", related_name="+")
        seller = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, related_name="+")

        class Meta:
            app_label = "crm"
            ordering = ["id"]

    found = {constraint.name: constraint for constraint in Warranty._meta.constraints}
    prefix = "tests_warranty"
    assert set(found) == {
        f"{prefix}_{end}" for end in ("tenant_id", "tenant_key", "customer_key", "seller_key", "isolation")
    }
    assert found[f"{prefix}_customer_key"].on_delete == "cascade"
    assert found[f"{prefix}_seller_key"].on_delete == "set_null"
    assert Warranty._meta.get_field("seller").null is True
    assert (Warranty._meta.ordering, Warranty._meta.base_manager_name) == (["id"], "objects")


def test_every_key_of_a_model_has_its_constraint() -> None:
    """Also keys that a model inherits: what the metaclass does not see, this does."""
    missing = []
    for model in apps.get_models():
        if issubclass(model, TenantOwned):
            keyed = {
                constraint.field
                for constraint in model._meta.constraints
                if isinstance(constraint, TenantKey)
            }
            missing += [
                f"{model._meta.label}.{field.name}"
                for field in model._meta.concrete_fields
                if (isinstance(field, TenantForeignKey) or field.name == "tenant") and field.name not in keyed
            ]
    assert missing == []


def test_grouping_names_every_column() -> None:
    """Ready for the day when the primary key is (tenant_id, id)."""
    assert DatabaseFeatures(connections["default"]).allows_group_by_selected_pks_on_model(Customer) is False
    assert isinstance(connections["default"].features, DatabaseFeatures)
