"""Questions to workers: answered once, forgotten soon, and not waited for when nobody is there."""

from typing import Any

import pytest

from tenants.kit import asking, valkey
from tests.factories.tenants import Business


class Worker:
    """A task that keeps what it is rung for."""

    def __init__(self, tenant_id: object) -> None:
        self.tenant_id, self.numbers, self.heard = tenant_id, [], []  # type: ignore[var-annotated]

    def __call__(self, _tenant_id: str, number: str) -> None:
        self.numbers.append(number)
        for _twice in range(2):
            asking.answer(self.tenant_id, number, self.think)

    def think(self, question: dict[str, Any]) -> dict[str, Any]:
        self.heard.append(question)
        if question.get("fails"):
            raise ZeroDivisionError
        return {"said": question["text"]}


def test_question_is_answered_once_and_nothing_stays(business: Business) -> None:
    worker: Any = Worker(business.tenant.id)
    assert asking.ask(worker, business.tenant.id, {"text": "hola"}, seconds=2) == {"said": "hola"}
    assert worker.heard == [{"text": "hola"}]
    name = asking._answered(business.tenant.id, worker.numbers[0])
    assert 0 <= valkey.client().ttl(name) <= asking.KEPT or not valkey.client().exists(name)
    asking.answer(business.tenant.id, "4711", worker.think)
    assert len(worker.heard) == 1


def test_worker_that_fails_is_not_waited_for(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    def ring_now(task: Any, tenant_id: object, number: str, **_: Any) -> bool:
        with pytest.raises(ZeroDivisionError):
            task(str(tenant_id), number)
        return True

    monkeypatch.setattr(asking, "ring_now", ring_now)
    worker: Any = Worker(business.tenant.id)
    with pytest.raises(asking.NobodyAnswered, match="failed"):
        asking.ask(worker, business.tenant.id, {"fails": True}, seconds=60)


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_nobody_is_asked(business: Business) -> None:
    worker: Any = Worker(business.tenant.id)
    with pytest.raises(asking.NobodyAnswered):
        asking.ask(worker, business.tenant.id, {"text": "hola"}, seconds=60)
    assert worker.heard == []
