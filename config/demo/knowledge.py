"""What the bicycle shop and the café answer word for word: written, published, one change still a draft."""

from collections.abc import Iterable
from typing import Any

from conversations.actions.articles import write_article
from conversations.models import Article
from tenants.actors import Actor
from tenants.models import Membership

SALES, SUPPORT, COMPLAINT = ({"category": name} for name in ("sales", "support", "complaint"))
Said = tuple[str, tuple[str, ...], str, dict[str, Any]]

MIRASOL: list[Said] = [
    ("¿A qué hora abren?", ("horario", "a q hora cierran hoy", "abren los sabados?"),
     "De lunes a viernes de 10 a 2 y de 4 a 7, y los sábados de 10 a 3. Los domingos descansamos.",
     {"buttons": ["¿Dónde están?", "Hablar con alguien"]}),
    ("¿Dónde están?", ("me pasas la ubicacion", "direccion de la tienda", "como llego"),
     "Estamos en Santa Tere, a dos cuadras del mercado. Enfrente hay dónde amarrar la bici.", {}),
    ("¿Cuánto cuesta el servicio?", ("precio del servicio basico", "en cuanto sale una afinación", "q cobran x el mantenimiento"),
     "El servicio básico cuesta $350 y el completo, con la bici desarmada y lavada, $890. Si al revisarla "
     "sale algo más, te avisamos antes de tocarlo.",
     {**SUPPORT, "buttons": ["Agendar servicio"]}),
    ("¿Cuánto tardan en entregarme la bici?", ("cuando esta lista mi bici", "tiempo de entrega del taller", "en cuantos dias queda"),
     "Un servicio básico queda al día siguiente y uno completo en tres días hábiles. En cuanto está lista te escribimos.",
     SUPPORT),
    ("¿Puedo devolver lo que compré?", ("quiero regresar un casco", "hacen cambios?", "politica de devoluciones"),
     "Sí. Tienes 15 días con tu nota y el artículo sin usar: te lo cambiamos o te devolvemos tu dinero por el "
     "mismo medio con el que pagaste.", COMPLAINT),
    ("¿Qué garantía tienen?", ("la bici trae garantia", "cuanto dura la garantía", "se rompio, me lo cubren?"),
     "Los cuadros tienen dos años de garantía y las refacciones uno. Mándanos una foto y tu número de pedido "
     "y lo revisamos el mismo día.", COMPLAINT),
    ("¿Cómo puedo pagar?", ("aceptan tarjeta", "se puede con transferencia?", "puedo pagar en efectivo"),
     "Con tarjeta, transferencia o efectivo, en la tienda o al recibir.", SALES),
    ("¿Tienen meses sin intereses?", ("manejan msi", "la puedo sacar a meses?", "a cuantos meses"),
     "Sí, a 3 y 6 meses sin intereses en compras desde $3,000 con tarjetas participantes.", SALES),
    ("¿Hacen envíos?", ("mandan a otra ciudad?", "cuanto cuesta el envio", "envian a domicilio"),
     "Enviamos refacciones y accesorios a toda la República por $149, o gratis desde $1,500. Las bicis se "
     "entregan armadas en la tienda o, dentro de la ciudad, en tu casa.", SALES),
    ("¿Me facturan?", ("necesito factura", "dan factura?", "como saco mi cfdi"),
     "Claro. Mándanos tu constancia de situación fiscal y el uso de CFDI dentro del mismo mes de tu compra.", {}),
    ("¿Qué talla me queda?", ("que talla de bici necesito", "mido 1.70 cual me queda", "son tallas chicas?"),
     "Hasta 1.65 m suele quedar la S, hasta 1.78 la M y de ahí en adelante la L. Lo mejor es que vengas a "
     "probarla: no tardamos ni diez minutos.", {**SALES, "channel_kinds": ["instagram", "messenger", "web", "whatsapp"]}),
    ("¿Compran bicis usadas?", ("toman mi bici a cuenta?", "reciben bici usada", "me compran mi bici"),
     "La tomamos a cuenta de una nueva. Tráela al taller y en media hora te decimos cuánto vale.", SALES),
]  # fmt: skip
NEW_PRICES = (
    "El servicio básico cuesta $390 y el completo, con la bici desarmada y lavada, $950. Si al revisarla "
    "sale algo más, te avisamos antes de tocarlo."
)

CAFE: list[Said] = [
    ("Que horas vocês abrem?", ("horario de funcionamento", "ta aberto hj?", "abre domingo?"),
     "De terça a domingo, das 8h às 19h. Segunda descansamos.", {"buttons": ["Falar com alguém"]}),
    ("Vocês entregam?", ("fazem delivery?", "entrega no meu bairro", "qto é a entrega"),
     "Entregamos cestas, bolos e café em grãos num raio de 5 km, de terça a sábado, por R$ 12.", SALES),
    ("Posso pagar com Pix?", ("aceita pix", "quais formas de pagamento", "tem como pagar no cartao"),
     "Sim: Pix, cartão ou dinheiro. Vale-refeição também.", SALES),
    ("Como funciona a assinatura?", ("quero assinar o café", "quanto custa a assinatura", "da pra cancelar a assinatura?"),
     "São dois pacotes de 250 g por mês, moídos do seu jeito, por R$ 79. Você pausa ou cancela quando quiser.", SALES),
    ("Preciso reservar mesa?", ("da pra reservar?", "tem reserva", "queria uma mesa pra 6"),
     "Para até quatro pessoas é só chegar. Para mais gente, escreva um dia antes que separamos a mesa.", {}),
]  # fmt: skip


def furnish(owner: Membership, said: Iterable[Said], language: str) -> None:
    """Write and publish them."""
    for question, phrasings, answer, more in said:
        write_article(
            by=Actor.of_membership(owner),
            publish=True,
            question=question,
            phrasings=list(phrasings),
            answer=answer,
            language=language,
            **more,
        )


def draft_prices(owner: Membership) -> None:
    """The prices of next year, written and not yet published."""
    services = Article.objects.get(versions__question="¿Cuánto cuesta el servicio?")
    write_article(article=services, by=Actor.of_membership(owner), answer=NEW_PRICES)
