from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from tenants import security_log  # noqa: PLC0415 -- models load after apps

        security_log.connect()
        _add_settings_places()
        _add_first_steps()


def _add_settings_places() -> None:
    from tenants.permissions import Permission  # noqa: PLC0415 -- models load after apps
    from tenants.settings_nav import Place, register  # noqa: PLC0415 -- models load after apps

    register(Place("tenants:business", _("Business"), "store", Permission.SETTINGS_WRITE, 10))
    register(Place("tenants:hours", _("Hours"), "clock", Permission.SETTINGS_WRITE, 20))
    register(Place("tenants:people", _("People"), "users", Permission.MEMBERS_READ, 30))
    register(Place("tenants:teams", _("Teams"), "users-round", Permission.MEMBERS_READ, 40))
    register(Place("tenants:keys", _("API keys"), "key-round", Permission.KEYS_WRITE, 80))
    register(Place("tenants:audit", _("Audit trail"), "history", Permission.AUDIT_READ, 90))


def _add_first_steps() -> None:
    from tenants import onboarding  # noqa: PLC0415 -- models load after apps

    onboarding.register(
        onboarding.Step(
            key="profile",
            title=_("Check your opening hours"),
            help=_("Customers are told when somebody is there. We filled in what is usual in your country."),
            action=_("Check hours"),
            url_name="tenants:hours",
            order=10,
            is_done=onboarding.profile_was_looked_at,
        )
    )
    onboarding.register(
        onboarding.Step(
            key="colleague",
            title=_("Invite a colleague"),
            help=_("Two people answer faster than one, and you can hand conversations over."),
            action=_("Invite"),
            url_name="tenants:people",
            order=50,
            is_done=onboarding.has_colleague,
        )
    )
