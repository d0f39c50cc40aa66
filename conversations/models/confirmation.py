from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.left_out import RESTORED, sentence
from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet


class Happening(models.TextChoices):
    """What happens to a customer's things that he is told of."""

    APPOINTMENT_BOOKED = "appointment_booked", _("Appointment booked")
    APPOINTMENT_MOVED = "appointment_moved", _("Appointment moved")
    APPOINTMENT_CANCELLED = "appointment_cancelled", _("Appointment cancelled")
    APPOINTMENT_STARTS = "appointment_starts", _("Appointment begins")
    ORDER_PLACED = "order_placed", _("Order placed")
    ORDER_PAID = "order_paid", _("Order paid")
    ORDER_SHIPPED = "order_shipped", _("Order shipped")
    ORDER_READY = "order_ready", _("Order ready for pick-up")
    ORDER_DELIVERED = "order_delivered", _("Order delivered")
    PAYMENT_DUE = "payment_due", _("Payment due")
    PAYMENT_RECEIVED = "payment_received", _("Payment received")
    QUOTE_SENT = "quote_sent", _("Quote sent")


class ConfirmationStep(TenantOwned):
    """One message of a sequence: so long before or after something happens, this is said.

    `minutes` counts from the happening, below zero before it.
    """

    happening = models.CharField(_("when"), max_length=25, choices=Happening)
    minutes = models.IntegerField(_("how long after, in minutes"), default=0)
    template = TenantForeignKey("conversations.MessageTemplate", related_name="+")
    is_on = models.BooleanField(_("on"), default=False)
    asks = models.BooleanField(
        _("asks for an answer"), default=False, help_text="Whether he comes: yes, no, another time."
    )
    can_wait = models.BooleanField(
        _("waits for the morning"), default=True, help_text="Else it goes out in quiet hours, too."
    )
    call_minutes = models.PositiveIntegerField(
        _("call who has not answered, in minutes before"), null=True, blank=True
    )
    plan_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it is to tell of what was there before, too."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "happening", "minutes"], name="conv_confstep_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "plan_at"],
                condition=models.Q(plan_at__isnull=False),
                name="conv_confstep_plan",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.happening} {self.minutes:+d}"


class ConfirmationQuerySet(TenantQuerySet):
    def waiting(self) -> "ConfirmationQuerySet":
        """Those that are still to go out."""
        return self.filter(state=Confirmation.State.WAITING)


class Confirmation(TenantOwned):
    """One message of a sequence for one thing of one customer, and what he answered.

    Written in the transaction of what happened; `stamp` says which happening it tells of, such as the
    moment for which an appointment was booked: for another moment there is another row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its time")
        SENT = "sent", _("Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LEFT_OUT = "left_out", _("Left out")

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Cannot come")
        MOVING = "moving", _("Wants another time")
        MOVED = "moved", _("Took another time")
        DOUBTFUL = "doubtful", _("A person looks at it")

    class Thing(models.TextChoices):
        APPOINTMENT = "appointment", _("Appointment")
        ORDER = "order", _("Order")
        PAYMENT = "payment", _("Payment")
        ACTIVITY = "activity", _("Activity")

    step = TenantForeignKey(ConfirmationStep, db_on_delete=SET_NULL, null=True, related_name="confirmations")
    customer = TenantForeignKey("crm.Customer", related_name="confirmations")
    happening = models.CharField(max_length=25, choices=Happening)
    thing = models.CharField(max_length=12, choices=Thing)
    thing_id = models.UUIDField()
    stamp = models.CharField(max_length=40)
    happens_at = models.DateTimeField(help_text="When what it tells of happens or happened.")
    due_at = models.DateTimeField()
    any_hour = models.BooleanField(
        default=False, db_default=False, help_text="Somebody said: now, also in quiet hours."
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=30, blank=True, help_text="Why it did not go out: left_out.py.")
    detail = models.CharField(max_length=300, blank=True)
    message = TenantForeignKey("conversations.Message", db_on_delete=SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    call_at = models.DateTimeField(null=True, blank=True, help_text="Silence until then makes a call.")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_message = TenantForeignKey(
        "conversations.Message", db_on_delete=SET_NULL, null=True, related_name="+"
    )
    wished_at = models.DateTimeField(null=True, blank=True, help_text="The other time he asked for.")
    offered = models.JSONField(
        default=list, blank=True, help_text="The free times he was offered, round by round: [[moment, …], …]."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantManager.of(ConfirmationQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "thing_id", "step", "stamp"], name="conv_confirmation_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(state="waiting"),
                name="conv_confirmation_due",
            ),
            models.Index(
                fields=["tenant", "call_at"],
                condition=models.Q(call_at__isnull=False),
                name="conv_confirmation_call",
            ),
            models.Index(
                fields=["tenant", "answer_message"],
                condition=models.Q(answer_message__isnull=False, answered_at=None),
                name="conv_confirmation_heard",
            ),
            models.Index(fields=["tenant", "customer", "-sent_at"], name="conv_confirmation_customer"),
            models.Index(fields=["tenant", "thing_id"], name="conv_confirmation_thing"),
            models.Index(fields=["tenant", "state", "-due_at", "-id"], name="conv_confirmation_list"),
            models.Index(fields=["tenant", "due_at", "id"], name="conv_confirmation_day"),
        ]

    personal_data = ("detail",)

    def __str__(self) -> str:
        return f"{self.happening} {self.state}"

    @property
    def is_held(self) -> bool:
        """Whether it may have gone out before a backup was restored, and a person has not decided yet."""
        return self.state == self.State.LEFT_OUT and self.reason == RESTORED

    @property
    def why(self) -> str:
        """Why it did not go out, in one sentence of the reader's language."""
        return sentence(self.reason)
