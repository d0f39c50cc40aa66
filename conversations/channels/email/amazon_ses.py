"""Amazon SES's reports and mail as django-anymail reads them, without its calls to Amazon for S3."""

from typing import Any

from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView


class Inbound(AmazonSESInboundWebhookView):
    """Mail that came in the notification itself."""

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)


class Tracking(AmazonSESTrackingWebhookView):
    """What became of what was sent."""

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)
