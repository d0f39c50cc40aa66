"""What the database itself refuses: rows of another business, and keys that point at them.

Both are Django constraints, so `makemigrations` writes them and a forgotten one cannot happen:
`TenantOwned` adds them to every model (see scoping.py).
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BaseConstraint, Model

READS = "_reads"


class _DatabaseOnly(BaseConstraint):
    """A constraint that PostgreSQL checks and forms need not."""

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:  # type: ignore[override]
        """Put it behind everything else in the migration: what it refers to must stand by then."""
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))

    create_sql = constraint_sql  # type: ignore[assignment]

    def statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        """The SQL that makes it."""
        raise NotImplementedError

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to ask beforehand."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = object.__hash__


class TenantIsolation(_DatabaseOnly):
    """Forced row-level security by the tenant that the transaction has set.

    The comparison stays bare: wrapped in a sub-select, OR or CASE it costs the planner its index.
    `column` is the tenant's own `id` on the table of tenants, `tenant_id` everywhere else.
    """

    def __init__(self, *, name: str, column: str = "tenant_id") -> None:
        super().__init__(name=name)
        self.column = column

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column}

    def statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return Statement(
            "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY;"
            " ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY;"
            " CREATE POLICY %(name)s ON %(table)s"
            " USING (%(column)s = current_setting('app.tenant_id')::uuid)",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
            column=schema_editor.quote_name(self.column),
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:  # type: ignore[override]
        return Statement(
            "DROP POLICY %(name)s ON %(table)s",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
        )


class DirectoryIsolation(TenantIsolation):
    """Rows that doors read before any business is known, and only their own business writes (ADR 5).

    The second policy adds reading alone: PostgreSQL joins both by OR, and `… OR true` folds away.
    """

    def statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return Statement(
            "%(writes)s; CREATE POLICY %(name)s ON %(table)s FOR SELECT USING (true)",
            writes=super().statement(model, schema_editor),
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name + READS),
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:  # type: ignore[override]
        return Statement(
            "%(writes)s; DROP POLICY %(name)s ON %(table)s;"
            " ALTER TABLE %(table)s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
            writes=super().remove_sql(model, schema_editor),
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name + READS),
        )


class TenantKey(_DatabaseOnly):
    """A foreign key over (tenant_id, field): the database refuses another business's row.

    For the field `tenant` itself it is the plain key to the table of tenants.
    """

    def __init__(self, *, name: str, field: str, on_delete: str = "no_action") -> None:
        super().__init__(name=name)
        self.field = field
        self.on_delete = on_delete

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "on_delete": self.on_delete}

    def statement(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        field: Any = model._meta.get_field(self.field)
        quote = schema_editor.quote_name
        column = quote(field.column)
        action = {"cascade": "CASCADE", "set_null": f"SET NULL ({column})", "no_action": "NO ACTION"}[
            self.on_delete
        ]
        ours, theirs = (
            ("tenant_id", "id") if self.field == "tenant" else (f"tenant_id, {column}", "tenant_id, id")
        )
        # PostgreSQL checks the rows that exist by a query of the owner's: it must see all of them.
        # (The force switch has no effect on a table without row-level security.)
        tables = sorted({quote(model._meta.db_table), quote(field.related_model._meta.db_table)})
        return Statement(
            "%(open)s ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(ours)s)"
            " REFERENCES %(target)s (%(theirs)s) ON DELETE %(action)s DEFERRABLE INITIALLY IMMEDIATE;"
            " %(close)s",
            open=" ".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in tables),
            table=quote(model._meta.db_table),
            name=quote(self.name),
            ours=ours,
            theirs=theirs,
            target=quote(field.related_model._meta.db_table),
            action=action,
            close=" ".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in tables),
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:  # type: ignore[override]
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
        )
