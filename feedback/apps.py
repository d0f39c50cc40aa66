from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from feedback import receivers, registrations  # noqa: F401, PLC0415 -- connects and registers them
