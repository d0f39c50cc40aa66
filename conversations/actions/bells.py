"""Rings the workers. Tasks import actions, so actions name the tasks instead of importing them."""

from uuid import UUID

from celery import Task, current_app

from tenants.kit.tasks import ring, ring_later, ring_once, ring_once_now
from tenants.scoping import current_tenant_id


def task(name: str) -> Task:
    """One of our tasks, by its short name."""
    return current_app.tasks[f"conversations.tasks.{name}"]


def process_inbound(tenant_id: UUID) -> None:
    """Events wait to be read: one bell for however many."""
    ring_once(current_app.tasks["conversations.tasks.process_inbound"], tenant_id)


def deliver(delivery_id: UUID, priority: int = 0, wait: float = 0) -> None:
    """A message waits to go out: a person's answer in a queue of its own; `wait` is seconds."""
    task = current_app.tasks[f"conversations.tasks.{'deliver_automatic' if priority else 'deliver'}"]
    if wait:
        ring_later(task, current_tenant_id(), delivery_id, seconds=wait)
    else:
        ring(task, current_tenant_id(), delivery_id)


def think(conversation_id: UUID) -> None:
    """A message waits for the bot."""
    ring(current_app.tasks["conversations.tasks.think"], current_tenant_id(), conversation_id)


def suggest(tenant_id: UUID) -> None:
    """Colleagues could use proposals of what to answer: one bell for however many, rung at once."""
    ring_once_now(current_app.tasks["conversations.tasks.suggest"], tenant_id)


def harvest(episode_id: UUID) -> None:
    """An episode is over: what was answered in it may serve again."""
    ring(current_app.tasks["conversations.tasks.harvest"], current_tenant_id(), episode_id)


def fetch_media(attachment_id: UUID) -> None:
    """A file waits at the vendor."""
    ring(current_app.tasks["conversations.tasks.fetch_media"], current_tenant_id(), attachment_id)


def acknowledge(channel_id: UUID, receipt: str) -> None:
    """The vendor waits to hear that we have something."""
    ring(current_app.tasks["conversations.tasks.acknowledge"], current_tenant_id(), channel_id, receipt)


def learn_name(conversation_id: UUID) -> None:
    """The vendor is to be asked what a customer is called."""
    ring(current_app.tasks["conversations.tasks.learn_name"], current_tenant_id(), conversation_id)


def check_channel(channel_id: UUID) -> None:
    """A channel is to be tried at its vendor."""
    ring(current_app.tasks["conversations.tasks.check_channel"], current_tenant_id(), channel_id)


def look_at_domains() -> None:
    """Somebody waits for what the DNS says of a channel's domain."""
    ring_once(current_app.tasks["conversations.campaign_tasks.look_at_domains"], current_tenant_id())


def assign_waiting() -> None:
    """Somebody may have room for what waits."""
    ring_once(current_app.tasks["conversations.tasks.assign_waiting"], current_tenant_id())


def recompute_promises() -> None:
    """Opening hours or policies are others now: what runs is due at other moments."""
    ring_once(current_app.tasks["conversations.tasks.recompute_promises"], current_tenant_id())


def advance_bulk(run_id: UUID) -> None:
    """An act on many conversations waits to be done, or to be taken back."""
    ring(current_app.tasks["conversations.tasks.advance_bulk"], current_tenant_id(), run_id)


def release(membership_id: UUID) -> None:
    """Somebody no longer answers what is his."""
    ring(current_app.tasks["conversations.tasks.release"], current_tenant_id(), membership_id)


def sync_templates(channel_id: UUID) -> None:
    """Templates wait to be submitted or deleted, or are to be fetched anew."""
    ring(current_app.tasks["conversations.tasks.sync_templates"], current_tenant_id(), channel_id)


def tell_customer(what: str, conversation_id: UUID) -> None:
    """Somebody read (`saw`) what the customer wrote, or is answering it (`typing`)."""
    ring(current_app.tasks["conversations.tasks.tell_customer"], current_tenant_id(), what, conversation_id)


def notification_mail(mail_id: UUID) -> None:
    """Somebody waits to be told by mail."""
    ring(
        current_app.tasks["conversations.automation_tasks.send_notification_mail"],
        current_tenant_id(),
        mail_id,
    )


def run_rules() -> None:
    """Something happened that sets rules off: one bell for however many."""
    ring_once(current_app.tasks["conversations.automation_tasks.run_rules"], current_tenant_id())


def read_answers() -> None:
    """Somebody may have answered whether he comes: one bell for however many."""
    ring_once(current_app.tasks["conversations.confirmation_tasks.read_answers"], current_tenant_id())


def read_calendars() -> None:
    """The calendar of somebody who takes appointments is to be read."""
    ring_once(current_app.tasks["conversations.confirmation_tasks.read_calendars"], current_tenant_id())


def advance_journeys() -> None:
    """Somebody answered what a journey asked him: one bell for however many."""
    ring_once(current_app.tasks["conversations.journey_tasks.advance_journeys"], current_tenant_id())


def send_confirmations() -> None:
    """Something is to be said at once."""
    ring_once(current_app.tasks["conversations.confirmation_tasks.send_confirmations"], current_tenant_id())


def plan_ahead() -> None:
    """A step of a sequence was switched on: what is ahead already is told of, too."""
    ring_once(current_app.tasks["conversations.confirmation_tasks.plan_ahead"], current_tenant_id())


def gather_unanswered(run_id: UUID) -> None:
    """What the bot could not answer waits to be gathered."""
    ring(current_app.tasks["conversations.teaching_tasks.gather"], current_tenant_id(), run_id)


def rehearse(run_id: UUID) -> None:
    """A rehearsal waits to be played."""
    ring(current_app.tasks["conversations.teaching_tasks.rehearse"], current_tenant_id(), run_id)


def read_for_drafts(reading_id: UUID) -> None:
    """A page or a document waits to be read."""
    ring(current_app.tasks["conversations.teaching_tasks.read_for_drafts"], current_tenant_id(), reading_id)


def try_rules(trial_id: UUID) -> None:
    """Other rules wait to be tried."""
    ring(current_app.tasks["conversations.teaching_tasks.try_rules"], current_tenant_id(), trial_id)


def advance_campaigns() -> None:
    """A campaign of the business has something to do: one bell for however many."""
    ring_once(current_app.tasks["conversations.campaign_tasks.advance_campaigns"], current_tenant_id())
