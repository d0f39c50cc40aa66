"""The model for integrators: settings, test, usage, calls, texts."""

from collections.abc import Callable

from conversations.actions import model_endpoint, model_writing
from conversations.models import ModelCall, ModelEndpoint
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, api, limited, stranger
from tests.factories.conversations import make_conversation
from tests.factories.knowledge import make_article
from tests.factories.tenants import Business
from tests.vendors.model import ModelServer

__all__ = ["api", "limited", "stranger"]


def test_model_is_plugged_in_tested_and_taken_out(business: Business, api: Api, server: ModelServer) -> None:
    assert api.get("bot/model/").status_code == 404
    assert api.post("bot/model/check/").status_code == 404
    assert api.patch("bot/model/", {"model": "m"}).status_code == 422
    given = {"base_url": server.base_url, "model": server.model, "key": server.key, "uses": ["draft"]}
    made = api.patch("bot/model/", given).json()
    assert (made["has_key"], made["uses"], made["state"], "key" in made) == (True, ["draft"], None, False)
    assert api.patch("bot/model/", {"is_on": False}).json()["state"] == "off"
    assert api.patch("bot/model/", {"secrets": {}}).status_code == 422
    assert (
        api.patch("bot/model/", {"base_url": "https://otro.example/v1"}).json()["errors"][0]["pointer"]
        == "/key"
    )
    assert api.post("bot/model/check/").json()["is_checking"]
    model_endpoint.check(business.tenant.id)
    assert api.get("bot/model/").json()["check_outcome"] == "used"
    assert api.get("bot/model/usage/").json()["rows"][0]["use"] == "check"
    (call,) = api.get("bot/model/calls/").json()["data"]
    assert (call["use"], call["outcome"], call["read"]) == ("check", "used", 120)
    assert [api.delete("bot/model/").status_code, api.get("bot/model/").status_code] == [204, 404]


def test_text_is_asked_for_and_read_by_the_key_that_asked(
    business: Business, api: Api, stranger: Api, endpoint: ModelEndpoint, server: ModelServer
) -> None:
    with tenant_scope(business.tenant.id):
        make_article(business)
        conversation = make_conversation("¿A qué hora abren?", kind="web")
    at = f"conversations/{conversation.pk}/model-calls/"
    server.said = "Abrimos a las 6."
    asked = api.post(at, {"use": "draft"})
    assert (asked.status_code, asked.json()["text"]) == (202, None)
    with tenant_scope(business.tenant.id):
        model_call = ModelCall.objects.get()
    model_writing.write(business.tenant.id, model_call.pk)
    said = api.get(f"model-calls/{asked.json()['id']}/").json()
    assert (said["outcome"], said["text"]) == ("warned", "Abrimos a las 6.")
    assert said["faults"] == [{"kind": "number", "start": 14, "end": 15, "words": "6"}]
    assert api.post(at, {"use": "rank"}).status_code == 422
    assert stranger.get(f"model-calls/{model_call.pk}/").status_code == 404
    assert stranger.post(at, {"use": "draft"}).status_code == 404
    api.patch("bot/model/", {"is_on": False})
    assert api.post(at, {"use": "draft"}).status_code == 409


def test_scopes_and_strangers(
    api: Api, stranger: Api, limited: Callable[..., Api], endpoint: ModelEndpoint
) -> None:
    reader = limited("conversations:read", "conversations:write", "channels:write", "knowledge:write")
    for path in ("bot/model/", "bot/model/usage/", "bot/model/calls/"):
        assert reader.get(path).status_code == 403
    assert reader.patch("bot/model/", {"is_on": False}).status_code == 403
    assert stranger.get("bot/model/").status_code == 404
    assert stranger.get("bot/model/calls/").json()["data"] == []
