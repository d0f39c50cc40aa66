"""The consent matrix: every purpose and medium, every state, with and without what suppresses an address."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from crm import sending_rules
from crm.models import (
    Consent,
    ConsentPolicy,
    Covers,
    Customer,
    ExclusionEntry,
    ExclusionList,
    ExclusionVersion,
    Medium,
    Purpose,
    Suppression,
)
from crm.sending_rules import Reason
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

State, Why = Consent.State, Suppression.Reason
ADDRESSES = {
    Medium.EMAIL: ("email", "ana@example.com"),
    Medium.WHATSAPP: ("phone", "+523312345678"),
    Medium.SMS: ("phone", "+523312345678"),
    Medium.PHONE: ("phone", "+523312345678"),
    Medium.MESSENGER: ("messenger", "1234567890"),
    Medium.INSTAGRAM: ("instagram", "ana.flores"),
    Medium.TELEGRAM: ("telegram", "99887766"),
    Medium.WEB: ("web", "visitor-1"),
}
# What stands of consent, and what becomes of an offer and, where the business wants it, of a survey.
STANDING: dict[str, tuple[str, timedelta | None, Reason]] = {
    "nothing": ("", None, Reason.NOT_GIVEN),
    "asked": (State.ASKED, None, Reason.NOT_CONFIRMED),
    "given": (State.GIVEN, None, Reason.ALLOWED),
    "given for a while": (State.GIVEN, timedelta(days=1), Reason.ALLOWED),
    "given until yesterday": (State.GIVEN, -timedelta(days=1), Reason.EXPIRED),
    "ran out": (State.EXPIRED, None, Reason.EXPIRED),
    "withdrawn": (State.WITHDRAWN, None, Reason.WITHDRAWN),
}
SUPPRESSED: dict[str, tuple[str, str] | None] = {
    "nothing": None,
    **{f"{why} {covers}": (why, covers) for why, covers in product(Why.values, Covers.values)},
    **{f"list {covers}": ("list", covers) for covers in Covers.values},
}
BREADTH = {
    Covers.ALL: set(Purpose),
    Covers.UNASKED: {Purpose.PROMOTION, Purpose.SURVEY},
    Covers.PROMOTION: {Purpose.PROMOTION},
}


def _expected(purpose: str, standing: str, suppressed: tuple[str, str] | None, needs: bool) -> Reason:
    """The rules once more, in the plainest words."""
    if suppressed and purpose in BREADTH[Covers(suppressed[1])]:
        return Reason.EXCLUDED if suppressed[0] == "list" else Reason(suppressed[0])
    reason = STANDING[standing][2]
    if purpose == Purpose.PROMOTION or (purpose == Purpose.SURVEY and needs):
        return reason
    return reason if reason == Reason.WITHDRAWN else Reason.ALLOWED


def _lay(customer: Customer, medium: str, purpose: str, standing: str, now: datetime) -> None:
    state, lasts, _reason = STANDING[standing]
    Consent.objects.filter(customer=customer).delete()
    if state:
        Consent.objects.create(
            customer=customer,
            medium=medium,
            purpose=purpose,
            state=state,
            since=now - timedelta(days=9),
            expires_at=now + lasts if lasts else None,
        )


def _suppress(medium: str, suppressed: tuple[str, str] | None) -> None:
    Suppression.objects.all().delete()
    ExclusionList.objects.all().delete()
    kind, value = ADDRESSES[Medium(medium)]
    if suppressed is None:
        return
    why, covers = suppressed
    if why != "list":
        Suppression.objects.create(kind=kind, value=value, reason=why, covers=covers)
        return
    excluded = ExclusionList.objects.create(name="REPEP", covers=covers)
    version = ExclusionVersion.objects.create(
        exclusion_list=excluded, file_name="repep.csv", size=1, is_current=True, state="done", due_at=None
    )
    ExclusionEntry.objects.create(version=version, value=value)


# Every purpose by mail, every medium for one purpose; the others are looked at by `make test-slow`.
QUICK = {*product([Medium.EMAIL], Purpose), *product(Medium, [Purpose.PROMOTION])}
MATRIX = [
    pytest.param(*pair, marks=[] if pair in QUICK else pytest.mark.slow) for pair in product(Medium, Purpose)
]


@pytest.mark.parametrize(("medium", "purpose"), MATRIX)
def test_one_and_many_are_judged_by_the_same_rules(scope: Business, medium: str, purpose: str) -> None:
    now = timezone.now()
    kind, value = ADDRESSES[Medium(medium)]
    customer = make_customer()
    customer.identities.create(tenant=scope.tenant, kind=kind, value=value, display=value)
    everybody, wrong = Customer.objects.all(), []
    for needs in (False, True) if purpose == Purpose.SURVEY else (False,):
        ConsentPolicy.objects.all().delete()
        ConsentPolicy.objects.create(surveys_need_consent=needs)
        for name, suppressed in SUPPRESSED.items():
            _suppress(medium, suppressed)
            for standing in STANDING if suppressed is None else ("given", "withdrawn"):
                _lay(customer, medium, purpose, standing, now)
                wanted = _expected(purpose, standing, suppressed, needs)
                verdict = sending_rules.may_send(customer, medium, purpose, value, at=now)
                many = sending_rules.those_who_may(everybody, medium, purpose, at=now)
                found = (verdict.reason, verdict.allowed, bool(verdict.sentence), many.count())
                allowed = wanted == Reason.ALLOWED
                if found != (wanted, allowed, not allowed, int(allowed)):
                    wrong.append((name, standing, wanted, found))
    assert wrong == []


def _verdict(customer: Customer, purpose: str = Purpose.SERVICE, **given: Any) -> Reason:
    at = given.pop("at", timezone.now())
    return sending_rules.may_send(customer, Medium.EMAIL, purpose, "ana@example.com", at=at, **given).reason


@pytest.mark.parametrize("why", [Why.BOUNCE, Why.UNSUBSCRIBED, Why.COMPLAINT])
def test_who_writes_after_he_said_no_is_answered_and_sent_nothing_unasked(scope: Business, why: str) -> None:
    customer, now = make_customer(email="ana@example.com"), timezone.now()
    Suppression.objects.create(
        kind="email", value="ana@example.com", reason=why, covers=Covers.ALL, added_at=now
    )
    before, after = now - timedelta(minutes=1), now + timedelta(minutes=1)
    assert _verdict(customer, heard_at=before) == Reason(why)
    assert _verdict(customer, heard_at=after) == Reason.ALLOWED
    assert _verdict(customer, Purpose.PROMOTION, heard_at=after) == Reason(why)


def test_what_a_colleague_suppressed_is_not_answered_either(scope: Business) -> None:
    customer = make_customer(email="ana@example.com")
    Suppression.objects.create(kind="email", value="ana@example.com", reason=Why.BY_HAND, covers=Covers.ALL)
    assert _verdict(customer, heard_at=timezone.now() + timedelta(hours=1)) == Reason.BY_HAND


def test_a_list_that_was_deleted_or_replaced_excludes_nobody(scope: Business) -> None:
    customer = make_customer(email="ana@example.com")
    excluded = ExclusionList.objects.create(name="Robinson", kind="email", covers=Covers.ALL)
    version = ExclusionVersion.objects.create(
        exclusion_list=excluded, file_name="a.csv", size=1, is_current=True, due_at=None
    )
    ExclusionEntry.objects.create(version=version, value="ana@example.com")
    found = [_verdict(customer)]
    ExclusionList.objects.update(removed_at=timezone.now())
    found.append(_verdict(customer))
    ExclusionList.objects.update(removed_at=None)
    ExclusionVersion.objects.update(is_current=False)
    found.append(_verdict(customer))
    assert found == [Reason.EXCLUDED, Reason.ALLOWED, Reason.ALLOWED]
