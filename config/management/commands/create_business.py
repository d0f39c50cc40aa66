"""A business from the shell, ready to be used:

manage.py create_business "NAME" OWNER_EMAIL --country MX --json
"""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from conversations.actions.channels import reset_token
from conversations.models import Channel
from tenants import doors
from tenants.actions.api_keys import create_api_key
from tenants.actions.businesses import create_business
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.localities import LOCALITIES
from tenants.models import DirectoryEntry, Membership, User
from tenants.permissions import Permission
from tenants.scoping import tenant_scope

LINK_LIVES = timedelta(hours=24)


class Command(BaseCommand):
    help = "Opens a business and prints how to enter it. The owner may have businesses already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the business")
        parser.add_argument(
            "owner_email", help="the owner's e-mail; counts as verified, since you vouch for it"
        )
        parser.add_argument("--country", default="MX", help="two letters (ISO 3166-1), MX by default")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        name, email, country = self._checked(options)
        with transaction.atomic():
            owner = self._owner(email)
            membership = create_business(name=name, country=country, owner=owner)
            with tenant_scope(membership.tenant_id):
                result = self._furnish(membership)
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(f"{membership.tenant.name}\n  log in once: {result['login_url']}")
            self.stdout.write(f"  API key:     {result['api_key']}")

    def _checked(self, options: dict[str, Any]) -> tuple[str, str, str]:
        name = one_line(options["name"], 120)
        if not name:
            raise CommandError("the business needs a name", returncode=2)
        email = options["owner_email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is no e-mail address", returncode=2) from None
        country = options["country"].strip().upper()
        if country not in LOCALITIES:
            known = " ".join(sorted(LOCALITIES))
            raise CommandError(
                f"there is no country {country!r} here yet; choose one of {known}", returncode=2
            )
        return name, email, country

    def _owner(self, email: str) -> User:
        """The person with this address, made if need be.

        An account whose address nobody proved loses its password: it may be a stranger's.
        """
        owner = doors.user_by_email(email) or User.objects.create_user(email)
        address, _created = EmailAddress.objects.get_or_create(
            user=owner, email=email, defaults={"primary": True}
        )
        if not address.verified:
            owner.set_unusable_password()
            owner.save(update_fields=["password"])
            address.verified = True
            address.save(update_fields=["verified"])
        return owner

    def _furnish(self, membership: Membership) -> dict[str, Any]:
        by = Actor.of_membership(membership)
        _key, api_key = create_api_key(name="create_business", scopes=Permission, by=by)
        web, email = (Channel.objects.get(kind=kind) for kind in ("web", "email"))
        return {
            "tenant_id": str(membership.tenant_id),
            "slug": membership.tenant.slug,
            "owner_id": str(membership.user_id),
            "login_url": settings.BASE_URL + self._login_link(membership),
            "api_key": api_key,
            "channels": {
                "web": {"id": str(web.id)},
                "email": {"id": str(email.id), "token": reset_token(channel=email, by=by)},
            },
        }

    def _login_link(self, membership: Membership) -> str:
        secret = doors.new_secret()
        doors.register(
            DirectoryEntry.Kind.LOGIN,
            doors.fingerprint(secret),
            tenant_id=membership.tenant_id,
            target_id=membership.user_id,
            expires_at=timezone.now() + LINK_LIVES,
        )
        return reverse("tenants_public:login-link", args=[secret])
