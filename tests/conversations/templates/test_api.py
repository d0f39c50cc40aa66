"""Templates for integrators: written, changed by versions, looked at, put away."""

from base64 import b64encode
from typing import Any

from tenants.permissions import Permission
from tenants.scoping import tenant_scope
from tests.api.conftest import Api, key_for
from tests.conversations.templates.test_pages import picture
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

MAIL = {"subject": "Hola", "blocks": [{"kind": "text", "text": "Hola {{ customer.first_name }}"}]}
GIVEN = {"name": "Aviso", "purpose": "service", "contents": {"email": {"es": MAIL}}}


def test_template_is_written_changed_and_rolled_back(business: Business, api: Api) -> None:
    made = api.post("message-templates/", GIVEN).json()
    assert (made["latest"]["version"], made["latest"]["contents"]["email"]["es"]["subject"]) == (1, "Hola")
    at = f"message-templates/{made['id']}/"
    changed = api.patch(at, {"contents": {"sms": {"es": {"text": "Hola"}}}, "base": 1}).json()
    assert changed["latest"]["version"] == 2
    assert api.patch(at, {"contents": {}, "base": 1}).status_code == 409
    assert api.post(f"{at}roll-back/", {"version": 1}).json()["latest"]["version"] == 3
    assert [one["version"] for one in api.get(f"{at}versions/").json()["data"]] == [3, 2, 1]
    assert api.post("message-templates/", GIVEN).status_code == 409
    assert api.post(f"{at}copy/").json()["name"] == "Aviso (2)"
    assert api.delete(at).status_code == 204
    assert [one["name"] for one in api.get("message-templates/").json()["data"]] == ["Aviso (2)"]
    assert api.patch(at, {"name": "x"}).status_code == 409
    assert api.post(f"{at}restoration/").json()["archived_at"] is None


def test_preview_names_the_problem_and_the_reason(business: Business, api: Api) -> None:
    at = f"message-templates/{api.post('message-templates/', GIVEN).json()['id']}/preview/"
    with tenant_scope(business.tenant.id):
        ana, nameless = make_customer("Ana Robles"), make_customer("")
    wanted = {"medium": "email", "language": "es"}
    said = api.post(at, {**wanted, "customer_id": str(ana.pk)}).json()
    assert "Hola Ana" in said["text"]
    assert [one["code"] for one in said["problems"]] == ["bare", "sound_no_answer"]
    nothing = api.post(at, {**wanted, "customer_id": str(nameless.pk)}).json()
    assert (nothing["text"], bool(nothing["why"])) == ("", True)
    unsaved = api.post(at, {**wanted, "content": {"subject": "x", "text": "{{ order.nope }}"}}).json()
    assert [one["code"] for one in unsaved["problems"]] == ["unknown", "sound_no_answer"]
    assert api.post(at, {**wanted, "medium": "telegram"}).status_code == 404


ODD_CONTENTS: list[Any] = [
    [], {"fax": {}}, {"email": []}, {"email": {"xx": {}}}, {"email": {"es": {"blocks": [1]}}},
    {"email": {"es": {"blocks": {"a": 1}}}}, {"email": {"es": {"subject": 3}}},
    {"email": {"es": {"blocks": [{"kind": ["text"]}]}}}, {"whatsapp": {"es": {"template_id": "x"}}},
    {"email": {"es": {"files": ["0" * 32]}}}, {"sms": {"es": {"text": {"a": 1}}}},
    {"email": {"es": {"blocks": [{"kind": "image", "file": "0" * 32}]}}},
]  # fmt: skip


def test_odd_contents_are_refused(business: Business, api: Api) -> None:
    for contents in ODD_CONTENTS:
        assert api.post("message-templates/", {**GIVEN, "contents": contents}).status_code == 422, contents


def test_files_are_kept_with_their_template(business: Business, api: Api, other: Business) -> None:
    made = api.post("message-templates/", GIVEN).json()
    at = f"message-templates/{made['id']}/files/"
    content = b64encode(picture().read()).decode()
    kept = api.post(at, {"name": "bici.jpg", "content": content, "picture": True}).json()
    assert (kept["width"], kept["content_type"]) == (1_200, "image/jpeg")
    blocks = [{"kind": "image", "file": kept["id"], "alt": "Una bici"}]
    given = {**MAIL, "blocks": blocks}
    saved = api.patch(f"message-templates/{made['id']}/", {"contents": {"email": {"es": given}}})
    assert saved.status_code == 200
    assert api.get(at).json()["data"][0]["id"] == kept["id"]


def test_strangers_find_nothing_and_keys_need_the_scope(
    business: Business, api: Api, other: Business
) -> None:
    at = f"message-templates/{api.post('message-templates/', GIVEN).json()['id']}/"
    stranger = Api(key_for(other))
    for tail in ("", "versions/", "files/"):
        assert stranger.get(at + tail).status_code == 404
    reader = Api(key_for(business, [Permission.CAMPAIGNS_READ]))
    assert reader.get(at).status_code == 200
    assert reader.patch(at, {"name": "x"}).status_code == 403
    assert len(reader.get("message-templates/names/").json()["data"]) > 20
