"""The bot's settings in words: each rule as a sentence with its number in place, stages, modes, advice."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.bot.balance import Advice, Mode, Stage, Standing
from conversations.bot.rules import Rules
from crm.models import Order

NUMBER = "%(n)s"
RULES = {
    "repeated": gettext_lazy("When somebody asks the same %(n)s times, a person takes over."),
    "unsure": gettext_lazy("When the bot is not sure %(n)s times in a row, a person takes over."),
    "mood": gettext_lazy("When the mood sinks or patience wears thin, a person takes over."),
    "vip": gettext_lazy("Customers with one of these labels go straight to a person."),
    "high_value": gettext_lazy(
        "Customers with an order of %(n)s or more in the last 90 days go straight to a person."
    ),
    "delicate": gettext_lazy(
        "When something delicate is spoken of, such as an accident or a fraud, a person takes over."
    ),
    "appointment_today": gettext_lazy(
        "Who has an appointment today goes to a person at the bot's first doubt."
    ),
}
ALWAYS = {
    "asked": gettext_lazy("Whoever asks for a person gets one, at once and without being asked why."),
    "words": gettext_lazy(
        "Words such as “reclamo”, “devolución” or “abogado” bring a person, also with typing mistakes."
    ),
}
MODES = {
    Mode.AUTOMATION: gettext_lazy("Bot first"),
    Mode.HYBRID: gettext_lazy("Bot while it is sure"),
    Mode.PERSON: gettext_lazy("Person first"),
}
MODES_HELP = {
    Mode.AUTOMATION: gettext_lazy("It answers, asks back and offers choices before it passes anybody on."),
    Mode.HYBRID: gettext_lazy("It answers what it is sure of; at the first doubt a person takes over."),
    Mode.PERSON: gettext_lazy("It says who comes and when, and passes everybody on at once."),
}
STAGES = {
    Stage.DISCOVERY: gettext_lazy("Discovery"),
    Stage.ENQUIRY: gettext_lazy("Enquiry"),
    Stage.PURCHASE: gettext_lazy("Purchase"),
    Stage.AFTER_SALE: gettext_lazy("After-sale"),
    Stage.LOYALTY: gettext_lazy("Loyalty"),
}
STAGES_HELP = {
    Stage.DISCOVERY: gettext_lazy("Has not bought and writes for the first time."),
    Stage.ENQUIRY: gettext_lazy("Wrote or bought before, and has nothing under way."),
    Stage.PURCHASE: gettext_lazy("Has an order that is not paid yet."),
    Stage.AFTER_SALE: gettext_lazy(
        "Has an open case, an order under way, or one that ended less than 30 days ago."
    ),
    Stage.LOYALTY: gettext_lazy("Bought three times or more, the last time within a year."),
}
PRESETS = {
    "workshop": (
        gettext_lazy("Workshop"),
        gettext_lazy("Prices and hours are asked all day; what is in repair is explained by who repairs it."),
    ),
    "restaurant": (
        gettext_lazy("Restaurant"),
        gettext_lazy("Menu, hours and delivery repeat; an order under way bears no misunderstanding."),
    ),
    "clinic": (
        gettext_lazy("Clinic"),
        gettext_lazy("Where and how much is for the bot; after a treatment every doubt is for a person."),
    ),
    "shop": (
        gettext_lazy("Online shop"),
        gettext_lazy("Most ask where their order is, and the bot knows; complaints never wait."),
    ),
    "school": (
        gettext_lazy("School"),
        gettext_lazy("Dates and fees are for the bot; families decide with a person."),
    ),
    "estate": (
        gettext_lazy("Real estate"),
        gettext_lazy("The first question is for the bot; who comes back wants an agent he knows."),
    ),
    "hotel": (
        gettext_lazy("Hotel"),
        gettext_lazy("Before the stay the bot knows it all; during and after it guests expect a person."),
    ),
    "beauty": (
        gettext_lazy("Beauty and well-being"),
        gettext_lazy("Prices, hours and place repeat; only a complaint needs a person first."),
    ),
}


def rules_in_words(rules: Rules, currency: str) -> dict[str, str]:
    """Each rule that is on, as one sentence."""
    worth = f"{rules.high_value:.15g} {currency}" if rules.high_value is not None else ""
    values: dict[str, Any] = {
        "repeated": rules.repeated,
        "unsure": rules.unsure,
        "mood": rules.mood,
        "vip": rules.vip_labels,
        "high_value": worth,
        "delicate": rules.delicate,
        "appointment_today": rules.appointment_today,
    }
    return {rule: str(RULES[rule]).replace(NUMBER, str(value)) for rule, value in values.items() if value}


def standing(found: Standing) -> str:
    """Why a customer is at a stage, in one line."""
    values: dict[str, Any] = dict(found.values)
    if "status" in values:
        values["status"] = str(dict(Order.Status.choices).get(values["status"], values["status"])).lower()
    if "days" in values:
        days = ngettext("%(n)s day ago", "%(n)s days ago", values["days"]) % {"n": values["days"]}
        values["when"] = days if values["days"] else _("today")
    if found.why == "bought_before":
        text = ngettext(
            "Bought once, nothing under way.",
            "Bought %(count)s times, nothing under way.",
            values["count"],
        )
        return text % values
    return str(STANDINGS[found.why]) % values


STANDINGS = {
    "case": gettext_lazy("Open case: %(subject)s"),
    "placed": gettext_lazy("Order %(number)s is placed and not paid yet."),
    "under_way": gettext_lazy("Order %(number)s: %(status)s."),
    "just_over": gettext_lazy("Order %(number)s: %(status)s, %(when)s."),
    "loyal": gettext_lazy("Bought %(count)s times, the last time within a year."),
    "talked_before": gettext_lazy("Wrote before and has not bought yet."),
    "new": gettext_lazy("Writes for the first time and has not bought."),
}
ADVICE = {
    "handed_over": gettext_lazy(
        "%(share)s%% of the %(count)s messages on “%(category)s” ended with a person anyway."
    ),
    "helped": gettext_lazy(
        "%(share)s%% of %(count)s customers said that an answer on “%(category)s” helped."
    ),
    "not_helped": gettext_lazy(
        "%(share)s%% of %(count)s customers said that an answer on “%(category)s” did not help."
    ),
}


def advice(found: Advice, category: str) -> str:
    """What speaks for a change, with the number."""
    values = {"share": found.share, "count": found.count, "category": category}
    return str(ADVICE[found.why]) % values
