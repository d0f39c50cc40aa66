"""What conversations do when something below happens."""

from typing import Any

from django.dispatch import receiver

from conversations.actions import bells
from conversations.actions.channels import create_default_channels
from tenants.actors import Actor
from tenants.models import Membership, Tenant
from tenants.signals import answering_ended, business_created


@receiver(business_created, dispatch_uid="conversations.default_channels")
def open_default_channels(sender: Any, *, tenant: Tenant, by: Actor, **kwargs: Any) -> None:
    create_default_channels(tenant=tenant, by=by)


@receiver(answering_ended, dispatch_uid="conversations.release")
def give_back_his_conversations(sender: Any, *, membership: Membership, **kwargs: Any) -> None:
    bells.release(membership.pk)
