"""Rules: written, ordered, run by workers after the commit of what set them off, and tried on the past.

An event is worked off in one transaction with everything its rules do, so a worker that dies leaves
nothing half done, and a rule runs at most once per event.
"""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import rule_events
from conversations.actions.failures import in_short, whereabouts
from conversations.automation import conditions, definitions
from conversations.automation.facts import Moment, facts_of
from conversations.automation.names import Names, names
from conversations.automation.performing import perform
from conversations.models import Conversation, Message, Rule, RuleEvent, RuleRun
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Tenant
from tenants.refusals import Refused
from tenants.scoping import current_tenant_id, tenant_scope

log = structlog.get_logger("puente.rules")
MOST = 100  # rules of a business
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=60)
RETRY_BASE = timedelta(seconds=10)
TURN = 5.0  # seconds of one business's events before another business has its turn
Outcome = RuleRun.Outcome
CLAIM = """
UPDATE conversations_ruleevent SET attempts = attempts + 1, due_at = %(lease)s
WHERE tenant_id = %(tenant)s AND id = (
    SELECT id FROM conversations_ruleevent
    WHERE tenant_id = %(tenant)s AND due_at IS NOT NULL AND due_at <= greatest(%(now)s, now())
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, attempts
"""


class InvalidName(Refused):
    """A rule without a name, or one too many."""


# --- writing them ---


@transaction.atomic
def save_rule(
    *,
    rule: Rule | None = None,
    by: Actor,
    name: str | None = None,
    definition: Any = None,
    is_active: bool | None = None,
) -> Rule:
    """Keep a new or changed rule; what is not given stays.

    Raises `InvalidName`, `InvalidRule`, `InvalidConditions`, `InvalidSteps`.
    """
    is_new = rule is None
    rule = rule or _next_rule()
    if name is not None or is_new:
        rule.name = one_line(name or "", 80)
        if not rule.name:
            raise InvalidName(_("Enter a name."), "name")
    if definition is not None or is_new:
        rule.definition = definitions.checked(definition, names())
        rule.trigger = rule.definition["when"]["is"]
        rule.minutes = rule.definition["when"].get("minutes")
    if is_active is not None:
        if is_active and not rule.is_active:
            rule.activated_at = timezone.now()
        rule.is_active = is_active
    if not is_new:
        rule.version += 1
    rule.save()
    audit.record("rule.created" if is_new else "rule.updated", target=rule, by=by, name=rule.name)
    return rule


def _next_rule() -> Rule:
    if Rule.objects.count() >= MOST:
        raise InvalidName(_("At most %(most)s rules. Delete one that is off.") % {"most": MOST})
    last = Rule.objects.aggregate(last=Max("position"))["last"]
    return Rule(position=0 if last is None else last + 1)


@transaction.atomic
def move_rule(*, rule: Rule, to: int, by: Actor) -> None:
    """Put a rule at a place in the order, counted from 0."""
    order = [one for one in Rule.objects.select_for_update(of=("self",)) if one.pk != rule.pk]
    order.insert(max(0, min(to, len(order))), rule)
    for position, one in enumerate(order):
        Rule.objects.filter(pk=one.pk).exclude(position=position).update(position=position)
    audit.record("rule.moved", target=rule, by=by, name=rule.name, to=to)


@transaction.atomic
def delete_rule(*, rule: Rule, by: Actor) -> dict[str, Any]:
    """Remove a rule with its log. Returns what `restore_rule` needs."""
    kept = {
        "id": rule.id, "name": rule.name, "is_active": rule.is_active, "position": rule.position,
        "definition": rule.definition, "version": rule.version,
    }  # fmt: skip
    audit.record("rule.deleted", target=rule, by=by, name=rule.name)
    rule.delete()
    return kept


@transaction.atomic
def restore_rule(*, kept: dict[str, Any], by: Actor) -> Rule:
    """Bring back a rule, as it was, from now on."""
    when = kept["definition"]["when"]
    rule: Rule = Rule.objects.create(**kept, trigger=when["is"], minutes=when.get("minutes"))
    audit.record("rule.restored", target=rule, by=by, name=rule.name)
    return rule


# --- running them ---


def run_due(tenant_id: UUID | str) -> bool:
    """Work off what is due, the oldest first, for one turn; True when there may be more.

    Harmless when run twice or in parallel; attempts are counted before the work.
    """
    until = time.monotonic() + TURN
    while time.monotonic() < until:
        with tenant_scope(tenant_id):
            claimed = _claim()
        if claimed is None:
            return False
        _run(tenant_id, *claimed)
    return True


def _claim() -> tuple[UUID, int] | None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"tenant": current_tenant_id(), "now": now, "lease": now + LEASE})
        claimed: tuple[UUID, int] | None = cursor.fetchone()
    return claimed


def _run(tenant_id: UUID | str, event_id: UUID, attempts: int) -> None:
    try:
        if attempts <= MAX_ATTEMPTS:
            with tenant_scope(tenant_id):
                run_event(event_id)
            return
        reason = _("It stopped the rules five times.")
    except Exception as error:  # noqa: BLE001 -- whatever it is, the event stays and is tried again
        reason = in_short(error)
        log.error("rules failed", event_id=str(event_id), error=reason, at=whereabouts(error))
    with tenant_scope(tenant_id):
        later = timezone.now() + RETRY_BASE * 2 ** (attempts - 1)
        due = later if attempts < MAX_ATTEMPTS else None
        RuleEvent.objects.filter(pk=event_id).update(due_at=due, reason=reason[:300])


def run_event(event_id: UUID) -> None:
    """Let every rule that asks for an event have its turn, in order; once."""
    waiting = RuleEvent.objects.select_for_update(of=("self",)).filter(pk=event_id, due_at__isnull=False)
    event = waiting.first()
    if event is None:
        return
    tenant = Tenant.objects.get()
    with (
        timezone.override(tenant.zone),
        translation.override(tenant.language),
        rule_events.acting(event.depth + 1),
    ):
        _run_rules(event)
    event.due_at = None
    event.save(update_fields=["due_at"])


def _run_rules(event: RuleEvent) -> None:
    rules = Rule.objects.filter(is_active=True, trigger=event.trigger, activated_at__lte=event.happened_at)
    if "rule" in event.data:
        rules = rules.filter(pk=event.data["rule"])
    ran = set(RuleRun.objects.filter(event=event).values_list("rule_id", flat=True))
    known = names()
    stopped = ""
    for rule in rules:
        if rule.pk in ran:
            continue
        if stopped:
            _keep(rule, event, Outcome.SKIPPED, {"stopped": stopped})
        elif _run_rule(rule, event, known) == Outcome.ACTED and rule.definition["stop"]:
            stopped = rule.name


def _run_rule(rule: Rule, event: RuleEvent, known: Names) -> str:
    """One rule's turn; returns how it went."""
    if definitions.is_broken(rule.definition, known):
        return _keep(rule, event, Outcome.BROKEN, {})
    conversation = Conversation.objects.select_related("customer", "channel").get(pk=event.conversation_id)
    facts = facts_of([moment_of(event, conversation)], asked_by(rule.definition))[0]
    number = conditions.failing(rule.definition["if"], facts)
    if number is not None:
        return _keep(rule, event, Outcome.SKIPPED, {"condition": number})
    by = replace(Actor.system(), label=rule.name)
    try:
        with transaction.atomic():
            done = perform(rule.definition["then"], conversation=conversation, by=by, names=known, rule=rule)
    except Refused as refusal:
        return _keep(rule, event, Outcome.REFUSED, {"why": str(refusal)})
    return _keep(rule, event, Outcome.ACTED, {"done": done})


def _keep(rule: Rule, event: RuleEvent, outcome: str, data: dict[str, Any]) -> str:
    RuleRun.objects.create(
        rule=rule,
        event=event,
        conversation_id=event.conversation_id,
        rule_version=rule.version,
        outcome=outcome,
        data=data,
    )
    return outcome


def asked_by(definition: dict[str, Any]) -> set[str]:
    """The kinds of conditions a definition has."""
    return {one["is"] for one in definition["if"]}


def moment_of(event: RuleEvent, conversation: Conversation) -> Moment:
    """The event as the conditions see it."""
    message: Message | None = event.message
    if message is None:
        return Moment(conversation, event.happened_at, None, conversation.episode_count, event.data)
    text = f"{message.subject}\n{message.text}" if message.kind == Message.Kind.INBOUND else None
    return Moment(conversation, event.happened_at, text, message.episode.number, message.data)
