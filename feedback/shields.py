"""Who rated badly is sold nothing for a while."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from conversations.models import SendingPolicy
from crm.models import FollowUp
from feedback.models import Response


def unhappy(at: datetime, policy: SendingPolicy) -> QuerySet[Response]:
    """The bad ratings of the policy's days; over as soon as somebody closed the follow-up of one."""
    settled = FollowUp.objects.filter(
        reason=FollowUp.Reason.BAD_RATING, source_id=OuterRef("pk"), done_at__isnull=False
    )
    since = at - timedelta(days=policy.rating_days)
    return Response.objects.filter(~Exists(settled), score__lte=policy.rating_most, created_at__gt=since)
