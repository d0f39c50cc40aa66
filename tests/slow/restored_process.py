"""A process on the database of its environment: `python -m tests.slow.restored_process begin|work|answer`."""

import os
import sys


def begin() -> None:
    from tenants import pulse
    from tenants.scoping import tenant_scope
    from tests.factories.tenants import make_business
    from tests.factories.under_way import under_way

    business = make_business("Bicis Tapatías")
    with tenant_scope(business.tenant.id):
        under_way(business)
    pulse.beat()


def work() -> None:
    from tests.factories.under_way import work_of

    work_of(_tenant())


def answer() -> None:
    from conversations.models import Conversation
    from tenants.actors import Actor
    from tenants.models import Membership
    from tenants.scoping import tenant_scope
    from tests.factories.conversations import make_message

    with tenant_scope(_tenant()):
        owner = Membership.objects.get(role="owner")
        make_message(Conversation.objects.earliest("id"), "¿Te sirve?", by=Actor.of_membership(owner))
    work()


def _tenant() -> str:
    from django.db import connections

    with connections["ops"].cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_tenant")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    {"begin": begin, "work": work, "answer": answer}[sys.argv[1]]()
