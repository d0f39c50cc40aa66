"""Why the bot handed over, in one line for the colleague who takes it."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "asked": _("He asked for a person."),
    "words": _("He used words that call for a person."),
    "complaint": _("It reads like a complaint."),
    "vip": _("He is one of the customers who go straight to a person."),
    "high_value": _("A large order is at stake."),
    "delicate": _("Something delicate is spoken of."),
    "mood": _("His patience wears thin."),
    "repeated": _("He asked the same again."),
    "unsure": _("The bot was not sure what he wants."),
    "appointment_today": _("He has an appointment today and the bot was not sure."),
    "appointment_moves": _("He asks for another time for his appointment."),
    "appointment_doubt": _("He answered whether he comes, and it is not plain."),
    "not_helped": _("The bot's answer did not help him."),
    "unreadable": _("He sends what the bot cannot read."),
    "identity": _("He asks for something of his, and who he is has to be looked at."),
    "person_first": _("The business wants a person first here."),
    "off": _("The bot was switched off."),
    "broken": _("The bot could not answer."),
}
