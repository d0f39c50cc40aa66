"""Every sender asks the one function whether it may: whoever makes a delivery, a mail or a vendor's call."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.guards.rules import Violation, unexcused
from tests.guards.source import Source, name_of, product

ASKS = {"may_send", "check_consent", "check_delivery", "verdicts", "addresses", "those_who_may"}
MAKERS = {"create", "bulk_create", "get_or_create", "update_or_create"}
LETTERS = {"EmailMessage", "EmailMultiAlternatives", "ThreadedEmail"}
POSTED = {"send_mail", "send_mass_mail", "sendmail", "send_messages", "mail_managers", "mail_admins"}

EXCUSED = {
    "config/demo/odd_mail.py:_mail": "a mail that came in, in the demo",
    "config/demo/teller.py:_send": "tells what the demo has sent long ago; nothing goes out",
    "conversations/actions/deliveries.py:_call": "hands over only what `_prepare` has asked for",
    "conversations/actions/notification_mails.py:letter_of": "to members, who have a way out of their own",
    "conversations/actions/campaigns/told.py:_tell": "a mail that went long ago, now in its conversation",
    "conversations/channels/email/post.py:as_django": "what a campaign has asked for, in Django's form",
    "conversations/channels/email/post.py:hand_over": "a campaign asks when it claims a batch",
    "conversations/channels/email/adapter.py:_send_by": "the outbox calls it behind `_prepare`",
    "conversations/channels/email/adapter.py:send": "the outbox calls it behind `_prepare`",
    "conversations/channels/email/outgoing.py:build": "what the outbox has asked for, as a mail",
    "conversations/channels/twilio/incoming.py:reference_in": "reads a header; nothing is sent",
    "conversations/channels/email/replies.py:": "a class of the package that cuts quotes; nothing is sent",
    "crm/actions/privacy.py:_mail": "to who asks for his own data, and must get an answer by law",
    "tenants/mails.py:mail_invite": "to colleagues, invited by name",
}


def _functions(tree: ast.AST, name: str = "") -> Iterator[tuple[str, list[ast.Call]]]:
    """Each function with the calls that stand in it, those of inner functions with the inner ones."""
    calls: list[ast.Call] = []
    inner: list[ast.AST] = []
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner.append(node)
            continue
        if isinstance(node, ast.Call):
            calls.append(node)
        waiting += ast.iter_child_nodes(node)
    yield name, calls
    for node in inner:
        yield from _functions(node, node.name)  # type: ignore[attr-defined]


def _sends(call: ast.Call) -> str:
    """What a call sends, "" for nothing."""
    function = call.func
    called = name_of(function)
    owner = name_of(function.value) if isinstance(function, ast.Attribute) else ""
    inner = function.value if isinstance(function, ast.Attribute) else None
    of_delivery = isinstance(inner, ast.Attribute) and name_of(inner.value) == "Delivery"
    if called == "Delivery" or (called in MAKERS and owner == "objects" and of_delivery):
        return "makes a delivery"
    if called in LETTERS or called in POSTED:
        return f"calls {called}"
    return "calls the vendor" if called == "send" and owner == "adapter" else ""


def senders(sources: Iterable[Source]) -> list[Violation]:
    """Functions that send and do not ask."""
    found = []
    for source in sources:
        for name, calls in _functions(source.tree):
            sent = {what for call in calls if (what := _sends(call))}
            if sent and not ASKS & {name_of(call.func) for call in calls}:
                found.append(Violation(f"{source.path}:{name}", ", ".join(sorted(sent))))
    return found


def test_every_sender_asks() -> None:
    assert unexcused(senders(product()), EXCUSED) == []


def test_the_guard_looks_at_what_sends() -> None:
    """The outbox's own row and its last look are among what asks: the guard has not gone blind."""
    asking = {
        f"{source.path}:{name}"
        for source in product()
        for name, calls in _functions(source.tree)
        if ASKS & {name_of(call.func) for call in calls}
    }
    assert {
        "conversations/actions/messages.py:hand_to_outbox",
        "conversations/actions/deliveries.py:_prepare",
    } <= asking


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("def f():\n    Delivery.objects.create(message=m)", ["x.py:f: makes a delivery"]),
        ("def f():\n    Delivery.objects.bulk_create([Delivery(message=m)])", ["x.py:f: makes a delivery"]),
        ("def f():\n    send_mail('a', 'b', 'c', ['d'])", ["x.py:f: calls send_mail"]),
        ("def f():\n    mail.EmailMessage(subject='a').send()", ["x.py:f: calls EmailMessage"]),
        ("def f():\n    return adapter.send(prepared)", ["x.py:f: calls the vendor"]),
        ("def f():\n    may_send(a)\n    def g():\n        send_mail()", ["x.py:g: calls send_mail"]),
        ("def f():\n    check_consent(way, purpose)\n    Delivery.objects.create()", []),
        ("def f():\n    Delivery.objects.filter(pk=1)", []),
        ("def f():\n    signal.send(Delivery)", []),
    ],
)
def test_the_guard_finds_what_does_not_ask(text: str, wrong: list[str]) -> None:
    assert [str(one) for one in senders([Source.of("x.py", text)])] == wrong
