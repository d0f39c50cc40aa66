"""Connecting a page: what is asked, copied and tried."""

from typing import Any

import pytest

from conversations.actions.channels import check
from conversations.channels.base import ChannelError
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Template
from tests.conversations.channels.meta_line import Line
from tests.vendors.mail import free_port
from tests.vendors.messenger import PAGE, Messenger
from tests.vendors.stand_in import Mood


def tried(line: Line) -> Channel:
    check(line.business.tenant.id, line.channel.pk)
    with line.scope():
        found: Channel = Channel.objects.get(pk=line.channel.pk)
        return found


def test_check_reads_the_page_subscribes_and_tells_when_the_token_ends(line: Line, vendor: Messenger) -> None:
    channel = tried(line)
    assert (channel.address, channel.problem) == ("Café Sol", "")
    assert [finding[1] for finding in channel.findings] == [True, True, True]
    assert channel.token_expires_at is not None
    assert channel.token_expires_at.year == 2030
    assert {"messages", "message_echoes", "message_reads", "messaging_postbacks", "feed"} <= set(
        vendor.subscribed
    )


def test_token_without_comments_still_brings_messages(line: Line, vendor: Messenger) -> None:
    vendor.may_comments = False
    channel = tried(line)
    assert (channel.problem, "feed" in vendor.subscribed, "messages" in vendor.subscribed) == (
        "",
        False,
        True,
    )
    assert "may not read comments" in str(channel.findings[-1])


def test_dead_token_is_found(line: Line, vendor: Messenger) -> None:
    vendor.become(Mood.REFUSES, 190)
    assert "no longer accepts the access token" in tried(line).problem


def test_addresses_copies_and_secrets(line: Line, settings: Any) -> None:
    connection = adapter_for("messenger").connection
    assert list(connection.addresses(line.channel)) == [("messenger", PAGE)]
    assert [one.text for one in connection.copied(line.channel)] == [
        f"{settings.BASE_URL}/hooks/messenger/{line.channel.pk}/",
        "verify",
    ]
    assert set(connection.made()) == {"verify_token"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, set()),
        ({"page_id": "my page"}, {"page_id"}),
        ({"access_token": "ñandú ñandú"}, {"access_token"}),
        ({"app_secret": ""}, {"app_secret"}),
        ({"name": ""}, {"name"}),
    ],
)
def test_form_refuses_what_is_none(
    business: Any, settings: Any, given: dict[str, str], wrong: set[str]
) -> None:
    settings.META_APP_SECRET = ""
    whole = {"name": "Página", "page_id": PAGE, "access_token": "EAAG12345", "app_secret": "abcdefgh"} | given
    form = adapter_for("messenger").connection.form(whole, channel=Channel(kind="messenger"))
    assert set(form.errors) == wrong


def test_templates_are_submitted_read_and_deleted(line: Line, vendor: Messenger) -> None:
    adapter = adapter_for("messenger")
    body = [{"type": "BODY", "text": "Tu pedido {{1}} va en camino."}]
    with line.scope():
        template = Template.objects.create(
            channel=line.channel, name="pedido", language="es", category="utility", components=body
        )
    made = adapter.submit_template(line.channel, template, None)
    assert (made.status, made.category) == ("approved", "utility")
    [read] = adapter.templates(line.channel)
    assert (read.name, read.language, read.status, read.components) == ("pedido", "es", "approved", body)
    adapter.remove_template(line.channel, template)
    adapter.remove_template(line.channel, template)
    assert adapter.templates(line.channel) == []


def test_template_with_a_picture_is_refused(line: Line) -> None:
    header = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hola"}]
    template = Template(name="x", language="es", components=header)
    with pytest.raises(ChannelError) as refused:
        adapter_for("messenger").submit_template(line.channel, template, None)
    assert refused.value.category == "template"


def test_nobody_there_is_said_in_words_of_the_connection(line: Line, settings: Any) -> None:
    settings.META_API = f"http://127.0.0.1:{free_port()}/v24.0"
    assert tried(line).problem == "Meta cannot be reached. We try again."
