"""Only the owner role may change the schema."""

from typing import Any


class MigrationsByOwner:
    """Migrations run with `migrate --database owner`; on the other roles' aliases they do nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, left: object, right: object, **hints: Any) -> bool:
        return True
