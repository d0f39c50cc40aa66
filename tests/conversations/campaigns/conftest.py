"""A mail server of campaigns' tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conversations.channels.email import post
from tests.factories.campaigns import Sink


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    found = Sink()

    @contextmanager
    def opened(account: object) -> Iterator[Sink]:
        yield found

    monkeypatch.setattr(post, "opened", opened)
    return found
