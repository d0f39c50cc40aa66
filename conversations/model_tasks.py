"""Workers' doors of the language model: each takes ids, enters the business and calls one action."""

from tenants.kit.tasks import tenant_task


@tenant_task(queue="slow", scoped=False)
def write_text(tenant_id: str, model_call_id: str) -> None:
    from conversations.actions import model_writing  # noqa: PLC0415 -- leaf

    model_writing.write(tenant_id, model_call_id)


@tenant_task(queue="slow", scoped=False)
def check_model(tenant_id: str) -> None:
    from conversations.actions import model_endpoint  # noqa: PLC0415 -- leaf

    model_endpoint.check(tenant_id)
