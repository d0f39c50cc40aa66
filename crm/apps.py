from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from crm import (  # noqa: PLC0415 -- models are there now, and workers know the tasks
            consent_tasks,  # noqa: F401
            duplicate_tasks,  # noqa: F401
            fact_tasks,  # noqa: F401
            import_tasks,  # noqa: F401
            registrations,
            run_tasks,  # noqa: F401
            segment_tasks,  # noqa: F401
        )
        from crm.listing import filters, segment_filter  # noqa: PLC0415
        from crm.segments import registrations as segments  # noqa: PLC0415

        registrations.register()
        segments.register_all()
        filters.register(segment_filter.SegmentFilter())
