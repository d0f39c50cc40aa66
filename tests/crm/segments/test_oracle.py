"""Rules by chance over a business by chance: PostgreSQL and plain Python name the same customers."""

from random import Random
from zoneinfo import ZoneInfo

from django.utils import timezone

from crm.models import Customer
from crm.segments import compile as compiling
from crm.segments import rules
from crm.segments.params import Names
from crm.segments.registry import CONDITIONS, Context
from tests.crm.segments.world import CHECKS, Rules, World
from tests.factories.tenants import Business

RULES, SIZE = 200, 60
CRM = [key for key in CONDITIONS if key in CHECKS]


def test_200_nested_rules_name_whom_plain_python_names(scope: Business) -> None:
    random = Random("segments")
    now, zone = timezone.now(), ZoneInfo(scope.tenant.timezone)
    world = World(random, now, zone, SIZE)
    make, names = Rules(random, world), Names()
    context = Context(names, compiling.Clock(now, zone), scope.tenant.currency)
    wrong, some = [], 0
    for number in range(RULES):
        rule = rules.checked(make.rule([CRM[number % len(CRM)]]), names)
        expected = world.matching(rule)
        found = set(Customer.objects.filter(compiling.compiled(rule, context)).values_list("pk", flat=True))
        some += 0 < len(expected) < SIZE
        if found != expected:
            wrong.append((rule["where"], len(found - expected), len(expected - found)))
    assert wrong == []
    assert some > RULES / 2


def test_every_condition_of_crm_has_its_python() -> None:
    own = {key for key, one in CONDITIONS.items() if one.group not in ("conversations", "ratings")}
    assert own == set(CHECKS)
