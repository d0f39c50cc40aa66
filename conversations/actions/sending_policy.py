"""When and how often a business writes unasked: written down in one place."""

from typing import Any

from django.db import transaction

from conversations.models import SendingPolicy
from tenants import audit
from tenants.actors import Actor

FIELDS = (
    "quiet_from", "quiet_until", "weekdays", "keeps_holidays",
    "cap_count", "cap_days", "pause_days", "rating_days", "rating_most", "needs_approval",
    "tracks", "tracking_host",
    "canary_percent", "most_opt_outs", "most_complaints", "most_bounces", "most_wishes", "busy_from",
)  # fmt: skip


@transaction.atomic
def save_sending_policy(*, by: Actor, **changes: Any) -> SendingPolicy:
    """Change what is given, once a form has checked it; the first time the rest are the defaults."""
    policy: SendingPolicy = (
        SendingPolicy.objects.select_for_update().first() or SendingPolicy.objects.get_or_create()[0]
    )
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    policy.save(update_fields=[*changes, "updated_at"])
    changed = {
        name: [_plain(old), _plain(changes[name])] for name, old in before.items() if old != changes[name]
    }
    if changed:
        audit.record("sending_policy.changed", target=policy, by=by, changes=changed)
    return policy


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str | list) else str(value)
