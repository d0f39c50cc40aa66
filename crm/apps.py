from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from crm import registrations  # noqa: PLC0415 -- registers it

        registrations.register()
