"""Rings the workers. Tasks import actions, so actions name the tasks instead of importing them."""

from uuid import UUID

from celery import current_app

from tenants.kit.tasks import ring, ring_once
from tenants.scoping import current_tenant_id


def process_inbound(tenant_id: UUID) -> None:
    """Events wait to be read: one bell for however many."""
    ring_once(current_app.tasks["conversations.tasks.process_inbound"], tenant_id)


def deliver(delivery_id: UUID) -> None:
    """A message waits to go out."""
    ring(current_app.tasks["conversations.tasks.deliver"], current_tenant_id(), delivery_id)


def fetch_media(attachment_id: UUID) -> None:
    """A file waits at the vendor."""
    ring(current_app.tasks["conversations.tasks.fetch_media"], current_tenant_id(), attachment_id)


def check_channel(channel_id: UUID) -> None:
    """A channel is to be tried at its vendor."""
    ring(current_app.tasks["conversations.tasks.check_channel"], current_tenant_id(), channel_id)


def release(membership_id: UUID) -> None:
    """Somebody no longer answers what is his."""
    ring(current_app.tasks["conversations.tasks.release"], current_tenant_id(), membership_id)
