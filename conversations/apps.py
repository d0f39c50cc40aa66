from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"

    def ready(self) -> None:
        from conversations import (  # noqa: F401, PLC0415 -- connects and registers them
            automation_tasks,
            campaign_reading_tasks,
            campaign_tasks,
            confirmation_tasks,
            journey_tasks,
            model_tasks,
            receivers,
            registrations,
            restored_tasks,
            segment_conditions,
            tasks,
            teaching_tasks,
            watchers,
        )

        registrations.register()
        segment_conditions.register_all()
