from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from crm import fact_tasks, registrations, run_tasks  # noqa: F401, PLC0415 -- registers them

        registrations.register()
        from crm import duplicate_tasks  # noqa: F401, PLC0415 -- workers know it
        from crm import segment_tasks  # noqa: F401, PLC0415 -- workers know it
        from crm.segments import registrations as segments  # noqa: PLC0415 -- registers them

        segments.register_all()
        from crm.listing import filters, segment_filter  # noqa: PLC0415 -- registers it

        filters.register(segment_filter.SegmentFilter())
        from crm import import_tasks  # noqa: F401, PLC0415 -- workers know it
        from crm import consent_tasks  # noqa: F401, PLC0415 -- workers know it
