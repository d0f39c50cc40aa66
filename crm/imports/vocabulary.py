"""Words in cells, folded, in our three languages."""

from crm.models import Appointment, Consent, Import, Medium, Order, Purpose

TITLES = frozenset(
    [
        "jr",
        "sr",
        "ii",
        "iii",
        "inc",
        "llc",
        "s.a",
        "sa",
        "s.a. de c.v",
        "sa de cv",
        "ltda",
        "ltd",
        "filho",
        "neto",
    ]
)
LANGUAGES = {
    "espanol": "es", "spanish": "es", "espanhol": "es", "es-mx": "es", "castellano": "es", "spa": "es",
    "portugues": "pt-br", "portuguese": "pt-br", "pt": "pt-br", "por": "pt-br", "brasileiro": "pt-br",
    "ingles": "en", "english": "en", "en-us": "en", "eng": "en",
}  # fmt: skip


def _by_word(words: dict[str, str]) -> dict[str, str]:
    return {
        word: code
        for code, several in words.items()
        for word in [code, code.replace("_", " "), *several.split(", ")]
    }


STATUSES: dict[str, dict[str, str]] = {
    Import.Target.ORDERS: _by_word({
        Order.Status.PLACED: "nuevo, nueva, recibido, pendiente, pendente, pending, abierto, aberto, open, realizado, novo, created",
        Order.Status.PAID: "pagado, pagada, pago, paga, aprobado, aprovado, authorized, completado",
        Order.Status.PREPARING: "en preparacion, preparando, em preparacao, en proceso, processing, em processamento, separando",
        Order.Status.READY: "listo, lista, listo para recoger, pronto, pronto para retirada, ready for pick-up",
        Order.Status.SHIPPED: "enviado, enviada, en camino, a caminho, em transito, en transito, despachado, fulfilled",
        Order.Status.DELIVERED: "entregado, entregada, entregue, completo, completed, complete, finalizado, concluido, cerrado",
        Order.Status.CANCELLED: "cancelado, cancelada, canceled, anulado, voided",
        Order.Status.REFUNDED: "reembolsado, devuelto, devolvido, estornado, returned",
    }),
    Import.Target.APPOINTMENTS: _by_word({
        Appointment.Status.BOOKED: "reservada, reservado, agendada, agendado, pendiente, pendente, programada, scheduled, nueva",
        Appointment.Status.CONFIRMED: "confirmada, confirmado",
        Appointment.Status.ARRIVED: "llego, chegou, en sala, presente",
        Appointment.Status.DONE: "atendida, atendido, realizada, realizado, completada, completed, finalizada, concluida, concluido, hecha",
        Appointment.Status.NO_SHOW: "no asistio, no llego, no vino, falto, faltou, nao veio, nao compareceu, no-show, noshow, did not come, ausente",
        Appointment.Status.CANCELLED: "cancelada, cancelado, canceled",
    }),
}  # fmt: skip
MEDIA = _by_word({
    Medium.EMAIL: "correo, e-mail, mail, correo electronico",
    Medium.WHATSAPP: "wa, whats, zap",
    Medium.SMS: "mensaje de texto, mensagem de texto, mensajes de texto, texto",
    Medium.PHONE: "telefono, telefone, llamada, llamadas, ligacao, ligacoes, phone calls, call",
    Medium.MESSENGER: "facebook, facebook messenger",
    Medium.INSTAGRAM: "ig",
    Medium.TELEGRAM: "",
    Medium.WEB: "chat, web chat, chat web, sitio",
})  # fmt: skip
PURPOSES = _by_word({
    Purpose.SERVICE: "servicio, servico, transaccional, atencion, atendimento",
    Purpose.PROMOTION: "promocion, promociones, oferta, ofertas, offers, promocao, promocoes, marketing, publicidad, publicidade, newsletter, boletin",
    Purpose.SURVEY: "encuesta, encuestas, pesquisa, pesquisas, surveys",
})  # fmt: skip
STATES = _by_word({
    Consent.State.ASKED: "preguntado, perguntado, pendiente, pendente, pending, asked, not confirmed yet",
    Consent.State.GIVEN: "si, s, yes, y, sim, true, verdadero, 1, x, acepta, acepto, aceita, aceito, dado, concedido, otorgado, opt-in, subscribed, suscrito, inscrito, accepted, agreed, granted",
    Consent.State.WITHDRAWN: "no, n, nao, false, falso, 0, retirado, revocado, revogado, rechazado, recusado, opt-out, unsubscribed, baja, cancelado, refused, declined",
})  # fmt: skip
for _words in (MEDIA, PURPOSES, STATES):
    _words.pop("", None)
