"""What conversations do when something below happens."""

from typing import Any

from django.dispatch import receiver

from conversations.actions.channels import create_default_channels
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.signals import business_created


@receiver(business_created, dispatch_uid="conversations.default_channels")
def open_default_channels(sender: Any, *, tenant: Tenant, by: Actor, **kwargs: Any) -> None:
    create_default_channels(tenant=tenant, by=by)
