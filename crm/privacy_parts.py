"""What customers, their records and what the law asks add to archives and erasures."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm import holdings
from crm.imports import forgetting
from crm.models import Appointment, Case, FollowUp, Identity, Order, Payment, PrivacyRequest, Suppression

SETTLED = (Order.Status.DELIVERED, Order.Status.CANCELLED, Order.Status.REFUNDED)


def register() -> None:
    """Called once, when the app starts."""
    show = holdings.show
    show("crm.customer", _("Profile"), ("name", "company", "language", "timezone", "created_at"), 0)
    show("crm.identity", _("Addresses"), ("kind", "display", "is_verified", "created_at"), 10)
    show("crm.consent", _("Consents"), ("medium", "purpose", "state", "since", "expires_at"), 20)
    show(
        "crm.consentevent",
        _("Every word about consent"),
        ("happened_at", "medium", "purpose", "state", "source", "text_shown", "address"),
        21,
    )
    show("crm.preference", _("Remembered preferences"), ("topic", "value", "source", "learned_at"), 30)
    show("crm.customerlabel", _("Labels"), ("label",), 31)
    show("crm.timelineentry", _("Timeline"), ("happened_at", "kind", "channel", "data"), 40)
    show("crm.order", _("Orders"), ("placed_at", "number", "status", "total", "currency", "items"), 60)
    show("crm.appointment", _("Appointments"), (), 61)
    show("crm.payment", _("Payments"), (), 62)
    show("crm.activity", _("Activities"), ("happened_at", "kind", "amount", "data"), 63)
    show("crm.case", _("Cases"), ("opened_at", "kind", "subject", "resolved_at", "resolution"), 64)
    show("crm.customernote", _("Notes"), ("created_at", "body"), 65)
    show("crm.followup", _("Follow-ups"), ("created_at", "title", "due_at", "done_at"), 66)
    show(
        "crm.privacyrequest",
        _("Privacy requests"),
        ("received_at", "right", "name", "contact", "text", "state", "answer"),
        80,
    )
    show("crm.customermerge", _("Customers made one"), ("made_at", "before", "after"), 90)
    show("crm.likeness", _("Customers alike"), ("created_at", "reasons", "state"), 91)
    show("crm.customerarchive", _("Archives"), ("created_at", "state"), 92)
    show("crm.erasure", _("Erasures"), ("asked_at", "state"), 93)
    for label in ("crm.privacyrequest", "crm.erasure"):
        holdings.keep_emptied(label)
    holdings.search_when("crm.privacyrequest", ~Q(closed_at=None))
    holdings.tell_running(_running)
    holdings.take_along("crm.identity", _lift_suppressions)
    holdings.cut_out("crm.importchunk", "journal", forgetting.without)
    holdings.leave("tenants.invite", "addresses of colleagues")
    holdings.leave("crm.attribute", "what facts are called, not what they say")
    holdings.leave("crm.privacynotice", "the business's own words")
    holdings.leave("crm.suppression", "goes with the address it is about")
    holdings.leave(
        "crm.exclusionentry", "a public list, uploaded whole: it keeps people from being written to"
    )
    holdings.leave("crm.exclusionversion", "the same list as a file")


def _running(people: Sequence[UUID]) -> Iterable[str]:
    """Orders, appointments, payments, cases and requests that are not over."""
    mine = {"customer__in": people}
    now = timezone.now()
    orders = Order.objects.filter(**mine).exclude(status__in=SETTLED).count()
    if orders:
        yield ngettext("%(n)s order is on its way", "%(n)s orders are on their way", orders) % {"n": orders}
    coming = Appointment.objects.filter(**mine, starts_at__gt=now).count()
    if coming:
        yield ngettext("%(n)s appointment is ahead", "%(n)s appointments are ahead", coming) % {"n": coming}
    unpaid = Payment.objects.filter(**mine, status="pending").count()
    if unpaid:
        yield ngettext("%(n)s payment is pending", "%(n)s payments are pending", unpaid) % {"n": unpaid}
    cases = Case.objects.filter(**mine, resolved_at=None).count()
    if cases:
        yield ngettext("%(n)s case is open", "%(n)s cases are open", cases) % {"n": cases}
    work = FollowUp.objects.filter(**mine, done_at=None).count()
    if work:
        yield ngettext("%(n)s follow-up is open", "%(n)s follow-ups are open", work) % {"n": work}
    asked = PrivacyRequest.objects.filter(**mine, closed_at=None).count()
    if asked:
        yield (
            ngettext("%(n)s privacy request is open", "%(n)s privacy requests are open", asked) % {"n": asked}
        )


def _lift_suppressions(ids: Sequence[UUID]) -> None:
    """An address that goes leaves the list of those not to be written to; its hash stays as a tombstone."""
    for kind, value in Identity.objects.filter(pk__in=ids).values_list("kind", "value"):
        Suppression.objects.filter(kind=kind, value=value).delete()
