from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from feedback import (  # noqa: F401, PLC0415 -- connects and registers them
            receivers,
            registrations,
            segment_conditions,
        )

        segment_conditions.register_all()
