"""Settings: the bot, its rules, its balance, its texts, and a box to try it in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations import bot_numbers, trials
from conversations import bot_sentences as sentences
from conversations.actions import bot_content, bots, rules_trials
from conversations.actions.turns import CHATS
from conversations.bot import balance as balances
from conversations.bot import reasons
from conversations.bot.balance import Balance, Mode
from conversations.bot.rules import Rules
from conversations.models import ArticleVersion, Bot, Category, Conversation, RulesTrial
from conversations.workspace import bot_forms
from conversations.workspace.bot_forms import BotForm
from conversations.workspace.work_forms import channel_choices
from crm.models import Label
from tenants.decorators import get_or_404, requires
from tenants.kit import undo
from tenants.kit.text import clean
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

WRITE = Permission.SETTINGS_WRITE
FEW_ANSWERS = 5


def _bot() -> Bot:
    return Bot.objects.first() or Bot()


def _save(request: BusinessRequest, here: str, given: dict[str, Any], text: str = "") -> HttpResponse:
    """Keep what was changed and go back to the page, which offers to undo it. Raises `Refused`."""
    seen = request.POST.get("seen", "")
    at = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
    saved = bots.save_bot(by=request.actor, seen=at, **given)
    response = redirect(here)
    if not saved.before:
        messages.success(request, _("Nothing was changed."))
        return response
    text = text or _("Saved.")
    key = undo.keep("bot", saved.before)
    if not key:
        messages.success(request, text)
        return response
    url = burl(request, "conversations:bot-restoration")
    return undo.offer(request, response, undo.Undo(text, url, {"undo": key}))


@requires(WRITE)
@require_POST
def bot_restoration(request: BusinessRequest) -> HttpResponse:
    """The settings as they were before the last change."""
    response = redirect(burl(request, "conversations:bot"))
    return undo.bring_back(
        request, response, "bot", lambda kept: bots.save_bot(by=request.actor, whole=True, **kept)
    )


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def bot(request: BusinessRequest) -> HttpResponse:
    """On or off, its name and channels; how it did of late; a box to try it in."""
    found = _bot()
    form = BotForm(request.POST if request.method == "POST" else None, initial=bot_forms.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            text = ""
            if form.cleaned_data["is_on"] != found.is_on:
                text = _("The bot is off.") if found.is_on else _("The bot is on.")
            return _save(request, burl(request, "conversations:bot"), form.cleaned_data, text)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    published = ArticleVersion.objects.filter(state=ArticleVersion.State.PUBLISHED).count()
    names = dict(channel_choices())
    context = {
        "bot": found,
        "tab": "bot",
        "form": form,
        "published": published,
        "is_thin": published < FEW_ANSWERS,
        "lately": bot_numbers.lately(),
        "held": Conversation.objects.filter(with_bot=True).active().count(),
        "kinds": [(kind, names[kind]) for kind in sorted(CHATS) if kind in names],
        "longest": 1_000,
    }
    return render(request, "conversations/bot.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_POST
def bot_trial(request: BusinessRequest) -> HttpResponse:
    """What it would do with a text. Nothing is sent or written."""
    text, kind = clean(request.POST.get("text", ""), trials.LONGEST).strip(), request.POST.get("kind", "")
    if not text:
        return HttpResponse(_("Write what a customer would write."), status=422, content_type="text/plain")
    try:
        trial = trials.try_out(text, channel_kind=kind if kind in CHATS else "web")
    except trials.NoWorkerNow as refusal:
        headers = {"Retry-After": str(refusal.retry_after)}
        return HttpResponse(str(refusal), status=refusal.status, headers=headers, content_type="text/plain")
    context = {
        "text": text,
        "trial": trial,
        "title": TRIED[trial.action],
        "reason": reasons.SENTENCES.get(trial.reason, ""),
        "percent": None if trial.probability is None else round(100 * trial.probability),
        "category": dict(Category.choices).get(trial.category, ""),
        "mode": sentences.MODES.get(Mode(trial.mode), ""),
        "language": dict(bot_forms.LANGUAGES).get(trial.language.partition("-")[0], trial.language),
        "words": ", ".join(
            one["words"] for one in trial.rules if one["words"] and not text.startswith(one["words"])
        ),
        "urgency": URGENCIES.get(trial.urgency, ""),
        "mood": MOODS.get(trial.mood, ""),
        "bot_name": _bot().name or "Puente",
    }
    template = "conversations/bot_trial.html" if request.htmx else "conversations/bot_trial_page.html"
    return render(request, template, context)


TRIED = {
    "answer": gettext_lazy("It would answer"),
    "choices": gettext_lazy("It would offer choices"),
    "ask": gettext_lazy("It would ask back"),
    "hand_off": gettext_lazy("It would pass to a person"),
}
URGENCIES = {
    "low": gettext_lazy("Can wait"),
    "normal": gettext_lazy("Normal"),
    "high": gettext_lazy("Urgent"),
}
MOODS = {
    "positive": gettext_lazy("Pleased"),
    "neutral": gettext_lazy("Calm"),
    "negative": gettext_lazy("Upset"),
}


# --- rules ---


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def bot_rules(request: BusinessRequest) -> HttpResponse:
    """When a person comes first: sentences with their numbers, and what others would have changed."""
    found, problem, status, trial = _bot(), "", 200, None
    rules, words, harmless = Rules.of(found.rules), list(found.words), found.harmless
    if request.method == "POST":
        given, typed = bot_forms.read_words(request.POST), bot_forms.read_rules(request.POST)
        try:
            rules = bot_content.checked_rules(typed, rules)
            words = bot_content.checked("words", given["words"], found)
            harmless = bot_content.checked("harmless", given["harmless"], found)
            if request.POST.get("op") == "try":
                trial = rules_trials.begin(
                    by=request.actor, rules=rules.kept(), words=words, harmless=harmless
                )
            else:
                changed = {"rules": rules.kept(), "words": words, "harmless": harmless}
                return _save(request, burl(request, "conversations:bot-rules"), changed)
        except Refused as refusal:
            problem, status = str(refusal), 422
            words, rules = given["words"], Rules.of({**rules.kept(), **typed})
    context = {
        "bot": found,
        "tab": "rules",
        "problem": problem,
        "lines": bot_forms.rule_lines(rules, request.tenant.currency),
        "always": sentences.ALWAYS,
        "labels": [(str(one.pk), one.name, one.color) for one in Label.objects.order_by("name")],
        "vip_labels": rules.vip_labels,
        "delicate_words": "\n".join(rules.delicate_words),
        "words": "\n".join(words),
        "harmless": harmless,
        "harmless_choices": Bot.Harmless.choices,
        "seen": request.POST.get("seen") or found.version,
        **(_told(trial, request) if trial else {}),
    }
    return render(request, "conversations/bot_rules.html", context, status=status)


@requires(WRITE)
@require_safe
def bot_rules_trial(request: BusinessRequest, rules_trial_id: UUID) -> HttpResponse:
    """How far a trial is, then what other rules would have changed."""
    trial = get_or_404(RulesTrial.objects.seen_by(request.actor), rules_trial_id)
    name = "conversations/bot_rules_trial.html" if request.htmx else "conversations/bot_rules_trial_page.html"
    return render(request, name, _told(trial, request))


def _told(trial: RulesTrial, request: BusinessRequest) -> dict[str, Any]:
    """A trial with its cases in words; what only repeats the message is left out."""
    shown: dict[str, Any] = {"trial": trial, "more": [], "fewer": []}
    for case in rules_trials.cases(trial, request.actor):
        text = case.decision.message.text
        shown["more" if case.is_more else "fewer"].append({
            "conversation": case.decision.conversation,
            "text": text,
            "at": case.decision.created_at,
            "why": reasons.SENTENCES.get(case.rule, case.rule),
            "words": "" if text.startswith(case.words) else case.words,
        })  # fmt: skip
    return shown


# --- balance ---


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def bot_balance(request: BusinessRequest) -> HttpResponse:
    """Who comes first by stage, matter, channel, label and value; what the numbers speak for."""
    found, problem, status = _bot(), "", 200
    balance = Balance.of(found.balance)
    shown: dict[str, Any] = {}
    numbers = bot_numbers.by_category()
    advice = balances.advise(numbers, balance)
    op = ""
    if request.method == "POST":
        op = request.POST.get("op", "save")
        typed = bot_forms.read_balance(request.POST)
        try:
            balance = bot_content.checked_balance(typed, Balance())
            if op == "save":
                kept = {"balance": balance.kept()}
                return _save(request, burl(request, "conversations:bot-balance"), kept)
            if op.startswith("advice:"):
                taken = [one for one in advice if one.row.category == op.partition(":")[2]]
                balance = Balance(balance.default, (*(one.row for one in taken), *balance.rows))
        except Refused as refusal:
            problem, status, shown = str(refusal), 422, typed
    categories = dict(Category.choices)
    heard = max((one.heard for one in numbers), default=0)
    context = {
        "bot": found,
        "tab": "balance",
        "problem": problem,
        "default": shown.get("default", balance.default),
        "rows": shown.get("rows", balance.rows),
        "advice": [
            {
                "category": one.row.category,
                "mode": sentences.MODES[one.row.mode],
                "name": categories.get(one.row.category, one.row.category),
                "why": sentences.advice(one, str(categories.get(one.row.category, one.row.category))),
            }
            for one in advice
        ],
        "heard": heard,
        "enough": balances.ENOUGH,
        "is_enough": heard >= balances.ENOUGH,
        "is_changed": bool(op),
        "currency": request.tenant.currency,
        "seen": request.POST.get("seen") or found.version,
        "most": bot_content.MOST_ROWS,
        **bot_forms.balance_choices(),
    }
    return render(request, "conversations/bot_balance.html", context, status=status)


# --- texts ---


@requires(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def bot_texts(request: BusinessRequest) -> HttpResponse:
    """What it says besides the answers, in three languages."""
    found, problem, status = _bot(), "", 200
    usual = request.tenant.language.partition("-")[0]
    known = dict(bot_forms.LANGUAGES)
    language = request.GET.get("language", usual)
    language = language if language in known else "es"
    texts = found.texts
    if request.method == "POST":
        given = bot_forms.read_texts(request.POST, language)
        if request.POST.get("op") == "reset":
            given = {language: {key: [] for key in given[language]}}
        try:
            here = f"{burl(request, 'conversations:bot-texts')}?language={language}"
            return _save(request, here, {"texts": given})
        except Refused as refusal:
            problem, status = str(refusal), 422
            texts = {**texts, **given}
    context = {
        "bot": found,
        "tab": "texts",
        "problem": problem,
        "language": language,
        "languages": bot_forms.LANGUAGES,
        "groups": bot_forms.text_groups(Bot(name=found.name, texts=texts), language, request.tenant.name),
        "sample": bot_forms.sample(language, found, request.tenant.name),
        "has_own": bool(texts.get(language)),
        "seen": request.POST.get("seen") or found.version,
    }
    return render(request, "conversations/bot_texts.html", context, status=status)
