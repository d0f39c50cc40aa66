from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"

    def ready(self) -> None:
        from conversations import receivers, registrations, tasks  # noqa: F401, PLC0415 -- connects and registers them

        registrations.register()
