"""What changed between two contents, in sentences."""

import pytest

from knowledge import readxml
from knowledge.blocks import paragraph
from knowledge.differ import LIMIT, changed_text, describe
from tests.knowledge.vosdroits import DATA, make_fiche, needs_data

MONTANT = """<Texte><Chapitre><Titre><Paragraphe>Montant</Paragraphe></Titre><BlocCas>
<Cas><Titre>Salarié</Titre><Paragraphe>Vous recevez <Valeur>486,49\u00a0€</Valeur> par mois.
</Paragraphe></Cas><Cas><Titre>Étudiant</Titre><Paragraphe>Vous ne recevez rien.</Paragraphe></Cas>
</BlocCas></Chapitre></Texte>"""


def tree(body):
    return readxml.read(make_fiche(body=body)).contenu


def change(old, new, *, body=MONTANT):
    return [
        said.replace("\u00a0", " ") for said in describe(tree(body), tree(body.replace(old, new)))
    ]


def test_a_changed_amount_is_told_in_its_chapter_and_its_case():
    assert change("486,49", "492,10") == [
        "Chapitre « Montant », cas « Salarié » : « 486,49 € » devient « 492,10 € »"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "<Cas><Titre>Étudiant</Titre><Paragraphe>Vous ne recevez rien.</Paragraphe></Cas>",
            "",
            "Chapitre « Montant » : cas « Étudiant » supprimé",
        ),
        (
            "</BlocCas>",
            "<Cas><Titre>Retraité</Titre><Paragraphe>Rien.</Paragraphe></Cas></BlocCas>",
            "Chapitre « Montant » : nouveau cas « Retraité »",
        ),
        (
            "<Texte>",
            "<Avertissement><Titre>Réforme</Titre><Texte/></Avertissement><Texte>",
            "Nouvel avertissement « Réforme »",
        ),
        (
            "</Texte>",
            "</Texte><OuSAdresser ID='R1' type='Local'><Titre>CPAM</Titre></OuSAdresser>",
            "Nouvel organisme « CPAM »",
        ),
        (
            "Vous ne recevez rien.",
            "Vous ne recevez rien.</Paragraphe><Paragraphe>Sauf exception.",
            "Chapitre « Montant », cas « Étudiant » : ajout de « Sauf exception. »",
        ),
        (
            "<Titre>Salarié<",
            "<Titre>Salariée<",
            "Chapitre « Montant » : cas « Salarié » devient « Salariée »",
        ),
    ],
)
def test_each_kind_of_change_has_its_sentence(old, new, said):
    assert change(old, new) == [said]


def test_an_order_that_changes_is_told():
    one, other = (
        "<Cas><Titre>A</Titre><Paragraphe>a</Paragraphe></Cas>",
        "<Cas><Titre>B</Titre></Cas>",
    )
    body = f"<Texte><BlocCas>{one}{other}</BlocCas></Texte>"

    assert change(one + other, other + one, body=body) == ["L'ordre des cas change"]


def test_an_address_and_a_cerfa_number_that_change_are_told():
    body = (
        "<ServiceEnLigne ID='R1' type='Formulaire' URL='https://a.fr' numerocerfa='1*01'>"
        "<Titre>Contrat</Titre></ServiceEnLigne>"
    )

    assert change("1*01", "1*02", body=body) == [
        "Service en ligne « Contrat » : numéro de Cerfa « 1*01 » devient « 1*02 »"
    ]
    assert change("https://a.fr", "https://b.fr", body=body) == [
        "Service en ligne « Contrat » : adresse « https://a.fr » devient « https://b.fr »"
    ]


def test_a_change_of_the_site_s_domain_is_none_even_beside_another():
    body = (
        "<Texte><Paragraphe>Voir <LienExterne URL='https://www.service-public.fr/x'>ici"
        "</LienExterne> : 12 €.</Paragraphe></Texte>"
    )
    moved = body.replace("service-public.fr", "service-public.gouv.fr")

    assert describe(tree(body), tree(moved)) == []
    assert len(describe(tree(body), tree(moved.replace("12", "13")))) == 1


def test_a_link_that_leads_elsewhere_is_told():
    body = "<Texte><Paragraphe>Voir <LienExterne URL='https://a.fr'>ici</LienExterne>.</Paragraphe></Texte>"

    assert change("https://a.fr", "https://b.fr", body=body) == [
        "Le lien « ici » mène à https://b.fr et non à https://a.fr"
    ]


def test_a_changed_row_of_a_table_is_told():
    body = (
        "<Texte><Tableau><Titre>Tarifs</Titre><Colonne/><Colonne/><Rangée><Cellule>25 ans</Cellule>"
        "<Cellule>12 €</Cellule></Rangée></Tableau></Texte>"
    )

    assert change("12 €", "14 €", body=body) == ["Tableau « Tarifs » : « 12 € » devient « 14 € »"]


def test_too_many_changes_are_counted():
    said = describe([], [paragraph(f"Ligne numéro {n}") for n in range(LIMIT + 5)])

    assert len(said) == LIMIT + 1
    assert said[-1] == "et 5 autres changements"


def test_what_differs_is_quoted_with_what_makes_it_clear():
    assert changed_text("Le délai est de 2 mois.", "Le délai est de 3 mois.") == (
        "«\u00a02 mois.\u00a0» devient «\u00a03 mois.\u00a0»"
    )


@needs_data
@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        (
            "F2883_2019-01-24_v3.0",
            "F2883_2019-01-24_v3.0_2",
            "Situation « CDI », chapitre « Préavis » : nouvel organisme « Agessa et Maison des "
            "artistes - Sécurité sociale »",
        ),
        (
            "F2883_2019-01-24_v3.0",
            "F2883_2022-11-29_v3.3",
            "Nouvel avertissement « Abandon de poste et démission »",
        ),
        (
            "F2918_2024-11-01_v3.3",
            "F2918_2024-11-01_v3.4",
            "Nouvel avertissement « Mise à jour à venir »",
        ),
        ("F2918_2024-11-01_v3.4", "F2918_2024-11-01_v3.4_2", None),
    ],
)
def test_real_states_of_one_fiche_are_compared(before, after, first):
    old, new = (
        readxml.read((DATA / "versions" / f"{n}.xml").read_bytes()) for n in (before, after)
    )

    said = describe(old.contenu, new.contenu)

    assert (said[0].replace("\u00a0", " ") if said else None) == first
