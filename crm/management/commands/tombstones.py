"""Keep the hashes of who was erased beside the backups, and erase again whom a restore brought back.

manage.py tombstones > file          one JSON object a line: business, digest, moment
manage.py tombstones --apply file    known again from now on; whoever has such an address is erased at once
"""

import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from crm.actions.privacy_erasure import plan_erasure, planned_for
from crm.erased import digest_of
from crm.models import Customer, Erasure, Identity, Tombstone
from tenants.actors import Actor
from tenants.scoping import tenant_scope

EVERY = "SELECT tenant_id, digest, erased_at FROM crm_tombstone ORDER BY id"
Stones = dict[UUID, dict[str, datetime]]


class Command(BaseCommand):
    help = "Print the tombstones of erased customers, or apply them after a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", type=Path, metavar="FILE", help="tombstones printed earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["apply"] is None:
            with connections["ops"].cursor() as cursor:
                cursor.execute(EVERY)
                for tenant_id, digest, erased_at in cursor:
                    line = {"tenant": str(tenant_id), "digest": digest, "erased_at": erased_at.isoformat()}
                    self.stdout.write(json.dumps(line))
            return
        again = sum(apply(tenant_id, stones) for tenant_id, stones in read(options["apply"]).items())
        self.stderr.write(f"{again} customers are erased again")


def read(path: Path) -> Stones:
    """What a file says, by business. Raises `CommandError`."""
    found: Stones = defaultdict(dict)
    try:
        for line in path.read_text().splitlines():
            row = json.loads(line)
            found[UUID(row["tenant"])][str(row["digest"])[:64]] = datetime.fromisoformat(row["erased_at"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no file of tombstones: {error}") from error
    return found


def apply(tenant_id: UUID, stones: dict[str, datetime]) -> int:
    """Know them again in one business; returns how many customers are to be erased again."""
    with tenant_scope(tenant_id):
        fresh = [Tombstone(digest=digest, erased_at=moment) for digest, moment in stones.items()]
        Tombstone.objects.bulk_create(fresh, ignore_conflicts=True)
        known = Identity.objects.values_list("customer_id", "kind", "value", "created_at").iterator()
        found = {
            customer_id
            for customer_id, kind, value, created_at in known
            if (moment := stones.get(digest_of(kind, value))) and created_at < moment
        }
        back = [
            one for one in Customer.objects.filter(pk__in=found, merged_into=None) if not planned_for(one)
        ]
        for customer in back:
            plan_erasure(customer=customer, by=Actor.system(), reason=Erasure.Reason.AGAIN, days=0)
    return len(back)
