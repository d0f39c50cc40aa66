"""The records of a mail domain in words: what each is for, and what it means as it stands."""

from django.utils.translation import gettext_lazy as _

from conversations.channels.email.domains import (
    DKIM,
    DMARC,
    ELSEWHERE,
    LINKS,
    MISSING,
    MX,
    OK,
    SPF,
    UNKNOWN,
    WRONG,
)

NAMES = {
    SPF: _("Who may send (SPF)"),
    DKIM: _("Signature (DKIM)"),
    DMARC: _("What becomes of forgeries (DMARC)"),
    MX: _("Where answers arrive (MX)"),
    LINKS: _("Your own domain in links"),
}
WHY = {
    SPF: _(
        "It names the servers that may send mail from your domain. Without it, anybody can write in your "
        "name, and Gmail, Outlook and others put your mail into spam."
    ),
    DKIM: _(
        "Each mail is signed with a key that nobody else has. Whoever gets it can see that it comes from you "
        "and that nobody changed it on the way."
    ),
    DMARC: _(
        "It tells other servers what to do with mail that only pretends to be yours. Gmail and Yahoo ask it "
        "of everybody who writes to many."
    ),
    MX: _("It says which server takes the mail to your domain. Without it, no answer reaches you."),
    LINKS: _(
        "Links in your mails lead through your own domain instead of ours: people trust it more, and so do "
        "filters."
    ),
}
STATES = {
    OK: _("In order"),
    MISSING: _("Missing"),
    WRONG: _("Not right"),
    UNKNOWN: _("No answer"),
    ELSEWHERE: _("Please look"),
    "": _("Not looked at yet"),
}
ADVICE = {
    (SPF, MISSING): _("Add this record where your domain is managed."),
    (SPF, WRONG): _(
        "There must be exactly one such record, and it must not allow everybody. Put all servers into one."
    ),
    (SPF, ELSEWHERE): _(
        "There is a record, but it does not name the server we send by. Put this part of ours into yours; "
        "if your provider has it in another form, all is well."
    ),
    (DKIM, MISSING): _("Add this record where your domain is managed. We sign already."),
    (DKIM, WRONG): _("There is another key under this name. Replace it by this one."),
    (DKIM, ELSEWHERE): _(
        "We do not sign: your mail server or provider does. Ask there whether it signs for your domain, or "
        "make a key here."
    ),
    (DMARC, MISSING): _("Add this record. It only asks for reports at first and stops no mail."),
    (DMARC, WRONG): _("There must be exactly one such record, and it must say what to do (p=…)."),
    (MX, MISSING): _("Ask your mail provider which records it wants."),
    (MX, WRONG): _("The record says that your domain takes no mail. Ask your mail provider what it wants."),
    (LINKS, MISSING): _("Add this record. Until it is there, links of your mails do not open."),
    (LINKS, WRONG): _("The name leads elsewhere. Until it leads here, links of your mails do not open."),
}
SILENT = _("The DNS did not answer in time. Look again in a while.")
TONES = {OK: "success", MISSING: "danger", WRONG: "danger", UNKNOWN: "grey", ELSEWHERE: "warning", "": "grey"}


def advice(what: str, state: str) -> str:
    """What to do about it; "" where nothing is."""
    return str(SILENT if state == UNKNOWN else ADVICE.get((what, state), ""))
