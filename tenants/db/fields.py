"""Keys between rows of one business."""

from typing import Any
from uuid import UUID

from django.db import models

CASCADE = "cascade"
SET_NULL = "set_null"
MANY = 20  # identifiers that are handed over as one text: a list takes psycopg long


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A key whose constraint is composite, (tenant_id, field), made by `TenantKey`.

    Deleting happens in the database: `db_on_delete` is "cascade" or "set_null". Django's own
    constraint and single-column index are left out; each model declares tenant-led indexes.
    """

    def __init__(self, to: Any, db_on_delete: str = CASCADE, **kwargs: Any) -> None:
        self.db_on_delete = db_on_delete
        kwargs |= {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False}
        if db_on_delete == SET_NULL:
            kwargs |= {"null": True}
            kwargs.setdefault("blank", True)
        super().__init__(to, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "db_on_delete": self.db_on_delete}


@TenantForeignKey.register_lookup
@models.UUIDField.register_lookup
@models.CharField.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`field__any=[…]`: as `__in`, but one parameter however many there are."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if len(values) >= MANY and all(isinstance(one, UUID) for one in values):
            return f"{left} = ANY(%s::uuid[])", [*parameters, f"{{{','.join(map(str, values))}}}"]
        return f"{left} = ANY(%s)", [*parameters, values]
