"""A change of answer, word by word."""

from types import SimpleNamespace

from knowledge.blocks import bullets, paragraph
from knowledge.differ.words import GONE, KEPT, NEW, compare_words


def chapter(title, *lines):
    return {
        "type": "chapitre", "titre": [title], "niveau": 1, "role": "", "numerote": False,
        "blocs": [bullets(list(lines))],
    }  # fmt: skip


def fork(**cases):
    return {
        "type": "fourche", "question": "Lequel\u00a0?", "aide": "", "genre": "question",
        "cas": [
            {"titre": name, "condition": "", "a_dire": said, "organismes": [], "blocs": []}
            for name, said in cases.items()
        ],
    }  # fmt: skip


def state(a_dire="À dire.", *blocks, titre="Carte grise"):
    return SimpleNamespace(titre=titre, a_dire=a_dire, contenu=list(blocks))


def change(before, after):
    return [(passage.lieu, list(passage.morceaux)) for passage in compare_words(before, after)]


def test_an_amount_that_changes_is_told_among_the_words_around_it():
    assert change(
        state("Vous recevez 486 euros par mois."), state("Vous recevez 492 euros par mois.")
    ) == [
        (
            "À dire",
            [(KEPT, "Vous recevez"), (GONE, "486"), (NEW, "492"), (KEPT, "euros par mois.")],
        )
    ]


def test_nothing_is_told_when_nothing_changed():
    same = state("À dire.", chapter("Délai", "Un mois"), fork(Oui="Un", Non="Deux"))
    assert change(same, same) == []


def test_spaces_typed_otherwise_are_no_change():
    before = state("Payez 1 200 € : « tout de suite ».", chapter("Coût", "86 €  par an"))
    after = state(
        "Payez 1\u00a0200\u202f€\u00a0: «\u00a0tout de suite\u00a0».",
        chapter("Coût", "86\u00a0€ par an"),
    )
    assert change(before, after) == []
    assert change(state("Payez 86 € par an."), state("Payez 92\u00a0€ par an.")) == [
        ("À dire", [(KEPT, "Payez"), (GONE, "86\u00a0€"), (NEW, "92\u00a0€"), (KEPT, "par an.")])
    ]


def test_a_line_is_told_under_its_chapter_whether_new_or_gone():
    before = state("x", chapter("Pièces", "Carte d'identité", "Acte de décès"))
    after = state("x", chapter("Pièces", "Carte d'identité", "Certificat de cession signé"))
    assert change(before, after) == [
        ("Pièces", [(NEW, "Certificat de cession signé")]),
        ("Pièces", [(GONE, "Acte de décès")]),
    ]


def test_what_two_cases_exchange_is_a_change_of_both():
    before = state("x", fork(Oui="Un mois.", Non="Deux mois."))
    after = state("x", fork(Oui="Deux mois.", Non="Un mois."))
    assert change(before, after) == [
        ("Oui", [(GONE, "Un"), (NEW, "Deux"), (KEPT, "mois.")]),
        ("Non", [(GONE, "Deux"), (NEW, "Un"), (KEPT, "mois.")]),
    ]


def test_what_stands_under_several_answers_is_told_once():
    before = state("x", fork(Oui="Un mois.", Non="Un mois."))
    after = state("x", fork(Oui="Six mois.", Non="Six mois."))
    assert change(before, after) == [("Oui", [(GONE, "Un"), (NEW, "Six"), (KEPT, "mois.")])]


def test_lines_in_another_order_are_said_as_before():
    before, after = chapter("P", "Un", "Deux"), chapter("P", "Deux", "Un")
    assert change(state("x", before), state("x", after)) == []


def test_a_chapter_that_is_new_or_gone_is_told_whole():
    found = change(state("x", chapter("Coût", "13 euros")), state("x", chapter("Délai", "Un mois")))
    assert ("", [(NEW, "Délai")]) in found
    assert ("Délai", [(NEW, "Un mois")]) in found
    assert ("Coût", [(GONE, "13 euros")]) in found


def test_a_title_that_changes_does_not_take_its_lines_along():
    lines = ("Carte d'identité de l'héritier", "Acte de décès", "Certificat d'immatriculation")
    found = change(
        state("x", chapter("Pièces à réunir", *lines)), state("x", chapter("Pièces", *lines))
    )
    assert found == [("", [(KEPT, "Pièces"), (GONE, "à réunir")])]


def test_long_runs_of_words_that_stay_are_cut_to_those_near_the_change():
    long = " ".join(f"mot{rank}" for rank in range(60))
    [(_, pieces)] = change(state(f"{long} un {long}"), state(f"{long} deux {long}"))
    assert pieces[0][1].startswith("… mot50")
    assert pieces[-1][1].endswith("mot9 …")


def test_the_code_of_an_office_is_not_read_aloud():
    def office(code):
        return {
            "type": "bureau", "id": "", "genre": "", "titre": "Mairie", "complement": "",
            "pivot": code, "urls": [], "source": "", "blocs": [],
        }  # fmt: skip

    assert change(state("x", office("mairie")), state("x", office("mairie_com"))) == []


def test_a_paragraph_of_the_text_is_compared_too():
    found = change(state("x", paragraph("Le plafond est de 100 euros.")),
                   state("x", paragraph("Le plafond est de 120 euros.")))  # fmt: skip
    assert found[0][1][1:3] == [(GONE, "100"), (NEW, "120")]
