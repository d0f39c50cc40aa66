"""A mail server of campaigns' tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from conversations.channels.email import post
from crm.models import Case
from tenants.scoping import tenant_scope
from tests.factories.campaigns import Sink, make_audience, make_policy, make_template
from tests.factories.conversations import make_channel
from tests.factories.tenants import Business


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    found = Sink()

    @contextmanager
    def opened(account: object) -> Iterator[Sink]:
        yield found

    monkeypatch.setattr(post, "opened", opened)
    return found


@pytest.fixture
def made(business: Business) -> dict[str, Any]:
    """Four customers who agreed, of whom one complains, with a template and a channel."""
    with tenant_scope(business.tenant.id):
        make_policy()
        segment, people = make_audience(4)
        Case.objects.create(
            customer=people[0], kind=Case.Kind.COMPLAINT, subject="Llegó rota", opened_at=timezone.now()
        )
        channel, template = make_channel(), make_template()
    return {"segment": segment, "people": people, "channel": channel, "template": template}
