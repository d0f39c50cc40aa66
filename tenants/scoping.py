"""The current business: set for a transaction, added to every query, checked by PostgreSQL.

Nothing here trusts anything else here: the manager filters by the tenant, row-level security
refuses what the manager missed, and composite keys refuse rows that point across.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar
from uuid import UUID

import structlog
import uuid_utils.compat
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, models, transaction
from django.db.models.base import ModelBase

from tenants.db.constraints import TenantIsolation, TenantKey
from tenants.db.fields import TenantForeignKey

_current: ContextVar[UUID | None] = ContextVar("tenant_id", default=None)
_entered: ContextVar[set[UUID] | None] = ContextVar("entered", default=None)
SET_TENANT = "SELECT current_setting('app.tenant_id', true), set_config('app.tenant_id', %s, true)"


class NoTenant(RuntimeError):
    """A business's rows were asked for outside any scope."""


class OtherTenant(RuntimeError):
    """A scope was opened for one business inside the scope of another."""


def uuid7() -> UUID:
    """A new time-ordered identifier (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()


def current_tenant_id() -> UUID:
    """The business of the open scope. Raises `NoTenant` when there is none."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise NoTenant("open tenant_scope(tenant_id) before touching a business's rows")
    return tenant_id


def has_tenant() -> bool:
    """Whether a scope is open."""
    return _current.get() is not None


@contextmanager
def entered_scopes() -> Iterator[set[UUID]]:
    """Collects the businesses whose scopes open meanwhile, for the log line written after they closed."""
    entered: set[UUID] = set()
    token = _entered.set(entered)
    try:
        yield entered
    finally:
        _entered.reset(token)


def _set_local(tenant_id: UUID | str, using: str) -> str:
    """Set the tenant for this transaction and return what it was."""
    with connections[using].cursor() as cursor:
        cursor.execute(SET_TENANT, [str(tenant_id)])
        return cursor.fetchone()[0] or ""


@contextmanager
def tenant_scope(tenant_id: UUID | str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[UUID]:
    """Work inside one business, in a transaction of its own (a savepoint inside another).

    The setting ends with the transaction; inside another, the previous value is restored on exit,
    since a released savepoint keeps it. Raises `OtherTenant` inside another business's scope.
    """
    tenant_id = UUID(str(tenant_id))
    outer = _current.get()
    if outer is not None and outer != tenant_id:
        raise OtherTenant(f"inside the scope of {outer}, {tenant_id} cannot be opened")
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using):
        previous = _set_local(tenant_id, using)
        token = _current.set(tenant_id)
        if (entered := _entered.get()) is not None:
            entered.add(tenant_id)
        try:
            with structlog.contextvars.bound_contextvars(tenant=str(tenant_id)):
                yield tenant_id
        finally:
            _current.reset(token)
        if nested and previous != str(tenant_id) and not connections[using].needs_rollback:
            _set_local(previous, using)


def run_alone(
    tenant_id: UUID, statement: str, parameters: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS
) -> list[Any]:
    """One repeatable statement inside one business, committed when this returns; its rows.

    Setting and statement travel together: PostgreSQL runs what comes in one message as one
    transaction, so the setting ends with it. A scope around one statement takes four messages.
    A connection that was kept is not asked first whether it still stands: if it does not, the
    statement goes out again on a new one, so run twice it must do what it does once.
    Inside a transaction it is a scope like any other. Raises `OtherTenant` inside another's scope.
    """
    connection: Any = connections[using]
    if connection.in_atomic_block:
        with tenant_scope(tenant_id, using=using), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()
    if (entered := _entered.get()) is not None:
        entered.add(tenant_id)
    was_kept = connection.connection is not None and not connection.health_check_done
    connection.health_check_done = True
    try:
        return _both(connection, tenant_id, statement, parameters)
    except (OperationalError, InterfaceError):
        if not was_kept or connection.is_usable():
            raise
        connection.close()
        return _both(connection, tenant_id, statement, parameters)


def _both(connection: Any, tenant_id: UUID, statement: str, parameters: Sequence[Any]) -> list[Any]:
    """Setting and statement in one message."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join([SET_TENANT, statement]), [str(tenant_id), *parameters])
        cursor.nextset()
        return cursor.fetchall()


@contextmanager
def standing_in(tenant_id: UUID) -> Iterator[None]:
    """Write SQL, without asking it, in which another identifier stands for the business."""
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)


class TenantQuerySet(models.QuerySet[Any]):
    """Querysets of rows that belong to a business."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Rows of the current business. Raises `OtherTenant` for a row that names another."""
        objs, tenant_id = list(objs), current_tenant_id()
        for obj in objs:
            if obj.tenant_id not in (None, tenant_id):
                raise OtherTenant(f"inside the scope of {tenant_id}, a row of {obj.tenant_id} cannot be made")
            obj.tenant_id = tenant_id
        return super().bulk_create(objs, *args, **kwargs)


class TenantManager(models.Manager[Any]):
    """Adds the current business to every query; without a scope it raises `NoTenant`."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(tenant_id=current_tenant_id())

    @classmethod
    def of(cls, queryset_class: type[TenantQuerySet]) -> Any:
        """A scoped manager that also has the named queries of a queryset class."""
        return cls.from_queryset(queryset_class)()


class TenantModelBase(ModelBase):
    """Adds to every concrete model what the database must hold: isolation, its key, composite keys."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.get("Meta")
        if meta is None or not getattr(meta, "abstract", False):
            attrs["Meta"] = cls._with_constraints(name.lower(), meta, attrs)
        return super().__new__(cls, name, bases, attrs, **kwargs)

    @staticmethod
    def _with_constraints(model: str, meta: type | None, attrs: dict[str, Any]) -> type:
        app = attrs["__module__"].split(".")[0]
        prefix = f"{app}_{model}"
        keys = [TenantKey(name=f"{prefix}_tenant_key"[:60], field="tenant")]
        keys += [
            TenantKey(name=f"{prefix}_{field}_key"[:60], field=field, on_delete=value.db_on_delete)
            for field, value in attrs.items()
            if isinstance(value, TenantForeignKey)
        ]
        constraints = [
            *getattr(meta, "constraints", []),
            models.UniqueConstraint(fields=["tenant", "id"], name=f"{prefix}_tenant_id"[:60]),
            *keys,
            TenantIsolation(name=f"{prefix}_isolation"[:60]),
        ]
        options = {k: v for k, v in vars(meta).items() if not k.startswith("__")} if meta else {}
        return type("Meta", (), {"base_manager_name": "objects", **options, "constraints": constraints})


class TenantOwned(models.Model, metaclass=TenantModelBase):
    """A row of one business."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        editable=False,
    )

    objects: ClassVar[Any] = TenantManager.of(TenantQuerySet)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.tenant_id is None:
            self.tenant_id = current_tenant_id()
        super().save(*args, **kwargs)
