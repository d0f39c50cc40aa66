"""What those get who waited for a test: the letter that won, at its hour or on its channel.

In the transaction that decides, so that a death leaves neither without the other. Who may be written to at
all is asked again at his turn (claiming.py).
"""

from datetime import datetime, time
from typing import Any

from django.db import connection
from django.db.models import Q

from conversations import gate, right_time
from conversations.actions.campaigns import due_times, freezing
from conversations.actions.campaigns.freezing_sql import JUDGED
from conversations.models import Campaign, Recipient, Variant
from crm import sending_rules
from crm.models import Purpose
from crm.segments import compile as compiling
from tenants.models import Tenant

Test = Campaign.Test
AT_ITS_HOUR = """
UPDATE conversations_recipient r SET variant_id = %(variant)s, due_at = coalesce(n.at, r.due_at) FROM (
    SELECT w.id, due.at FROM conversations_recipient w
    LEFT JOIN crm_customer c ON c.tenant_id = %(tenant)s AND c.id = w.customer_id
    LEFT JOIN (
        SELECT p.customer_id, left(min(p.value), %(prefix)s) AS value FROM crm_identity p
        WHERE p.tenant_id = %(tenant)s AND p.kind = ANY(%(numbers)s) AND NOT p.is_claimed GROUP BY 1
    ) AS phone ON phone.customer_id = c.id
    LEFT JOIN unnest(%(places)s::text[], %(dues)s::timestamptz[]) AS due(place, at)
        ON due.place = coalesce(nullif(c.timezone, ''), phone.value, '')
    WHERE w.tenant_id = %(tenant)s AND w.campaign_id = %(campaign)s AND w.state = 'waiting'
        AND w.variant_id IS NULL
) AS n WHERE r.id = n.id"""
# Whom the channel that won does not reach, or not now, keeps the way he was written down with.
ON_ITS_CHANNEL = """
UPDATE conversations_recipient r SET variant_id = %(variant)s, channel_id = n.channel_id, address = n.value
FROM (
    SELECT w.id, coalesce(t.channel_id, w.channel_id) AS channel_id, coalesce(t.value, w.address) AS value
    FROM conversations_recipient w
    LEFT JOIN told t ON t.id = w.customer_id AND t.why = '' AND NOT EXISTS (
        SELECT 1 FROM conversations_recipient o WHERE o.tenant_id = %(tenant)s
            AND o.campaign_id = %(campaign)s AND o.address = t.value AND o.id <> w.id
    )
    WHERE w.tenant_id = %(tenant)s AND w.campaign_id = %(campaign)s AND w.state = 'waiting'
        AND w.variant_id IS NULL
) AS n WHERE r.id = n.id"""


def give(campaign: Campaign, winner: Variant, at: datetime) -> None:
    """Let the rest of a locked campaign have the letter that won.

    Raises `CannotFreeze` and `NeverAllowed` where its channels or the business's hours have no way for it
    now; nothing is written then.
    """
    if campaign.test == Test.HOUR and winner.hour:
        _at_its_hour(campaign, winner, winner.hour, at)
    elif campaign.test == Test.CHANNEL and winner.channel_id:
        _on_its_channel(campaign, winner, at)
    else:
        Recipient.objects.waiting().filter(campaign=campaign, variant=None).update(variant=winner)


def _at_its_hour(campaign: Campaign, winner: Variant, hour: time, at: datetime) -> None:
    """The next time it is that hour where each lives."""
    tenant = Tenant.objects.get()
    hours, is_offer = right_time.hours_of(gate.policy(), tenant), campaign.purpose != Purpose.SERVICE
    moments = {
        place: due_times.at_hour(hour, at, clocks, hours, promotion=is_offer)
        for place, clocks in due_times.clocks_by_place(campaign, tenant)
    }
    parameters: dict[str, Any] = {
        "tenant": tenant.pk,
        "campaign": campaign.pk,
        "variant": winner.pk,
        "prefix": due_times.PREFIX,
        "numbers": list(sending_rules.NUMBERS),
        "places": list(moments),
        "dues": list(moments.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(AT_ITS_HOUR, parameters)


def _on_its_channel(campaign: Campaign, winner: Variant, at: datetime) -> None:
    """Each one's way chosen again as the freezing chooses it, the channel that won before the others."""
    rest = Recipient.objects.waiting().filter(campaign=campaign, variant=None, customer__isnull=False)
    statement, parameters = freezing.written(
        JUDGED + ON_ITS_CHANNEL,
        campaign,
        freezing.Audience(Q(pk__in=rest.values("customer_id"))),
        freezing.channels_of(campaign),
        [winner],
        Tenant.objects.get(),
        due_times.NO_DUES,
        at,
    )
    with compiling.roomy(), connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"variant": winner.pk})
