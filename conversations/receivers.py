"""What conversations do when something below happens."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Model
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells, comments, consents, names, suggestions
from conversations.actions.campaigns import marks
from conversations.actions.channels import create_default_channels
from conversations.confirmations import answering, catalogue, planning
from conversations.journeys import asking, entering
from conversations.models import Conversation, ConversationLabel, ConversationMerge, Episode, Message
from conversations.said_lately import said_lately
from conversations.signals import conversation_closed, message_received
from crm.actions.merging import CannotPart
from crm.models import Activity, CustomerMerge, Label
from crm.signals import (
    activities_told,
    appointments_imported,
    customers_parted,
    label_deleting,
    label_restored,
    record_told,
)
from tenants.actors import Actor
from tenants.models import Membership, Tenant
from tenants.signals import answering_ended, availability_changed, business_created, hours_changed


@receiver(business_created, dispatch_uid="conversations.default_channels")
def open_default_channels(sender: Any, *, tenant: Tenant, by: Actor, **kwargs: Any) -> None:
    create_default_channels(tenant=tenant, by=by)


@receiver(message_received, dispatch_uid="conversations.weigh_comment")
def weigh_what_is_said_in_public(sender: Any, *, message: Message, **kwargs: Any) -> None:
    comments.weigh(message)


@receiver(record_told, dispatch_uid="conversations.confirm")
def tell_what_happens(
    sender: Any, *, row: Model, before: Mapping[str, Any] | None, by: Actor, **kwargs: Any
) -> None:
    _happens(row, before)


@receiver(activities_told, dispatch_uid="conversations.confirm_quotes")
def tell_of_quotes(sender: Any, *, rows: Sequence[Activity], **kwargs: Any) -> None:
    for row in rows:
        if catalogue.is_quote(row):
            _happens(row, None)


def _happens(row: Model, before: Mapping[str, Any] | None) -> None:
    now = timezone.now()
    told = list(catalogue.happenings(row, before, now))
    planning.plan(row, told)
    planning.plan_nothing(row, list(catalogue.over_already(row, before, now)))
    entering.heard(row, before, told)


@receiver(appointments_imported, dispatch_uid="conversations.confirm_imported")
def remind_of_what_was_imported(sender: Any, *, rows: Sequence[Model], **kwargs: Any) -> None:
    """Who is in a file is reminded of what is ahead; that it was booked he knows."""
    planning.withdraw(*rows)
    planning.plan_found(rows)


@receiver(message_received, dispatch_uid="conversations.learn_name")
def learn_a_name(sender: Any, *, message: Message, **kwargs: Any) -> None:
    names.hear(message)
    names.ask_later(message)


@receiver(message_received, dispatch_uid="conversations.suggest")
def propose_replies(sender: Any, *, message: Message, **kwargs: Any) -> None:
    suggestions.ask_later(message)


@receiver(conversation_closed, dispatch_uid="conversations.harvest")
def learn_from_replies(sender: Any, *, episode: Episode, **kwargs: Any) -> None:
    bells.harvest(episode.pk)


@receiver(message_received, dispatch_uid="conversations.hear_unsubscribing")
def stop_what_comes_unasked(sender: Any, *, message: Message, **kwargs: Any) -> None:
    consents.hear(message)


@receiver(message_received, dispatch_uid="conversations.hear_answer")
def hear_an_answer(sender: Any, *, message: Message, **kwargs: Any) -> bool:
    """Who answers what was said to him by itself is left alone by such things for a while.

    What may answer a question about an appointment is read by a worker first, and what is an answer to a
    journey by nobody: then it is True.
    """
    lately = said_lately(message.conversation.customer_id, message.created_at)
    if asking.hear(message, lately.asked):
        return True
    if answering.hear(message, lately.confirmation):
        bells.read_answers()
        return True
    asking.hear_other(message, lately.asked)
    marks.hear(message, lately)
    return False


@receiver(customers_parted, dispatch_uid="conversations.customers_parted")
def refuse_threads_across(sender: Any, *, made: CustomerMerge, **kwargs: Any) -> None:
    """What one of them writes must not arrive in the thread of the other."""
    since = ConversationMerge.objects.filter(pk__gt=made.pk, undone_at=None)
    theirs = since.filter(source__customer__in=[made.source_id, made.target_id])
    if theirs.exclude(target__customer_id=F("source__customer_id")).exists():
        raise CannotPart(_("Their conversations were put together. Take that back first."))


@receiver(label_deleting, dispatch_uid="conversations.keep_label")
def remember_what_had_it(sender: Any, *, label: Label, **kwargs: Any) -> tuple[str, list[UUID]]:
    return "conversations", list(label.conversation_links.values_list("conversation_id", flat=True))


@receiver(label_restored, dispatch_uid="conversations.restore_label")
def put_it_back(sender: Any, *, label: Label, kept: dict[str, list[str]], **kwargs: Any) -> None:
    still = Conversation.objects.filter(pk__in=kept.get("conversations", [])).values_list("pk", flat=True)
    links = [ConversationLabel(conversation_id=conversation, label=label) for conversation in still]
    ConversationLabel.objects.bulk_create(links, ignore_conflicts=True)


@receiver(answering_ended, dispatch_uid="conversations.release")
def give_back_his_conversations(sender: Any, *, membership: Membership, **kwargs: Any) -> None:
    bells.release(membership.pk)


@receiver(availability_changed, dispatch_uid="conversations.room")
def give_what_waits(sender: Any, **kwargs: Any) -> None:
    bells.assign_waiting()


@receiver(hours_changed, dispatch_uid="conversations.hours")
def promise_by_new_hours(sender: Any, **kwargs: Any) -> None:
    bells.recompute_promises()
