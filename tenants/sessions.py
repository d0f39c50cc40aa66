"""Sessions in the database, read by SQL written once: every page asks for one."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from tenants.db.prepared import prepared


@prepared(Session)
def _sessions(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's, but for the reading."""

    def _get_session_from_db(self) -> Session | None:
        """The session of the visitor's key; without one he gets a new key."""
        found = _sessions(key=self.session_key, now=timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return found[0]
