"""What is known of the customer himself: his name, his addresses, his labels, what he allowed."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower, Substr
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm.models import Consent, Customer, CustomerLabel, Identity, Medium, Purpose
from crm.segments import periods
from crm.segments.conditions.wording import ALL_OF, ANY_OF, NONE_OF, SEVERAL_OPS, text_is, text_params
from crm.segments.params import Choice, Refs, Several
from crm.segments.records import PERIOD, grouped, has_op, members, whether
from crm.segments.registry import Condition, Context, Values
from tenants import formats

LANGUAGES = {"es": gettext_lazy("Spanish"), "pt": gettext_lazy("Portuguese"), "en": gettext_lazy("English")}


def column(name: str) -> dict[str, Any]:
    """`q` and `evidence` of a text of the customer."""

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        found = Customer.objects.filter(pk__any=context.among or ()).values_list("pk", name)
        return {pk: text for pk, text in found if text}

    return {"q": lambda values, context: text_is(F(name), values), "evidence": evidence}


def moment(name: str) -> dict[str, Any]:
    """`q` and `evidence` of a moment of the customer."""

    def q(values: Values, context: Context) -> Q:
        begin, end = periods.moments(values["period"], context.clock)
        found = Q(**{f"{name}__gte": begin}) if begin else Q()
        return found & Q(**{f"{name}__lt": end}) if end else found

    def evidence(values: Values, context: Context) -> dict[UUID, str]:
        found = Customer.objects.filter(pk__any=context.among or ()).values_list("pk", name)
        zone = context.clock.zone
        return {pk: formats.long_date(timezone.localtime(at, zone).date()) for pk, at in found}

    return {"q": q, "evidence": evidence}


def _language(values: Values, context: Context) -> Q:
    code = Lower(Substr("language", 1, 2))
    return Q(In(code, values["languages"]))


def _labels(values: Values, context: Context) -> Q:
    rows = context.rows(CustomerLabel.objects.filter(label_id__any=values["labels"]))
    if values["op"] == ALL_OF:
        return members(grouped(rows, Count("*"), total=len(values["labels"])))
    return members(rows) if values["op"] == ANY_OF else ~members(rows)


def _identities(values: Values, context: Context) -> QuerySet[Any]:
    rows = Identity.objects.filter(kind=values["kind"])
    return rows.filter(is_verified=True) if values.get("verified") else rows


def _consent(values: Values, context: Context) -> Q:
    rows = Consent.objects.filter(medium=values["medium"], purpose=values["purpose"])
    lasting = Q(expires_at=None) | Q(expires_at__gt=context.clock.now)
    given = members(context.rows(rows.filter(lasting, state=Consent.State.GIVEN)))
    match values["op"]:
        case "given":
            return given
        case "not_given":
            return ~given
    return members(context.rows(rows.filter(state=values["op"])))


CUSTOMER = [
    Condition(
        "customer.name",
        "customer",
        gettext_lazy("Name"),
        text_params(),
        gettext_lazy("name %(op)s %(text)s"),
        **column("name"),
    ),
    Condition(
        "customer.company",
        "customer",
        gettext_lazy("Company"),
        text_params(),
        gettext_lazy("company %(op)s %(text)s"),
        **column("company"),
    ),
    Condition(
        "customer.language",
        "customer",
        gettext_lazy("Language"),
        (Several(name="languages", label=gettext_lazy("Language"), options=LANGUAGES),),
        gettext_lazy("language %(languages)s"),
        _language,
    ),
    Condition(
        "customer.created",
        "customer",
        gettext_lazy("Added"),
        (PERIOD,),
        gettext_lazy("added %(period)s"),
        **moment("created_at"),
    ),
    Condition(
        "customer.last_contact",
        "customer",
        gettext_lazy("Last contact"),
        (PERIOD,),
        gettext_lazy("last contact %(period)s"),
        **moment("last_contact_at"),
    ),
    Condition(
        "identity",
        "customer",
        gettext_lazy("Address"),
        (
            has_op(),
            Choice(
                name="kind",
                label=gettext_lazy("Kind of address"),
                options=dict(Identity.Kind.choices),
                default=Identity.Kind.EMAIL,
            ),
            Choice(
                name="verified",
                label=gettext_lazy("Verified"),
                options={"yes": gettext_lazy("verified")},
                may_be_any=True,
            ),
        ),
        {
            "has": gettext_lazy("an address by %(kind)s %(verified)s"),
            "has_not": gettext_lazy("no address by %(kind)s %(verified)s"),
        },
        **whether(_identities),
    ),
    Condition(
        "label",
        "customer",
        gettext_lazy("Label"),
        (
            Choice(name="op", label=gettext_lazy("How"), options=SEVERAL_OPS, default=ANY_OF),
            Refs(name="labels", label=gettext_lazy("Label"), what="label"),
        ),
        {
            ANY_OF: gettext_lazy("label %(labels)s"),
            ALL_OF: gettext_lazy("all of the labels %(labels)s"),
            NONE_OF: gettext_lazy("without the label %(labels)s"),
        },
        _labels,
    ),
]
CONSENTS = [
    Condition(
        "consent",
        "consents",
        gettext_lazy("Consent"),
        (
            Choice(
                name="op",
                label=gettext_lazy("State"),
                default="given",
                options={
                    "given": gettext_lazy("given and not expired"),
                    "not_given": gettext_lazy("not given, or expired"),
                    "withdrawn": gettext_lazy("withdrawn"),
                    "asked": gettext_lazy("asked, not confirmed yet"),
                },
            ),
            Choice(
                name="medium", label=gettext_lazy("By"), options=dict(Medium.choices), default=Medium.WHATSAPP
            ),
            Choice(
                name="purpose",
                label=gettext_lazy("For"),
                options=dict(Purpose.choices),
                default=Purpose.PROMOTION,
            ),
        ),
        gettext_lazy("consent by %(medium)s for %(purpose)s %(op)s"),
        _consent,
    ),
]
