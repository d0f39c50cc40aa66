"""Every template keeps the page's policy, its forms' tokens, and its three languages."""

from collections.abc import Callable, Iterable

import pytest

from tests.guards import markup
from tests.guards.markup import Template
from tests.guards.rules import Violation, unexcused

Rule = Callable[[Iterable[Template]], list[Violation]]
NAMES = frozenset({"puente", "ctrl", "enter", "esc", "csv", "excel", "xlsx"})  # the same in every language


def untranslated(found: Iterable[Template]) -> list[Violation]:
    return markup.untranslated(found, NAMES)


EXCUSED: dict[Rule, dict[str, str]] = {
    markup.inline_code: {
        "templates/conversations/message_frame.html": "a received mail, sandboxed, with a policy of its own",
    },
    markup.forgeable_forms: {
        "templates/campaigns/appointment_page.html": "the link's token is the only credential, as below",
        "templates/crm/privacy_ask.html": "anybody may ask: there is no credential, no cookie is looked at",
        "templates/feedback/rate.html": "the link's token is the only credential; no cookie is looked at",
    },
    markup.unescaped: {
        "templates/components/field.html": "help texts are ours, and some hold markup",
        "templates/conversations/message_frame.html": "what the one sanitiser left of a mail, sandboxed",
    },
    untranslated: {
        "templates/gallery.html": "a page for developers",
        "templates/samples/workspace.html": "a page for developers",
        "templates/config/shop.html": "somebody else's site, in the one language of its shop",
    },
}
WRONG: list[tuple[Rule, str, str]] = [
    (markup.inline_code, "<script>go()</script>", "has <script>"),
    (markup.inline_code, "<style>b{}</style>", "has <style>"),
    (markup.inline_code, "<p style='color:red'></p>", "has <p style>"),
    (markup.inline_code, "<a onclick='go()'></a>", "has <a onclick>"),
    (markup.inline_code, "<a hx-on:click='go()'></a>", "has <a hx-on:click>"),
    (markup.inline_code, "<a href='javascript:go()'></a>", "has <a href>"),
    (markup.forgeable_forms, "<form method=post><input></form>", "posts a form without csrf_token"),
    (markup.forgeable_forms, '<form class="x" method="POST"></form>', "posts a form without csrf_token"),
    (markup.unescaped, "{{ message.html|safe }}", "says '|safe'"),
    (markup.unescaped, "{% autoescape off %}{{ x }}{% endautoescape %}", "says '{% autoescape off'"),
    (untranslated, "<p>Hello {{ name }}</p>", "untranslated: Hello"),
    (untranslated, "<input placeholder='Search'>", "untranslated: Search"),
]
FINE = """
{% load i18n %}{# Words for developers #}
<script src="{% static 'x.js' %}" defer></script>
<form method="post">{% csrf_token %}<input placeholder="{% translate 'Search' %}"></form>
<form method="get"><button>{% translate "Go" %}</button></form>
<p class="quiet">{% blocktranslate trimmed with name=name %}Hello {{ name }}{% endblocktranslate %} · 3</p>
<kbd>Esc</kbd>
"""


@pytest.mark.parametrize("rule", EXCUSED, ids=lambda rule: rule.__name__)
def test_templates_keep_the_rule(rule: Rule) -> None:
    assert unexcused(rule(markup.templates()), EXCUSED[rule]) == []


@pytest.mark.parametrize(("rule", "text", "told"), WRONG)
def test_wrong_template_is_told(rule: Rule, text: str, told: str) -> None:
    assert rule([Template("templates/wrong.html", text)]) == [Violation("templates/wrong.html", told)]


@pytest.mark.parametrize("rule", EXCUSED, ids=lambda rule: rule.__name__)
def test_fine_template_is_not_told(rule: Rule) -> None:
    assert rule([Template("templates/fine.html", FINE)]) == []
