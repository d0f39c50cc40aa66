"""Trials of the rules: a worker says what others would have changed in the last 30 days. Nothing changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from conversations import rules_past
from conversations.actions import bells, bot_content, slow_runs
from conversations.actions.failures import in_short, whereabouts
from conversations.models import Bot, Conversation, RulesTrial, RulesTrialCase
from tenants.actors import Actor
from tenants.queries import own
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.bot")
GIVEN = ("rules", "words", "harmless")
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=1)


@transaction.atomic
def begin(*, by: Actor, **given: Any) -> RulesTrial:
    """Let a worker try `rules`, `words` or `harmless`; what is not given is as the bot has it.

    The same trial of the same person under way is returned as it is. Raises `InvalidBot`.
    """
    bot = Bot.objects.first() or Bot()
    for name, value in given.items():
        setattr(bot, name, bot_content.checked(name, value, bot))
    tried = {name: getattr(bot, name) for name in GIVEN}
    under_way = RulesTrial.objects.seen_by(by).filter(
        state__in=[RulesTrial.State.WAITING, RulesTrial.State.RUNNING], **tried
    )
    if before := under_way.order_by("-id").first():
        return before  # type: ignore[no-any-return]
    trial: RulesTrial = RulesTrial.objects.create(**tried, membership=by.membership, by_label=by.label[:150])
    bells.try_rules(trial.pk)
    return trial


def work(tenant_id: UUID | str, trial_id: UUID | str) -> None:
    """A worker's turn. Harmless twice and when killed: the result is kept in one transaction."""
    with tenant_scope(tenant_id):
        trial = slow_runs.claim(RulesTrial, trial_id, LEASE)
    if trial is None:
        return
    try:
        with tenant_scope(tenant_id):
            found = _compare(trial)
            if kept := slow_runs.mine(trial):
                _keep(kept, found)
    except Exception as error:  # noqa: BLE001 -- the sweeper tries again; the page says so in the end
        log.error("rules not tried", trial=str(trial_id), error=in_short(error), at=whereabouts(error))


def _compare(trial: RulesTrial) -> rules_past.DryRun:
    bot, country = Bot.objects.first() or Bot(), own().country
    old = rules_past.set_of(bot, country)
    for name in GIVEN:
        setattr(bot, name, getattr(trial, name))
    by = Actor.of_membership(trial.membership) if trial.membership else Actor.system()
    return rules_past.dry_run(old, rules_past.set_of(bot, country), by)


def _keep(trial: RulesTrial, found: rules_past.DryRun) -> None:
    for name in ("turns", "messages", "more", "fewer", "is_whole"):
        setattr(trial, name, getattr(found, name))
    RulesTrialCase.objects.bulk_create(
        [
            RulesTrialCase(
                trial=trial,
                decision_id=one.decision_id,
                is_more=is_more,
                rule=one.rule,
                words=one.words[:300],
            )
            for is_more, examples in ((True, found.more_examples), (False, found.fewer_examples))
            for one in examples
        ]
    )
    slow_runs.finish(trial)


def cases(trial: RulesTrial, by: Actor) -> list[RulesTrialCase]:
    """Conversations that would have gone another way, as far as somebody still sees them: one query."""
    seen = Conversation.objects.visible_to(by)
    found = trial.cases.filter(decision__conversation__in=seen.values("pk"))
    return list(
        found.select_related(
            "decision__message", "decision__conversation__customer", "decision__conversation__channel"
        )
    )


def forget_old() -> int:
    """Drop trials of before yesterday; returns how many."""
    old = RulesTrial.objects.filter(created_at__lt=timezone.now() - KEPT)
    number: int = old.count()
    old.delete()
    return number
