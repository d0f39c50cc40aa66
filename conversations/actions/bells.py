"""Rings the workers. Tasks import actions, so actions name the tasks instead of importing them."""

from uuid import UUID

from celery import current_app

from tenants.kit.tasks import ring
from tenants.scoping import current_tenant_id


def _bell(name: str, *args: UUID) -> None:
    ring(current_app.tasks[f"conversations.tasks.{name}"], current_tenant_id(), *args)


def process_inbound(event_id: UUID) -> None:
    """An event waits to be read."""
    _bell("process_inbound", event_id)


def deliver(delivery_id: UUID) -> None:
    """A message waits to go out."""
    _bell("deliver", delivery_id)


def release(membership_id: UUID) -> None:
    """Somebody no longer answers what is his."""
    _bell("release", membership_id)
