"""The workspace in Chromium: accessible, by keyboard, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conversations.models import Conversation, Message
from crm.actions.customers import add_identity
from crm.actions.customers import add_note as add_customer_note
from crm.actions.follow_ups import open_follow_up
from crm.actions.labels import create_label
from tenants.scoping import tenant_scope
from tests.conversations.browser.conftest import enter
from tests.factories.conversations import (
    make_canned_reply,
    make_conversation,
    make_file,
    make_message,
    thread_url,
)
from tests.factories.tenants import Business

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [
    [(1440, "light"), (390, "dark")],
    pytest.param([(1024, "dark"), (390, "light")], marks=pytest.mark.slow),
]


@pytest.fixture
def mail(business: Business) -> Conversation:
    """A formatted mail with a file, a note, and an answer."""
    with tenant_scope(business.tenant.id):
        made = make_conversation(
            "",
            name="Ana Flores",
            subject="Mi bici",
            html="<h1>Hola</h1><p>¿Ya está?</p>",
            files=[make_file()],
        )
        make_message(made, "Falta el freno", by=business.actor(business.agent), note=True)
        make_canned_reply("horario", "Hola {{ customer.first_name }}, abrimos a las 10.")
        make_conversation("Otra cosa", name="Luis Peña", kind="web")
        return made


def sent(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.tenant.id):
        kinds = [Message.Kind.OUTBOUND, Message.Kind.NOTE]
        rows = Message.objects.filter(kind__in=kinds, author=business.owner).order_by("id")
        return list(rows.values_list("kind", "text"))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(
    "place",
    [
        lambda business, mail: f"{business.base}inbox/?view=all",
        lambda business, mail: f"{business.base}inbox/?q=nada",
        thread_url,
        lambda business, mail: f"{business.base}inbox/new/",
        lambda business, mail: f"{business.base}inbox/new/{mail.customer_id}/",
        lambda business, mail: f"{business.base}parked/",
        lambda business, mail: f"{business.base}settings/canned-replies/new/",
        lambda business, mail: f"{business.base}settings/channels/",
    ],
    ids=["queue", "nothing", "thread", "new", "start", "parked", "canned", "channels"],
)
def test_page_is_accessible_and_fits(
    page: Page,
    business: Business,
    mail: Conversation,
    place: Callable[[Business, Conversation], str],
    sizes: list[tuple[int, str]],
) -> None:
    page.goto(place(business, mail))
    for width, theme in sizes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_timeout(300)
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        assert [violation["id"] for violation in result.response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_answering_by_keyboard(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(f"{business.base}inbox/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(str(mail.pk)))
    expect(page.locator("#conversation-head h1")).to_have_text("Ana Flores")
    page.keyboard.press("r")
    page.keyboard.type("/hor")
    expect(page.locator(".canned-choice:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("Hola Ana, abrimos a las 10.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .message--outbound .message-text").last).to_have_text(
        "Hola Ana, abrimos a las 10."
    )
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("Ya le avisé")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .message--note .message-text").last).to_have_text("Ya le avisé")
    expect(page.locator("[data-pending]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".toast-undo")).to_be_visible()
    assert sent(business) == [("outbound", "Hola Ana, abrimos a las 10."), ("note", "Ya le avisé")]


def test_at_sign_in_a_note_opens_the_list_of_names(
    page: Page, business: Business, mail: Conversation
) -> None:
    page.goto(thread_url(business, mail))
    page.keyboard.press("n")
    page.keyboard.type("Mira, @ald")
    choices = page.locator("#mention-menu .mention-choice:visible")
    expect(choices).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#composer-text")).to_have_value("Mira, @Aldo Agente ")


def test_finger_chooses_conversations(
    browser: Browser, live_server, business: Business, mail: Conversation
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = enter(browser, live_server.url, business, **phone).new_page()
    page.goto(f"{business.base}inbox/?view=all")
    boxes, bar = page.locator(".queue-choose"), page.locator("#many")
    expect(boxes.first).to_have_css("opacity", "0")
    page.locator("#many-choose").tap()
    expect(boxes.first).to_have_css("opacity", "1")
    boxes.nth(0).tap()
    boxes.nth(1).tap()
    expect(bar).to_be_visible()
    expect(boxes.locator("input:checked")).to_have_count(2)
    page.locator("#many-none").tap()
    expect(bar).to_be_hidden()
    expect(boxes.first).to_have_css("opacity", "0")
    page.locator("button[popovertarget=user-menu]").tap()
    page.locator("#user-menu a[href$='/settings/']").tap()
    expect(page).to_have_url(re.compile("/settings/"))
    page.goto("about:blank")
    page.context.close()


def test_draft_survives_a_reload(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(thread_url(business, mail))
    page.locator("#composer-text").fill("A medias")
    expect(page.locator("#composer-state")).not_to_be_empty()
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("A medias")


def test_mail_is_shown_in_a_frame_as_high_as_it_is(
    page: Page, business: Business, mail: Conversation
) -> None:
    page.goto(thread_url(business, mail))
    frame = page.locator("iframe.message-frame")
    expect(frame.content_frame.locator("h1")).to_have_text("Hola")
    assert frame.get_attribute("sandbox") == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


def test_back_returns_to_the_conversation_before(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(thread_url(business, mail) + "?view=all")
    page.locator(".queue-link", has_text="Luis Peña").click()
    expect(page.locator("#conversation-head h1")).to_have_text("Luis Peña")
    page.go_back()
    expect(page.locator("#conversation-head h1")).to_have_text("Ana Flores")


def test_reading_and_answering_without_javascript(
    plain_page: Page, business: Business, mail: Conversation
) -> None:
    plain_page.goto(f"{business.base}inbox/?view=all")
    plain_page.locator(".queue-link", has_text="Ana Flores").click()
    expect(plain_page.locator("#feed")).to_contain_text("Falta el freno")
    plain_page.locator("#composer-text").fill("Ya está lista")
    plain_page.locator("#send").click()
    expect(plain_page.locator("#feed .message--outbound .message-text").last).to_have_text("Ya está lista")
    assert sent(business) == [("outbound", "Ya está lista")]


def test_menus_change_the_conversation_by_mouse_and_the_toast_takes_it_back(
    page: Page, business: Business, mail: Conversation
) -> None:
    def stands() -> tuple[int, object]:
        with tenant_scope(business.tenant.id):
            found = Conversation.objects.get(pk=mail.pk)
            return found.priority, found.assignee_id

    before = stands()
    page.goto(thread_url(business, mail))
    for menu, choice in (("priority-menu", "Urgente"), ("assignee-menu", business.agent.name)):
        pill = page.locator(f"[popovertarget={menu}]")
        pill.click()
        page.locator(f"#{menu}").get_by_role("button", name=choice).click()
        expect(pill).to_contain_text(choice)
        assert stands() != before
        page.locator(".toast-undo").click()
        expect(pill).not_to_contain_text(choice)
        expect(page.locator(".toast-undo")).to_have_count(0)
        assert stands() == before


def test_c_begins_a_conversation_with_a_customer_one_finds(
    page: Page, business: Business, mail: Conversation
) -> None:
    page.goto(f"{business.base}inbox/?view=all")
    page.keyboard.press("c")
    expect(page.locator("#new-search")).to_be_focused()
    page.keyboard.type("flores")
    found = page.locator("#found .row-link")
    expect(found).to_have_text(["Ana Flores"])
    found.click()
    page.get_by_label("Asunto").fill("Tu bici")
    page.get_by_label("Mensaje").fill("Ya está lista.")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#feed")).to_contain_text("Ya está lista.")
    assert sent(business)[-1] == ("outbound", "Ya está lista.")


def tell(page: Page, kind: str, **data: str) -> None:
    """An event of the live stream, as it reaches the page."""
    page.evaluate(
        "detail => document.dispatchEvent(new CustomEvent('puente:event', {detail}))",
        {"id": "", "kind": kind, "data": data},
    )


def test_customer_page_follows_and_keeps_what_is_being_typed(
    page: Page, business: Business, mail: Conversation
) -> None:
    customer = f"{business.base}customers/{mail.customer_id}/"
    page.goto(customer)
    notes, history = page.locator("#live-notes"), page.locator("#live-history")
    fold = page.locator("#live-identities details")
    fold.locator("summary").click()
    typed = notes.locator("textarea")
    typed.fill("a medio escribir")
    with tenant_scope(business.tenant.id):
        add_customer_note(customer=mail.customer, body="De otra mesa", by=business.actor(business.agent))
        add_identity(customer=mail.customer, kind="email", raw="otra@x.mx", by=business.actor())
    tell(page, "customer", id=str(mail.customer_id))
    expect(history).to_contain_text("De otra mesa")
    expect(page.locator("#live-identities")).to_contain_text("otra@x.mx")
    expect(fold).to_have_attribute("open", "")
    expect(typed).to_have_value("a medio escribir")
    expect(notes).not_to_contain_text("De otra mesa")
    typed.fill("")
    page.locator("h1").click()
    expect(notes).to_contain_text("De otra mesa")
    expect(typed).to_have_value("")


def test_lists_of_follow_ups_and_labels_follow(page: Page, business: Business, mail: Conversation) -> None:
    page.goto(f"{business.base}customers/follow-ups/?view=all")
    with tenant_scope(business.tenant.id):
        by = business.actor()
        open_follow_up(customer=mail.customer, title="Llamar", due_at=mail.created_at, by=by)
        create_label(name="Mayoreo", by=by)
    tell(page, "follow_up", id="x", customer=str(mail.customer_id))
    expect(page.locator("#live-follow-ups tbody tr")).to_have_count(1)
    page.goto(f"{business.base}customers/labels/")
    page.get_by_label("Nombre").fill("A medio")
    with tenant_scope(business.tenant.id):
        create_label(name="Taller", by=business.actor())
    tell(page, "labels")
    expect(page.locator("#live-labels tbody tr")).to_have_count(2)
    expect(page.get_by_label("Nombre")).to_have_value("A medio")
