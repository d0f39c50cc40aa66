import pytest

from conversations.channels.email.replies import Role, fold
from tests.conversations.channels.email import corpus

LOREM_END = "et mollis ligula rutrum quis. Fusce sed odio id arcu varius aliquet nec nec nibh."
# In most of the collected replies the new text is the same paragraph; these have one of their own.
VISIBLE = {
    "email_19": "On Thursday, I get proper rendering.",
    "email_20": "On Thursday.",
    "email_2_1": "Outlook with a reply",
    "email_4": "Awesome! I haven't had another problem with it.",
    "email_bullets": (
        "test 2 this should list second\n\nand have spaces\n\nand retain this formatting\n\n\n"
        "   - how about bullets\n   - and another"
    ),
    "email_custom_quote_header": "Thank you!",
    "email_customer_quote_header_3": (
        "bonjour,\nje n'ai pas eu de retour sur ma précision..\nmerci d'avance"
    ),
    "email_iphone": "Here is another email",
    "email_one_is_not_on": (
        "Thank, this is really helpful.\n\nOne outstanding question I had:\n\n"
        "Locally (on development), when I run..."
    ),
    "email_tricky_19_quote_without_header": (
        "I wanted to respond to your points:\n\nMy response to the quoted text above.\n\n"
        "And my final thoughts."
    ),
    "email_tricky_20_html_entities": (
        "The data should be &gt; 100 and &lt; 200.\n\n"
        "We need to ensure that &amp; symbols are handled correctly."
    ),
    "email_unquoted_reply": "This is my reply.",
    "sig_no_empty_line": "this is an email with a signature with no empty line above.",
}
# A line of the quote lost its '>' when it was wrapped; it could as well be an answer between quotes.
ENDS = {"email_8": 'eget accumsan est viverra quis. Pellentesque"'}
UNFOLDED = {
    "email_15",  # text follows the phone's line, and nothing says that it is a quote
    "email_german_3",
    "email_sent_from_my_not_signature",
    "email_tricky_13_timestamp_variations",
    "email_tricky_3_code_block",
    "email_tricky_4_from_in_body",
}


@pytest.mark.parametrize("path", corpus.paths("replies"), ids=lambda path: path.stem)
def test_collected_replies(path) -> None:
    text = path.read_text()
    folded = fold(text)
    assert "".join(segment.text for segment in folded.segments) == text
    if path.stem in UNFOLDED:
        assert folded.visible == text.strip()
    elif path.stem in VISIBLE:
        assert folded.visible == VISIBLE[path.stem]
    else:
        assert folded.visible.startswith("Fusce bibendum")
        assert folded.visible.endswith(ENDS.get(path.stem, LOREM_END))
        assert folded.quoted


@pytest.mark.parametrize(
    "header",
    [
        "El mar, 4 mar 2025 a las 10:30, Soporte (<soporte@tienda.mx>) escribió:",
        "El mar, 4 de mar. de 2025 a la(s) 10:30 a.m., Soporte <\nsoporte@tienda.mx> escribió:",
        "El 4/3/2025 10:30, Soporte escribió:",
        "Em ter., 4 de mar. de 2025 às 10:30, Loja <loja@loja.com.br>\nescreveu:",
        "Em 04/03/2025 10:30, Loja escreveu:",
        "On Tue, Mar 4, 2025 at 10:30 AM Shop <shop@shop.com> wrote:",
        "Le mar. 4 mars 2025 à 10:30, Boutique <b@boutique.fr> a écrit :",
        "Am Di., 4. März 2025 um 10:30 Uhr schrieb Laden <l@laden.de>:",
        "Il giorno mar 4 mar 2025 alle ore 10:30 Negozio <n@negozio.it> ha scritto:",
        "2025年3月4日(火) 10:30 店 <mise@example.jp>:",
        "-----Mensaje original-----\nDe: Soporte\nEnviado: martes",
        "________________________________\nDe: Soporte <s@tienda.mx>\nEnviado: martes, 4 de marzo\nPara: Ana",
        "De: Loja <l@loja.com.br>\nEnviada em: terça-feira\nPara: Ana\nAssunto: Pedido",
        "*De:* Soporte <s@tienda.mx>\n*Fecha:* martes\n*Asunto:* Pedido\n*Para:* Ana",
        "---- Mensagem original ----",
    ],
)
@pytest.mark.parametrize("quote", ["> Su pedido salió.\n> Saludos", "Su pedido salió.\nSaludos"])
def test_headers_of_quotes_in_many_languages(header: str, quote: str) -> None:
    folded = fold(f"Gracias, ya llegó.\n\n{header}\n\n{quote}\n")
    assert folded.visible == "Gracias, ya llegó."
    assert folded.quoted == f"{header}\n\n{quote}"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna García\nTel. 33 1234 5678",
        "--\nAna",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Sent from my Samsung Galaxy",
        "Obtener Outlook para Android<https://aka.ms/x>",
        "Envoyé de mon iPhone",
    ],
)
def test_signatures_before_a_quote(signature: str) -> None:
    folded = fold(f"Hola\n\n{signature}\n\nEl 4/3/2025, Soporte escribió:\n> x\n")
    assert (folded.visible, folded.signature) == ("Hola", signature)
    assert folded.quoted == "El 4/3/2025, Soporte escribió:\n> x"


@pytest.mark.parametrize(
    "text",
    [
        "El 12/03/2024 me escribió Juan y no me respondió.\nQuiero una devolución.",
        "Gracias, pero no llegó.\nSaludos,\nAna",
        "Opciones:\n- una\n- dos\n-- tres",
        "De: Guadalajara\nPara: Monterrey",
        "Mi pedido es el siguiente:\n1. Casco\n2. Luz",
        "---------- Forwarded message ---------\nDe: Banco <b@banco.mx>\nFecha: hoy\nAsunto: Pago\n\nPago",
    ],
)
def test_what_a_customer_wrote_stays_visible(text: str) -> None:
    assert fold(text).visible == text


def test_an_answer_below_the_quote_stays_visible() -> None:
    folded = fold("El 4/3/2025, Soporte escribió:\n> ¿Qué talla?\n\nLa mediana.\n")
    assert [segment.role for segment in folded.segments] == [Role.QUOTED, Role.VISIBLE]
    assert folded.visible == "La mediana."


@pytest.mark.parametrize(
    "text", ["> solo cita", "--\nAna", "El 4/3/2025, Soporte escribió:\n> x", "Sent from my x"]
)
def test_visible_is_never_empty(text: str) -> None:
    assert fold(text).visible


@pytest.mark.parametrize("text", ["", "\n\n", " "])
def test_nothing_folds_to_nothing(text: str) -> None:
    assert fold(text).visible == ""
    assert "".join(segment.text for segment in fold(text).segments) == text


@pytest.mark.parametrize(
    "line",
    [
        "\n",
        "--\n",
        "> ",
        "On " + "a" * 190 + ":\n",
        "From: a\n",
        "Am " + "schrieb " * 23 + ":\n",
        "_" * 80 + "\n",
    ],
)
def test_folding_long_texts_loses_nothing(line: str) -> None:
    text = (line * (200_000 // len(line)))[:200_000]
    assert "".join(segment.text for segment in fold(text).segments) == text
