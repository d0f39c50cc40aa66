"""Conversations with their messages, and what each message brings with it."""

from collections.abc import Callable

from bench.fill.plan import SAID

MEMBER = """LEFT JOIN LATERAL (SELECT array_agg(m.id ORDER BY m.created_at) AS members
  FROM tenants_membership m WHERE m.tenant_id = t.id) AS staff ON true
  LEFT JOIN LATERAL (SELECT array_agg(g.id ORDER BY g.name) AS teams
  FROM tenants_team g WHERE g.tenant_id = t.id) AS sorted ON true"""


SAYS = f"JOIN bench.said s ON s.no = (v.no * 37 + {{}} * 7919) % {SAID}"


def conversations(insert: Callable[..., None]) -> None:
    insert(
        f"""bench.conversation v JOIN (bench.tenant t {MEMBER}) ON t.no = v.tenant_no
            {SAYS.format("n")} ORDER BY v.id""",
        id="v.id",
        tenant_id="v.tenant_id",
        customer_id="v.customer_id",
        channel_id="v.channel_id",
        identity_id="v.identity_id",
        subject="CASE kind WHEN 'email' THEN subject ELSE '' END",
        status="v.status",
        priority="CASE WHEN bench.u(v.no, 31) < 0.05 THEN 3 WHEN bench.u(v.no, 31) < 0.15 THEN 2 ELSE 1 END",
        assignee_id="""CASE WHEN status <> 'open' OR bench.u(v.no, 32) < 0.7 THEN
          members[2 + floor(bench.u(v.no, 33) * (cardinality(members) - 1))::int] END""",
        team_id="CASE WHEN bench.u(v.no, 34) < 0.5 THEN teams[1 + floor(bench.u(v.no, 35) * 3)::int] END",
        preview="left(s.text, 160)",
        preview_is_ours="status <> 'open'",
        last_message_at="ended",
        last_inbound_at="CASE status WHEN 'open' THEN ended ELSE ended - step END",
        waiting_since="CASE status WHEN 'open' THEN ended END",
        snoozed_until="CASE status WHEN 'snoozed' THEN now() + interval '2 days' END",
        closed_at="CASE status WHEN 'closed' THEN ended END",
        episode_count="CASE WHEN second_episode IS NULL THEN 1 ELSE 2 END",
        created_at="began",
    )


def episodes(insert: Callable[..., None]) -> None:
    closed = "CASE status WHEN 'closed' THEN ended END"
    for number, episode, opened, ended in (
        (1, "first_episode", "began", f"CASE WHEN second_episode IS NULL THEN {closed} ELSE middle END"),
        (2, "second_episode", "middle", closed),
    ):
        insert(
            f"bench.conversation WHERE {episode} IS NOT NULL",
            id=episode,
            tenant_id="tenant_id",
            conversation_id="id",
            number=str(number),
            opened_at=opened,
            first_answer_at=f"{opened} + step",
            closed_at=ended,
        )


def messages(insert: Callable[..., None]) -> None:
    """The last is the customer's where the conversation is open, else ours; before it they take turns."""
    insert(
        f"""(SELECT v.*, m, ended - (n - m) * step AS at, ((n - m) % 2 = 0) = (status = 'open') AS theirs
             FROM bench.conversation v, generate_series(1, n) AS m
           ) AS v JOIN bench.tenant t ON t.no = v.tenant_no {SAYS.format("m")} ORDER BY at""",
        id="uuidv7(at - clock_timestamp())",
        tenant_id="v.tenant_id",
        conversation_id="v.id",
        episode_id="""CASE WHEN at > middle THEN coalesce(second_episode, first_episode)
          ELSE first_episode END""",
        kind="CASE WHEN theirs THEN 'inbound' ELSE 'outbound' END",
        author_kind="CASE WHEN theirs THEN 'customer' ELSE 'member' END",
        author_id="CASE WHEN NOT theirs THEN t.agent END",
        author_label="CASE WHEN theirs THEN v.name ELSE t.agent_name END",
        text="s.text || CASE WHEN (v.no + m) % 10 = 0 THEN ' Pedido ' || 100000 + v.no || '.' ELSE '' END",
        subject="CASE WHEN theirs AND v.kind = 'email' THEN v.subject ELSE '' END",
        data="""CASE WHEN NOT theirs THEN '{}' WHEN v.kind = 'email' THEN
          jsonb_build_object('message_id', v.no || '.' || m || '@correo.example', 'automatic', '')
          ELSE '{"page": {"url": "https://negocio.example/"}, "answers": {}}' END""",
        client_id="CASE WHEN v.kind = 'web' OR NOT theirs THEN md5('client ' || v.no || ' ' || m)::uuid END",
        provider_id="""CASE WHEN NOT theirs THEN '' WHEN v.kind = 'web' THEN
          v.visitor || ':' || md5('client ' || v.no || ' ' || m)::uuid
          ELSE encode(sha256(convert_to(v.no || '.' || m, 'UTF8')), 'hex') END""",
        provider_at="CASE WHEN theirs AND v.kind = 'email' THEN at END",
        created_at="at",
    )


OF_MESSAGE = "conversations_message m JOIN bench.conversation v ON v.id = m.conversation_id"


def timeline(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} ORDER BY m.id",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        customer_id="v.customer_id",
        kind="CASE m.kind WHEN 'inbound' THEN 'message_in' ELSE 'message_out' END",
        happened_at="m.created_at",
        object_id="m.id",
        context_id="v.id",
        channel="v.kind",
        actor_label="m.author_label",
        data="""jsonb_build_object('text', left(m.text, 200),
          'subject', CASE v.kind WHEN 'email' THEN v.subject ELSE '' END)""",
    )
    insert(
        """conversations_episode e JOIN bench.conversation v ON v.id = e.conversation_id
           WHERE e.closed_at IS NOT NULL""",
        id="uuidv7(e.closed_at - clock_timestamp())",
        tenant_id="e.tenant_id",
        customer_id="v.customer_id",
        kind="'conversation_closed'",
        happened_at="e.closed_at",
        object_id="e.id",
        context_id="v.id",
        channel="v.kind",
    )
    insert(
        "crm_order o",
        id="uuidv7(o.placed_at - clock_timestamp())",
        tenant_id="o.tenant_id",
        customer_id="o.customer_id",
        kind="'order'",
        happened_at="o.placed_at",
        object_id="o.id",
        data="""jsonb_build_object(
          'number', o.number, 'status', o.status, 'total', o.total::text, 'currency', o.currency)""",
    )


def deliveries(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} WHERE m.kind = 'outbound' ORDER BY m.id",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        message_id="m.id",
        channel_id="v.channel_id",
        status="CASE v.kind WHEN 'web' THEN 'read' ELSE 'sent' END",
        attempts="CASE v.kind WHEN 'web' THEN 0 ELSE 1 END",
        provider_id="""CASE v.kind WHEN 'web' THEN ''
          ELSE replace(m.id::text, '-', '') || '@negocio.example' END""",
        due_at="m.created_at",
        created_at="m.created_at",
        settled_at="m.created_at",
    )


def events(insert: Callable[..., None]) -> None:
    insert(
        f"""{OF_MESSAGE}, LATERAL (SELECT convert_to(jsonb_build_object('visitor', v.visitor, 'client_id',
            m.client_id, 'id', m.id, 'text', m.text, 'page', m.data -> 'page')::text, 'UTF8') AS raw) AS r
            WHERE m.kind = 'inbound' ORDER BY m.id""",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        channel_id="v.channel_id",
        body_hash="encode(sha256(raw), 'hex')",
        body="raw",
        content_type="CASE v.kind WHEN 'web' THEN 'application/json' ELSE 'message/rfc822' END",
        outcome="'message'",
        attempts="1",
        due_at="NULL",
        message_id="m.id",
        received_at="m.created_at",
        processed_at="m.created_at",
    )


def items(insert: Callable[..., None]) -> None:
    insert(
        "conversations_inboundevent e JOIN conversations_message m ON m.id = e.message_id ORDER BY e.id",
        id="uuidv7(e.received_at - clock_timestamp())",
        tenant_id="e.tenant_id",
        event_id="e.id",
        channel_id="e.channel_id",
        kind="'message'",
        provider_id="m.provider_id",
    )


def references(insert: Callable[..., None]) -> None:
    insert(
        f"{OF_MESSAGE} WHERE m.kind = 'inbound' AND v.kind = 'email'",
        id="uuidv7(m.created_at - clock_timestamp())",
        tenant_id="m.tenant_id",
        channel_id="v.channel_id",
        conversation_id="v.id",
        reference="encode(sha256(convert_to(m.data ->> 'message_id', 'UTF8')), 'hex')",
    )
