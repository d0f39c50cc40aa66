"""Budget, limits and pauses: what is spent is known before it is spent, and a bad server is left alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conversations import model_wire
from conversations.actions import model_calls, model_endpoint
from conversations.actions.model_endpoint import InvalidEndpoint, save_endpoint
from conversations.model_wire import NotSaid, Outcome, Said
from conversations.models import ModelCall, ModelEndpoint, ModelUsage
from tenants.models import AuditEvent
from tenants.scoping import tenant_scope
from tests.factories.tenants import Business
from tests.vendors.model import ModelServer, completion, refusal
from tests.vendors.stand_in import Answer

MESSAGES = [{"role": "system", "content": "Di hola."}, {"role": "user", "content": "{}"}]


def ask(business: Business, use: str = "draft") -> Said:
    with tenant_scope(business.tenant.id):
        call = model_calls.open_call(use)
    return model_calls.ask(business.tenant.id, call.pk, MESSAGES)


def outcome(business: Business, use: str = "draft") -> Outcome | None:
    """What became of one more call; None for a text."""
    try:
        ask(business, use)
    except NotSaid as error:
        return error.outcome
    return None


def calls(business: Business) -> list[tuple[str, int, int, Decimal]]:
    with tenant_scope(business.tenant.id):
        rows = ModelCall.objects.order_by("id")
        return list(rows.values_list("outcome", "read", "written", "cost"))


def test_what_a_call_took_is_counted_from_usage(business: Business, endpoint: ModelEndpoint) -> None:
    assert ask(business).text == "Claro, con gusto."
    assert calls(business) == [("calling", 120, 30, Decimal("0.150000"))]
    with tenant_scope(business.tenant.id):
        usage = ModelUsage.objects.get()
        assert (usage.calls, usage.read, usage.written, usage.cost) == (1, 120, 30, Decimal("0.150000"))


def test_budget_is_never_overspent_and_the_model_is_off_until_next_month(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    with tenant_scope(business.tenant.id):
        save_endpoint(by=business.actor(), budget=Decimal("0.50"))
    assert [outcome(business) for _ in range(3)] == [None, Outcome.BUDGET, Outcome.BUDGET]
    assert len(server.asked) == 1  # 0.15 is spent, and 0.42 might be the next
    with tenant_scope(business.tenant.id):
        assert ModelEndpoint.objects.get().spent_up_on == model_calls.first_of_month()
        assert model_calls.available("draft") is None
        ModelEndpoint.objects.update(spent_up_on=model_calls.first_of_month() - timedelta(days=1))
        ModelUsage.objects.update(month=model_calls.first_of_month() - timedelta(days=31))
    assert outcome(business) is None
    with tenant_scope(business.tenant.id):
        save_endpoint(by=business.actor(), budget=Decimal(100))
    assert outcome(business) is None


def test_calls_on_their_way_are_counted_at_the_most_they_may_cost(
    business: Business, endpoint: ModelEndpoint, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked: list[Decimal] = []

    def look(*_args: Any, **_limits: Any) -> Said:
        with tenant_scope(business.tenant.id):
            booked.append(model_calls.spent(model_calls.first_of_month()))
        raise NotSaid(Outcome.BROKEN)

    monkeypatch.setattr(model_wire, "complete", look)
    assert outcome(business) is Outcome.BROKEN
    assert booked[0] > Decimal("0.4")
    with tenant_scope(business.tenant.id):
        assert model_calls.spent(model_calls.first_of_month()) == 0


def test_who_does_not_say_what_it_took_is_estimated_and_a_lost_answer_counts_in_full(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    server.said = completion("Hola, con gusto.", usage={"prompt_tokens": "many"})
    ask(business)
    server.said = completion("x" * 600_000)
    assert outcome(business) is Outcome.NONSENSE
    server.said = refusal(400, "No")
    assert outcome(business) is Outcome.REJECTED
    (_said, read, written, _cost), lost, refused = calls(business)
    assert 0 < read < 40
    assert 0 < written < 10
    assert lost[:3] == ("nonsense", read, 400)
    assert refused == ("rejected", 0, 0, Decimal(0))


def test_a_call_is_made_once(business: Business, endpoint: ModelEndpoint, server: ModelServer) -> None:
    with tenant_scope(business.tenant.id):
        call = model_calls.open_call("draft")
    model_calls.ask(business.tenant.id, call.pk, MESSAGES)
    with pytest.raises(NotSaid):
        model_calls.ask(business.tenant.id, call.pk, MESSAGES)
    assert len(server.asked) == 1


def test_calls_a_minute_are_limited(business: Business, endpoint: ModelEndpoint, server: ModelServer) -> None:
    with tenant_scope(business.tenant.id):
        save_endpoint(by=business.actor(), per_minute=2)
    assert [outcome(business) for _ in range(3)] == [None, None, Outcome.LIMIT]
    assert len(server.asked) == 2


def test_a_server_that_asks_for_it_or_fails_again_and_again_is_left_alone(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    server.said = refusal(429, "Slow down", "rate_limit_exceeded", {"Retry-After": "120"})
    assert [outcome(business) for _ in range(2)] == [Outcome.THROTTLED, Outcome.PAUSED]
    with tenant_scope(business.tenant.id):
        until = ModelEndpoint.objects.get().paused_until
        assert until is not None
        assert timedelta(seconds=100) < until - timezone.now() <= timedelta(seconds=120)
        save_endpoint(by=business.actor())
    server.said = Answer(500, b"")
    assert [outcome(business) for _ in range(4)] == [Outcome.BROKEN] * 3 + [Outcome.PAUSED]
    with tenant_scope(business.tenant.id):
        ModelEndpoint.objects.update(paused_until=timezone.now())
    server.said = "Hola"
    assert outcome(business) is None
    with tenant_scope(business.tenant.id):
        assert ModelEndpoint.objects.get().failures == 0


def test_it_is_asked_only_for_what_the_business_wants(business: Business, endpoint: ModelEndpoint) -> None:
    with tenant_scope(business.tenant.id):
        save_endpoint(by=business.actor(), uses=["summary"])
    assert [outcome(business), outcome(business, "summary")] == [Outcome.OFF, None]
    with tenant_scope(business.tenant.id):
        save_endpoint(by=business.actor(), is_on=False)
    assert outcome(business, "summary") is Outcome.OFF


def test_how_the_server_calls_the_limit_is_kept(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    server.limit_name = "max_completion_tokens"
    ask(business)
    with tenant_scope(business.tenant.id):
        assert ModelEndpoint.objects.get().limit_name == "max_completion_tokens"


# --- the endpoint ---


def test_the_key_is_encrypted_and_goes_to_its_own_server_only(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    with tenant_scope(business.tenant.id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT secrets FROM conversations_modelendpoint")
            assert server.key.encode() not in bytes(cursor.fetchone()[0])
        by = business.actor()
        with pytest.raises(InvalidEndpoint) as caught:
            save_endpoint(by=by, base_url="https://ladron.example/v1")
        assert caught.value.field == "key"
        assert ModelEndpoint.objects.get().base_url == server.base_url
        moved = save_endpoint(by=by, base_url="https://otro.example/v1/chat/completions/", key="sk-otro")
        assert (moved.base_url, moved.secrets) == ("https://otro.example/v1", {"key": "sk-otro"})
        assert save_endpoint(by=by, key="").has_key is False
        told = str(list(AuditEvent.objects.values_list("action", "details")))
        assert "key" in told
        assert server.key not in told


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"base_url": "ftp://x.example"}, "base_url"),
    ({"base_url": "https://u:p@x.example/v1"}, "base_url"),
    ({"base_url": "https://x.example/v1?key=1"}, "base_url"),
    ({"base_url": "https://x.exa mple"}, "base_url"),
    ({"base_url": "https://x.example:abc"}, "base_url"),
    ({"base_url": ""}, "base_url"),
    ({"model": "  "}, "model"),
    ({"key": "con espacio"}, "key"),
    ({"key": "ñandú"}, "key"),
    ({"uses": ["erase"]}, "uses"),
    ({"seconds": 0}, "seconds"),
    ({"budget": Decimal(-1)}, "budget"),
]


def test_what_cannot_be_is_refused(business: Business, endpoint: ModelEndpoint) -> None:
    for changes, field in IMPOSSIBLE:
        with tenant_scope(business.tenant.id):
            with pytest.raises(InvalidEndpoint) as caught:
                save_endpoint(by=business.actor(), **changes)
            assert caught.value.field == field, (changes, field)
            assert ModelEndpoint.objects.get().version == endpoint.version, (changes, field)


def test_the_test_says_what_is_wrong_and_twice_harms_nothing(
    business: Business, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    def tested() -> tuple[str, str]:
        with tenant_scope(business.tenant.id):
            model_endpoint.request_check(by=business.actor())
        for _ in range(2):
            model_endpoint.check(business.tenant.id)
        with tenant_scope(business.tenant.id):
            found = ModelEndpoint.objects.get()
            assert found.checking_since is None
            return found.check_outcome, found.check_said

    assert tested() == ("used", "")
    server.key = "sk-otra"
    outcome, said = tested()
    assert (outcome, "Incorrect API key" in said) == ("key", True)
    assert "sk-secreto-de-prueba" not in said
    assert [one[0] for one in calls(business)] == ["used", "key"]
