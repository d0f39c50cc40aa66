"""The shop's bot: switched on with rules that fit, and what it did lately: answered, asked back, handed over."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from config.demo.script import DAY, HOUR, Step, Story, answers, closes, says, story
from config.demo.stage import Stage
from conversations.actions.bots import save_bot
from conversations.bot.balance import PRESETS
from conversations.bot.first_reply import first_reply
from conversations.models import ArticleVersion, Conversation, Decision, Handoff, Message, Promise, Turn
from crm.models import TimelineEntry
from tenants.actors import Actor
from tenants.models import Membership

NAME = "Pedal"
WAY = "Para hablar con una persona, escribe PERSONA."
HELLO = f"Hola, {{nombre}}. Soy {NAME}, el asistente automático de Bicis Mirasol."
HELPED = "¿Era lo que buscabas?"
LIKELY = 0.96
MOMENT = timedelta(milliseconds=20)


def replies(
    asked: str = "", *, fact: str = "", text: str = "", hello: bool = True, kind: str = "general",
    helped: bool | None = None,
) -> Step:  # fmt: skip
    """The bot answers with an article, by its question, or with a live fact; it asks back with neither."""
    data = {"asked": asked, "fact": fact, "hello": hello, "category": kind, "helped": helped}
    return Step("replies", 0, text, data=data)


def passes(
    reason: str, words: str, text: str, *, to: str = "", promised: int = 0, kind: str = "complaint",
    mood: str = "negative", facts: dict[str, str] | None = None,
) -> Step:  # fmt: skip
    """The bot passes the conversation to people, who promised an answer within so many minutes."""
    data = {"reason": reason, "words": words, "to": to, "promised": promised, "category": kind, "mood": mood,
            "facts": facts or {}}  # fmt: skip
    return Step("passes", 0, text, data=data)


STORIES: list[Story] = [
    story(
        "Regina Orozco Velasco",
        "whatsapp",
        says("holaa, manejan meses sin intereses?"),
        replies("¿Tienen meses sin intereses?", kind="sales"),
        last=4,
    ),
    story(
        "Nayeli Pech",
        "web",
        says("que talla me queda si mido 1.58"),
        replies("¿Qué talla me queda?", kind="sales", helped=True),
        says("sí gracias 😊", after=1),
        replies(text="Me alegra. Si necesitas algo más, escríbeme.", hello=False),
        last=37,
    ),
    story(
        "Citlali Mendoza",
        "whatsapp",
        says("{saludo}, qué garantía tiene mi cuadro?"),
        replies("¿Qué garantía tienen?", kind="support", helped=False),
        says("oigan ya es la 3a vez q pasa, kiero hablar c alguien", after=2),
        passes(
            "asked", "kiero hablar c alguien",
            "Te paso con Toño, del equipo.\n\nTe responde por aquí en unos 30 minutos.\n\n"
            "Ya tiene lo que me contaste; no hace falta que lo repitas.",
            to="tono", promised=30, facts={"reason": "garantía del cuadro"},
        ),
        last=12,
        agent="tono",
        team="Taller",
        labels=("Garantía",),
        unread=True,
    ),
    story(
        "Gerardo Bañuelos",
        "whatsapp",
        says("me cobraron doble el casco y nadie me contesta, si no lo arreglan voy a Profeco"),
        passes(
            "words", "Profeco",
            HELLO + "\n\nLamento lo que pasó.\n\nTe paso con Marcela, del equipo.\n\n"
            "Te responde por aquí en unos 15 minutos.",
            to="marcela", promised=15,
        ),
        answers("Hola, {nombre}. Soy Marcela: ya vi el doble cargo y hoy mismo te lo regresamos.", after=9,
                by="marcela"),
        last=75,
        agent="marcela",
        team="Ventas",
        priority=2,
    ),
    story(
        "Perla Jazmín Ramos",
        "web",
        says("hacen la de la manivela esa que se truena?"),
        replies(text="No estoy seguro de haber entendido. ¿Me lo dices con otras palabras?", kind="support"),
        says("la biela, truena al pedalear", after=1),
        passes(
            "unsure", "la biela, truena al pedalear",
            "Te paso con Toño, del equipo.\n\nTe responde por aquí en unos 15 minutos.\n\n"
            "Ya tiene lo que me contaste; no hace falta que lo repitas.",
            to="tono", promised=15, kind="support", mood="neutral",
        ),
        answers("¡Hola! Suena a baleros del eje. Tráela y la revisamos sin costo.", after=8, by="tono"),
        says("va, paso el sábado", after=4),
        closes(after=3),
        days=3.2,
        agent="tono",
        team="Taller",
    ),
    story(
        "Hugo Topete Reyes",
        "whatsapp",
        says("puedo pagar con tarjeta al recibir?"),
        replies("¿Cómo puedo pagar?", kind="sales", helped=True),
        says("perfecto", after=1),
        replies(text="Perfecto, quedo al pendiente.", hello=False),
        last=2 * DAY + 3 * HOUR,
    ),
]  # fmt: skip


def furnish(stage: Stage, owner: Membership) -> None:
    """Switch it on for the chat and WhatsApp, with rules and a balance as a workshop has them."""
    save_bot(
        by=Actor.of_membership(owner),
        is_on=True,
        name=NAME,
        channel_ids=[str(stage.channels[kind].pk) for kind in ("web", "whatsapp")],
        words=["doble cargo"],
        rules={
            "vip_labels": [str(stage.labels["VIP"].pk), str(stage.labels["Mayoreo"].pk)],
            "high_value": 25_000,
        },
        balance=PRESETS["workshop"].kept(),
        teams={
            matter: str(stage.teams[name].pk)
            for matter, name in (("sales", "Ventas"), ("support", "Taller"), ("complaint", "Taller"))
        },
    )


class Scenes:
    """What a teller of stories plays of the bot."""

    clock: Any
    rows: Any

    @cached_property
    def _answers_known(self) -> dict[str, ArticleVersion]:
        published = ArticleVersion.objects.filter(state=ArticleVersion.State.PUBLISHED)
        return {version.question: version for version in published}

    def _replies(self: Any, telling: Any, step: Step, at: datetime) -> None:
        version = self._answers_known.get(step.data["asked"])
        said = version.answer if version else step.text
        parts = [HELLO] if step.data["hello"] else []
        parts += [said, *([HELPED] if version else []), WAY]
        turn = self._turn_of(telling)
        reply = self._bot_says(telling, step, "\n\n".join(parts), at)
        telling.conversation.status = Conversation.Status.WAITING
        telling.conversation.waiting_since = None
        is_answer = version is not None
        self._decides(
            telling, turn, at, reply=reply, version=version,
            action=Decision.Action.ANSWER if is_answer else Decision.Action.ASK,
            probability=LIKELY if is_answer else None,
            helped=step.data["helped"],
            category=step.data["category"],
            mood="neutral",
            doubt="" if is_answer or not step.data["hello"] else Decision.Doubt.UNSURE,
        )  # fmt: skip
        turn.state["asked"] = [
            *turn.state.get("asked", []), {"question": telling.heard.text, "answer": said[:300]},
        ]  # fmt: skip

    def _passes(self: Any, telling: Any, step: Step, at: datetime) -> None:
        turn, told, conversation = self._turn_of(telling), step.data, telling.conversation
        waiting_since = conversation.waiting_since
        self._bot_says(telling, step, step.text, at)
        fired = [{"rule": told["reason"], "words": told["words"]}]
        decision = self._decides(
            telling, turn, at, action=Decision.Action.HAND_OFF, rules=fired, category=told["category"],
            urgency="high" if told["reason"] == "words" else "normal", mood=told["mood"],
            doubt=Decision.Doubt.UNSURE if told["reason"] == "unsure" else "",
        )  # fmt: skip
        turn.ended_at = at
        member = self.stage.members.get(told["to"])
        conversation.status, conversation.waiting_since = Conversation.Status.OPEN, waiting_since
        conversation.with_bot, conversation.assignee = False, member
        self.rows.add(
            Turn(
                id=self.clock.id_at(at), conversation=conversation, episode=telling.episode,
                holder=Turn.Holder.PERSON, why=Turn.Why.HANDED_OFF, started_at=at,
            )
        )  # fmt: skip
        due = at + timedelta(minutes=told["promised"])
        self.rows.add(
            Handoff(
                id=self.clock.id_at(at), conversation=conversation, episode=telling.episode, turn=turn,
                decision=decision, reason=told["reason"], words=told["words"], urgency=decision.urgency,
                mood=told["mood"], mood_words=telling.heard.text if told["mood"] == "negative" else "",
                asked=turn.state.get("asked", []), facts=told["facts"], promised_at=due, created_at=at,
                suggestion=first_reply(
                    "es", name=telling.customer.name, question=told["facts"].get("reason", ""),
                    upset=told["mood"] == "negative",
                ),
            )
        )  # fmt: skip
        kept = next((one for one in telling.story.steps if one.kind == "answers"), None)
        self.rows.add(
            Promise(
                id=self.clock.id_at(at), conversation=conversation, customer=telling.customer,
                kind=Promise.Kind.ANSWER, text="Una persona responde", due_at=due, owner=member,
                remind_at=None if kept else at, kept_at=at + timedelta(minutes=kept.after) if kept else None,
                created_at=at,
            )
        )  # fmt: skip
        self._event(telling, "handed_off", at + MOMENT / 2, None, reason=told["reason"], words=told["words"])
        if member:
            self._event(telling, "assigned", at + MOMENT, None, to=member.user.name)

    def _turn_of(self: Any, telling: Any) -> Turn:
        """The bot's open turn; the first thing it says opens it with the episode."""
        if telling.turn is None or telling.turn.ended_at is not None:
            at = telling.episode.opened_at
            telling.turn = self.rows.add(
                Turn(
                    id=self.clock.id_at(at), conversation=telling.conversation, episode=telling.episode,
                    holder=Turn.Holder.BOT, why=Turn.Why.OPENED, started_at=at, state={"greeted": True},
                )
            )  # fmt: skip
            telling.conversation.with_bot = True
        turn: Turn = telling.turn
        return turn

    def _bot_says(self: Any, telling: Any, step: Step, text: str, at: datetime) -> Message:
        message = Message(
            kind=Message.Kind.OUTBOUND,
            author_kind=Message.Author.BOT,
            author_label=NAME,
            text=self._filled(text, telling.story, at),
        )
        self._put(telling, message, step, at)
        telling.delivery = self._send(telling, message)
        self._show(telling, message)
        self._remember_message(telling, message, TimelineEntry.Kind.MESSAGE_OUT)
        return message

    def _decides(self: Any, telling: Any, turn: Turn, at: datetime, **what: Any) -> Decision:
        review = Decision.Review.DUE if what.get("doubt") else Decision.Review.NONE
        return self.rows.add(  # type: ignore[no-any-return]
            Decision(
                id=self.clock.id_at(at), conversation=telling.conversation, message=telling.heard, turn=turn,
                language="es", review=review, created_at=at, **what,
            )
        )  # fmt: skip
