"""Who is logged in, read by SQL written once: every page asks."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from tenants.db.prepared import prepared
from tenants.models import User


@prepared(User)
def _people(*, pk: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


class PersonBackend(AuthenticationBackend):
    """allauth's, but for the reading."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person of a session, None when he is gone or may no longer log in."""
        found = _people(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
