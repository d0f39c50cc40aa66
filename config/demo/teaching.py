"""What the shop's bot did not know lately: doubts to review, and a question that came up three times."""

from config.demo.bot import HELLO, passes, replies
from config.demo.script import DAY, Story, answers, closes, says, story
from config.demo.stage import Stage
from conversations.models import (
    ArticleVersion,
    Decision,
    Message,
    UnansweredGroup,
    UnansweredMessage,
    UnansweredRun,
)
from tenants.models import Membership

OVER = HELLO + "\n\nTe paso con Marcela, del equipo.\n\nTe responde por aquí en unos 15 minutos."
RENTS = (
    "Rentan bicis por día?",
    "alquilan bicicletas para el domingo",
    "cuanto cuesta rentar una bici el finde",
)
LESSONS = "dan clases para niños que no saben andar?"


def _asked(who: str, channel: str, text: str, answer: str, days: float) -> Story:
    return story(
        who,
        channel,
        says(text),
        passes("unsure", text, OVER, to="marcela", promised=15, kind="sales", mood="neutral"),
        answers(answer, after=7, by="marcela"),
        closes(after=40),
        days=days,
        agent="marcela",
        team="Ventas",
    )


STORIES: list[Story] = [
    _asked(
        "Valeria Zanella", "web", RENTS[0],
        "¡Hola, {nombre}! Sí: $250 el día con casco y candado. Solo necesitamos una identificación y un "
        "depósito de $1,000. Soy Marcela, escríbeme al 33 1402 7789.",
        3.4,
    ),
    _asked(
        "Rodrigo Uribe", "whatsapp", RENTS[1],
        "Sí rentamos: $250 el día, con casco y candado. Traes una identificación y dejas un depósito de $1,000.",
        6.3,
    ),
    _asked(
        "Fernanda Müller", "web", RENTS[2],
        "Rentamos a $250 el día con casco y candado, y dejas un depósito de $1,000.",
        9.4,
    ),
    story(
        "Yolanda Íñiguez",
        "whatsapp",
        says(LESSONS),
        replies(text="No estoy seguro de haber entendido. ¿Me lo dices con otras palabras?", kind="sales"),
        last=5 * DAY,
    ),
]  # fmt: skip
THOUGHTS = {
    RENTS[0]: (("¿Compran bicis usadas?", 0.31), ("¿Cuánto cuesta el servicio?", 0.18)),
    RENTS[1]: (("¿Compran bicis usadas?", 0.27), ("¿Qué talla me queda?", 0.12)),
    RENTS[2]: (("¿Cuánto cuesta el servicio?", 0.34), ("¿Compran bicis usadas?", 0.22)),
    LESSONS: (("¿Qué talla me queda?", 0.21), ("¿A qué hora abren?", 0.09)),
}
"""What it found likeliest, by what was asked."""


def furnish(stage: Stage, owner: Membership) -> None:
    """Say what it thought of, what a customer contradicted, and gather what came up three times."""
    published = ArticleVersion.objects.filter(state=ArticleVersion.State.PUBLISHED)
    ids = {version.question: str(version.pk) for version in published}
    doubted = Decision.objects.filter(message__text__in=THOUGHTS).select_related("message")
    for decision in doubted:
        thoughts = THOUGHTS[decision.message.text]
        decision.candidates = [{"id": ids[asked], "probability": sure} for asked, sure in thoughts]
        decision.probability = thoughts[0][1]
        decision.save(update_fields=["candidates", "probability"])
    wrong = Decision.objects.filter(helped=False)
    wrong.update(review=Decision.Review.DUE, doubt=Decision.Doubt.CONTRADICTED)
    _gather(stage, owner)


def _gather(stage: Stage, owner: Membership) -> None:
    rented = list(Message.objects.filter(text__in=RENTS).order_by("-id"))
    reply = Message.objects.filter(text__startswith="Sí rentamos").first()
    unsure = Decision.objects.filter(doubt=Decision.Doubt.UNSURE).count()
    run = UnansweredRun.objects.create(
        state=UnansweredRun.State.DONE, due_at=None, membership=owner, by_label=owner.user.name,
        created_at=stage.clock.now, finished_at=stage.clock.now,
        found=unsure, read=unsure, singles=unsure - len(rented), by_words=False,
    )  # fmt: skip
    group = UnansweredGroup.objects.create(
        run=run, place=0, count=len(rented), people=len(rented), language="es", category="sales", reply=reply
    )
    UnansweredMessage.objects.bulk_create(
        UnansweredMessage(group=group, message=message, place=place) for place, message in enumerate(rented)
    )
