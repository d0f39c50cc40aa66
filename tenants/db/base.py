"""Django's PostgreSQL backend with two features set by us: neither is asked of the server."""

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """Group by every selected column: once the key is (tenant_id, id), `id` alone implies nothing.

    No column is computed while it is read: whether the server could is not asked, so that checks need none.
    """

    supports_virtual_generated_columns = False

    def allows_group_by_selected_pks_on_model(self, model: object) -> bool:
        return False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
