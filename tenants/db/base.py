"""Django's PostgreSQL backend with one feature set for the day the primary keys are swapped."""

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """Group by every selected column: once the key is (tenant_id, id), `id` alone implies nothing."""

    def allows_group_by_selected_pks_on_model(self, model: object) -> bool:
        return False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
