"""The protocol, against a server that keeps to it and one that does not."""

import time
from typing import Any

import pytest

from conversations import model_wire
from conversations.model_wire import NotSaid, Outcome, Said, Server
from tests.vendors.model import USAGE, ModelServer, completion, refusal
from tests.vendors.stand_in import Answer

MESSAGES = [{"role": "system", "content": "Di hola."}, {"role": "user", "content": "{}"}]


def ask(server: ModelServer, *, seconds: float = 2, **changes: Any) -> Said:
    of = {"base_url": server.base_url, "model": server.model, "key": server.key, **changes}
    return model_wire.complete(Server(**of), MESSAGES, most=50, seconds=seconds)


def test_it_asks_as_the_protocol_says_and_reads_what_comes(server: ModelServer) -> None:
    said = ask(server)
    assert (said.text, said.read, said.written, said.is_cut) == ("Claro, con gusto.", 120, 30, False)
    assert server.asked == [{"model": "modelo-1", "messages": MESSAGES, "max_tokens": 50, "stream": False}]


def test_it_finds_out_how_a_server_calls_the_limit(server: ModelServer) -> None:
    server.limit_name = "max_completion_tokens"
    assert ask(server).limit_name == "max_completion_tokens"
    assert ask(server, limit_name="max_completion_tokens").text == "Claro, con gusto."


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (completion([{"type": "text", "text": "Hola"}, {"type": "text", "text": " Ana"}]), "Hola Ana"),
        (completion("<think>Diré un precio.</think>\n\nHola Ana"), "Hola Ana"),
        (completion("Ho\x00la \ud800"), "Hola ?"),
        (completion("Hola", usage=None), "Hola"),
        (completion("Hola", usage={"prompt_tokens": -5, "completion_tokens": True}), "Hola"),
    ],
)
def test_it_makes_do_with_what_servers_do_differently(server: ModelServer, said: Answer, text: str) -> None:
    server.said = said
    found = ask(server)
    assert found.text == text
    if said.said["usage"] != USAGE:
        assert (found.read, found.written) == (None, None)


NONSENSE: list[Any] = [
    b"<html>502</html>",
    b"",
    b"[" * 100_000,
    b"\xff\xfe",
    [],
    {},
    {"choices": []},
    {"choices": [None]},
    {"choices": "x"},
    {"choices": [{"message": {"content": None}}]},
    {"choices": [{"message": {"content": 7}}]},
    {"choices": [{"message": {"tool_calls": [{"function": {"name": "refund"}}]}}]},
]


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_nothing(server: ModelServer, body: Any) -> None:
    server.said = Answer(200, body)
    with pytest.raises(NotSaid) as caught:
        ask(server)
    assert (caught.value.outcome, caught.value.is_paid) == (Outcome.NONSENSE, True)


@pytest.mark.parametrize(
    ("answer", "outcome", "wait"),
    [
        (refusal(429, "Slow down", "rate_limit_exceeded", {"Retry-After": "7"}), Outcome.THROTTLED, 7),
        (refusal(429, "Slow down", headers={"Retry-After": "999999"}), Outcome.THROTTLED, 3_600),
        (refusal(429, "Slow down", headers={"Retry-After": "nan"}), Outcome.THROTTLED, 20),
        (refusal(429, "Slow down", headers={"Retry-After": "soon"}), Outcome.THROTTLED, 20),
        (refusal(429, "You exceeded your quota", "insufficient_quota"), Outcome.QUOTA, 0),
        (refusal(402, "Pay"), Outcome.QUOTA, 0),
        (refusal(403, "No"), Outcome.KEY, 0),
        (refusal(400, "This model's maximum context length is 8"), Outcome.REJECTED, 0),
        (Answer(500, b"oops"), Outcome.BROKEN, 0),
        (refusal(503, "Overloaded", headers={"Retry-After": "30"}), Outcome.BROKEN, 30),
        (Answer(302, b"", headers={"Location": "http://169.254.169.254/"}), Outcome.REJECTED, 0),
        (completion("x" * 600_000), Outcome.NONSENSE, 0),
    ],
)
def test_refusals_say_what_to_do(server: ModelServer, answer: Answer, outcome: Outcome, wait: float) -> None:
    server.said = answer
    with pytest.raises(NotSaid) as caught:
        ask(server)
    assert (caught.value.outcome, caught.value.wait) == (outcome, wait)


def test_a_model_that_declines_is_not_quoted(server: ModelServer) -> None:
    server.said = completion(None, choices=[{"message": {"content": None, "refusal": "I cannot."}}])
    with pytest.raises(NotSaid) as caught:
        ask(server)
    assert caught.value.outcome is Outcome.DECLINED


def test_a_server_that_repeats_the_key_does_not_bring_it_to_a_page(server: ModelServer) -> None:
    with pytest.raises(NotSaid) as caught:
        ask(server, key="sk-equivocado")
    assert caught.value.outcome is Outcome.KEY
    assert "sk-equivocado" not in caught.value.said + str(caught.value) + repr(Server("x", "m", "sk-eq"))


def test_wrong_models_and_paths_are_told_apart_from_wrong_keys(server: ModelServer) -> None:
    for changes in ({"model": "otro"}, {"base_url": server.base_url + "/nada"}):
        with pytest.raises(NotSaid) as caught:
            ask(server, **changes)
        assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("trickles", [False, True], ids=["hangs", "trickles"])
def test_nobody_waits_longer_than_he_wants(server: ModelServer, trickles: bool) -> None:
    server.slowness, server.trickles = 30, trickles
    started = time.monotonic()
    with pytest.raises(NotSaid) as caught:
        ask(server, seconds=0.3)
    assert (caught.value.outcome, caught.value.is_paid) == (Outcome.SLOW, True)
    assert time.monotonic() - started < 20


def test_private_addresses_and_deaf_ones_are_not_called(server: ModelServer, settings: Any) -> None:
    with pytest.raises(NotSaid) as caught:
        ask(server, base_url="http://127.0.0.1:9/v1")
    assert caught.value.outcome is Outcome.UNREACHED
    settings.OUTBOUND_ALLOWED = []
    for address in (server.base_url, "http://169.254.169.254/v1", "http://[::1]:80/v1", "http://0x7f.1/v1"):
        with pytest.raises(NotSaid) as caught:
            ask(server, base_url=address)
        assert caught.value.outcome is Outcome.REFUSED, address
    assert server.asked == []
