"""Questions without an answer: gathered once, drafted in one press, left to people, never anybody else's."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations import unanswered
from conversations.actions import unanswered as acts
from conversations.bot import grouping
from conversations.models import (
    Article,
    ArticleVersion,
    Conversation,
    Decision,
    Message,
    UnansweredGroup,
    UnansweredRun,
)
from tenants.models import Membership
from tenants.scoping import tenant_scope
from tests.api.conftest import Api
from tests.conversations.teaching.conftest import Doubt
from tests.factories.tenants import Business

ASKED = ("me pueden facturar?", "necesito factura", "factura cfdi porfa", "hay estacionamiento?")


def url(business: Business, tail: str = "") -> str:
    return f"{business.base}settings/knowledge/unanswered/{tail}"


@pytest.fixture
def asked(doubt: Doubt, replied: Any) -> list[Decision]:
    """Three ask for an invoice and one for parking; a colleague answered one of the three."""
    made = [doubt(text, name=name) for text, name in zip(ASKED, ("Ana", "Beto", "Caro", "Dora"), strict=True)]
    replied(made[0].message, "Claro Ana, mándanos tu RFC al 33 1234 5678 y te llega el mismo día.")
    return made


@pytest.fixture
def run(business: Business, asked: list[Decision]) -> UnansweredRun:
    """All that gathered, as a worker does."""
    with tenant_scope(business.tenant.id):
        begun = acts.gather(days=30, by=business.actor())
    acts.work(business.tenant.id, begun.pk)
    acts.work(business.tenant.id, begun.pk)
    with tenant_scope(business.tenant.id):
        return UnansweredRun.objects.get()


def test_same_questions_stand_together_whatever_their_order() -> None:
    texts = [*ASKED, "Necesito FACTURA!!", "sticker", ""]
    spoken = ["es"] * len(texts)
    groups = grouping.group(texts, spoken, None)
    assert [sorted(one.members) for one in groups] == [[0, 1, 2, 4], [3], [5]]
    back = grouping.group(texts[::-1], spoken, None)
    assert sorted(len(texts) - 1 - place for place in back[0].members) == [0, 1, 2, 4]


@pytest.mark.usefixtures("scope")
def test_gathering_counts_and_drafts_from_what_a_colleague_answered(
    run: UnansweredRun, business: Business
) -> None:
    assert (run.state, run.found, run.read, run.singles, run.by_words) == ("done", 4, 4, 1, True)
    (one,) = unanswered.page(run, business.actor()).items
    assert (one.count, one.people, len(one.examples)) == (3, 3, 3)
    assert one.draft is not None
    assert (one.draft.text, one.draft.took_out) == (
        "Claro, mándanos tu RFC al […] y te llega el mismo día.", True,
    )  # fmt: skip


@pytest.mark.usefixtures("scope")
def test_one_press_makes_a_draft_and_settles_its_decisions(
    business: Business, owner_client: Client, run: UnansweredRun
) -> None:
    group = UnansweredGroup.objects.get()
    page = owner_client.get(url(business))
    assert ("mándanos tu RFC" in page.text, "Se quitaron datos personales" in page.text) == (True, True)
    for _twice in range(2):
        done = owner_client.post(url(business, f"{group.pk}/draft/"), {"answer": "Sí, con tu RFC."})
    made = ArticleVersion.objects.get(answer="Sí, con tu RFC.")
    assert done["Location"].endswith(f"/{made.article_id}/")
    assert (made.state, made.source, len(made.phrasings)) == ("draft", "learned", 2)
    assert {made.question, *made.phrasings} == set(ASKED[:3])
    assert Decision.objects.filter(review="better").count() == 3
    assert "Ninguna pregunta se repitió" in owner_client.get(url(business)).text


@pytest.mark.usefixtures("scope")
def test_dismissal_is_taken_back_and_next_gathering_leaves_out_what_is_settled(
    business: Business, owner_client: Client, run: UnansweredRun
) -> None:
    group = UnansweredGroup.objects.get()
    owner_client.post(url(business, f"{group.pk}/dismissal/"))
    assert Decision.objects.filter(review="right").count() == 3
    owner_client.post(url(business, f"{group.pk}/reopening/"))
    assert Decision.objects.filter(review="due").count() == 4
    owner_client.post(url(business, f"{group.pk}/dismissal/"))
    owner_client.post(url(business, "gathering/"), {"days": "90"})
    newest = UnansweredRun.objects.order_by("-id")[0]
    assert (newest.days, newest.state) == (90, "waiting")
    assert owner_client.post(url(business, "gathering/"), {"days": "7"}).status_code == 302
    acts.work(business.tenant.id, newest.pk)
    assert [(one.days, one.read, one.singles) for one in UnansweredRun.objects.all()] == [(90, 1, 1)]


@pytest.mark.usefixtures("scope")
def test_worker_killed_leaves_nothing_half_and_gives_up_after_three(
    business: Business, asked: list[Decision], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = acts.gather(days=30, by=business.actor())
    assert acts.gather(days=90, by=business.actor()) == begun
    monkeypatch.setattr(grouping, "group", lambda *given: 1 / 0)
    for _try in range(4):
        acts.work(business.tenant.id, begun.pk)
        UnansweredRun.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    begun.refresh_from_db()
    assert (begun.state, begun.due_at, UnansweredGroup.objects.count()) == ("failed", None, 0)


def test_narrowed_counts_his_own_and_strangers_find_nothing(
    business: Business, narrow: Membership, narrow_client: Client, stranger_client: Client,
    teammate_client: Client, stranger: Api, api: Api, asked: list[Decision], run: UnansweredRun,
) -> None:  # fmt: skip
    assert (
        narrow_client.get(url(business)).context["page"].items,
        api.get("bot/unanswered/").json()["data"][0]["count"],
    ) == ([], 3)
    with tenant_scope(business.tenant.id):
        Conversation.objects.filter(pk=asked[1].conversation_id).update(assignee=narrow)
        group = UnansweredGroup.objects.get()
    (seen,) = narrow_client.get(url(business)).context["page"].items
    assert (seen.count, seen.people, [one.text for one in seen.examples], seen.reply) == (
        1, 1, [ASKED[1]], None,
    )  # fmt: skip
    for tail in ("draft/", "dismissal/", "reopening/"):
        assert stranger_client.post(url(business, f"{group.pk}/{tail}")).status_code == 404
        assert teammate_client.post(url(business, f"{group.pk}/{tail}")).status_code == 403
        assert stranger.post(f"bot/unanswered/{group.pk}/{tail}", {}).status_code == 404


def test_api_gathers_drafts_and_tells_how_far(business: Business, api: Api, run: UnansweredRun) -> None:
    (group,) = api.get("bot/unanswered/").json()["data"]
    assert (group["check_draft"], {one["text"] for one in group["examples"]}) == (True, set(ASKED[:3]))
    made = api.post(f"bot/unanswered/{group['id']}/draft/", {"question": "¿Facturan?"}).json()
    with tenant_scope(business.tenant.id):
        draft = Article.objects.get(pk=made["article_id"]).versions.get()
    assert (made["settled"], draft.question, len(draft.phrasings)) == ("drafted", "¿Facturan?", 3)
    begun = api.post("bot/unanswered/", {"days": 90})
    assert begun.status_code == 202
    assert api.get(f"bot/unanswered/gatherings/{begun.json()['id']}/").json()["state"] == "waiting"


@pytest.mark.usefixtures("scope")
def test_erased_words_leave_the_group(business: Business, run: UnansweredRun) -> None:
    Message.objects.filter(text=ASKED[0]).delete()
    (one,) = unanswered.page(run, business.actor()).items
    assert {message.text for message in one.examples} == set(ASKED[1:3])
