from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


class Touch(TenantOwned):
    """That something fetched a link or the picture of a campaign's mail: a person, or a machine.

    Unverified when it is written; a worker judges it a little later, together with what came around it
    (conversations/tracking/judging.py). Only what a person did reaches the recipient's line. Neither
    address nor browser of whoever it was is kept.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("Opened")
        CLICK = "click", _("Clicked")
        TRAP = "trap", _("Followed a link nobody sees")

    class Agent(models.TextChoices):
        """What it says it is."""

        NONE = "none", _("says nothing")
        DESKTOP = "desktop", _("computer")
        MOBILE = "mobile", _("phone or tablet")
        MAIL = "mail", _("mail program")
        PROXY = "proxy", _("picture proxy")
        SCANNER = "scanner", _("scanner")
        OTHER = "other", _("something else")

    class Verdict(models.TextChoices):
        UNVERIFIED = "unverified", _("not judged yet")
        PERSON = "person", _("a person")
        MACHINE = "machine", _("a machine")

    class Sign(models.TextChoices):
        """By what a machine was told."""

        METHOD = "method", _("asked for the headers alone")
        PREFETCH = "prefetch", _("said that it only prepares")
        AGENT = "agent", _("a program known to look at mails")
        AT_ONCE = "at_once", _("right after it was sent")
        BURST = "burst", _("several links at once")
        TRAP = "trap", _("followed a link nobody sees")

    recipient = TenantForeignKey("conversations.Recipient", related_name="touches")
    kind = models.CharField(max_length=5, choices=Kind)
    number = models.PositiveSmallIntegerField(default=0, help_text="Of the link; 0 for the picture.")
    at = models.DateTimeField(default=timezone.now)
    agent = models.CharField(max_length=10, choices=Agent, default=Agent.OTHER)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.UNVERIFIED)
    sign = models.CharField(max_length=10, choices=Sign, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "recipient", "at"], name="conv_touch_of"),
            models.Index(
                fields=["tenant", "at"],
                condition=models.Q(verdict="unverified"),
                name="conv_touch_unverified",
            ),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.verdict}"
