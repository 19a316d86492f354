"""Reading service-public.fr's XML: nothing lost, in reading order, whatever the schema."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from knowledge import readxml
from knowledge.blocks import inline_text, texts, walk
from knowledge.readxml.inline import MARKS, Reading, inline
from knowledge.readxml.structure import READERS
from tests.knowledge.lossless import CODES
from tests.knowledge.vosdroits import (
    make_fiche,
    needs_data,
    real_files,
    squeeze,
)


def only(blocks, kind):
    return next(block for block in walk(blocks) if block["type"] == kind)


def read(body: str, **fields):
    return readxml.read(make_fiche(body=body, **fields))


# --- Real files ---------------------------------------------------------------------------------


@needs_data
def test_a_real_fiche_gives_its_head_and_its_tree():
    (path,) = (path for path in real_files("xml") if path.name == "F303.xml")

    fiche = readxml.read(path.read_bytes())

    assert fiche.reference == "F303"
    assert fiche.titre.startswith("Arrêt maladie")
    assert fiche.type_source == "Fiche d'information conditionnée"
    assert fiche.audiences == ["Particuliers"]
    assert fiche.fil[0] == "Travail - Formation"
    assert fiche.fil[-1] == "Arrêt maladie"
    assert fiche.theme == "N526-1"
    assert fiche.schema == "3.3"
    assert fiche.modifiee_le is not None
    assert fiche.organismes == ["cpam", "msa"]
    assert fiche.introduction
    assert not fiche.inconnus
    assert fiche.contenu[-1]["type"] == "cadre"


# --- Shapes -------------------------------------------------------------------------------------


def test_a_title_is_read_in_either_of_its_shapes():
    fiche = read(
        "<Texte><Chapitre><Titre><Paragraphe>Le 1<Exposant>er</Exposant> mai</Paragraphe></Titre>"
        "<BlocCas><Cas><Titre>Majeur</Titre><Paragraphe>Oui</Paragraphe></Cas></BlocCas>"
        "</Chapitre></Texte>"
    )

    assert inline_text(only(fiche.contenu, "chapitre")["titre"]) == "Le 1er mai"
    assert only(fiche.contenu, "fourche")["cas"][0]["titre"] == "Majeur"


@pytest.mark.parametrize(
    "tableau",
    [
        "<Titre>Tarifs</Titre>",
        "<TitreRiche><Paragraphe>Tarifs</Paragraphe></TitreRiche>",
    ],
    ids=["schema 3.4", "schema 3.5"],
)
def test_a_table_keeps_its_title_headers_and_merged_cells(tableau):
    fiche = read(
        f'<Texte><Tableau>{tableau}<Colonne type="header"/><Colonne type="normal"/>'
        '<Rangée type="header"><Cellule fusionHorizontale="2">Âge et prix</Cellule></Rangée>'
        '<Rangée type="normal"><Cellule fusionVerticale="2"><Paragraphe>25 ans</Paragraphe>'
        "</Cellule><Cellule><Liste><Item><Paragraphe>12 €</Paragraphe></Item></Liste></Cellule>"
        "</Rangée></Tableau></Texte>"
    )

    table = only(fiche.contenu, "tableau")
    header, row = table["rangees"]
    assert inline_text(table["titre"]) == "Tarifs"
    assert header["entete"]
    assert header["cellules"][0]["colonnes"] == 2
    assert row["cellules"][0]["lignes"] == 2
    assert [cell["entete"] for cell in row["cellules"]] == [True, False]


@pytest.mark.parametrize("value", ["0", "-3", "beaucoup", "9999999"])
def test_a_senseless_merge_does_not_break_a_table(value):
    fiche = read(
        f'<Texte><Tableau><Colonne/><Rangée><Cellule fusionHorizontale="{value}">A</Cellule>'
        "</Rangée></Tableau></Texte>"
    )

    assert 1 <= only(fiche.contenu, "tableau")["rangees"][0]["cellules"][0]["colonnes"] <= 100


@pytest.mark.parametrize(
    "question",
    ["Peut-on refuser ?", "<Titre>Peut-on refuser ?</Titre>"],
    ids=["schema 3.3", "schema 3.5"],
)
def test_a_related_question_is_read_in_either_of_its_shapes(question):
    fiche = read(f'<QuestionReponse ID="F2" audience="Particuliers">{question}</QuestionReponse>')

    link = only(fiche.contenu, "lien")
    assert (link["role"], link["reference"], link["titre"]) == (
        *("question", "F2"),
        "Peut-on refuser ?",
    )


@pytest.mark.parametrize(
    "notice", ["Notice du formulaire", "<Titre>Notice du formulaire</Titre>"], ids=["3.4", "3.5"]
)
def test_a_service_keeps_its_form_numbers_and_its_notices(notice):
    fiche = read(
        '<ServiceEnLigne ID="R1" type="Formulaire" URL="https://exemple.gouv.fr" format="pdf"'
        ' numerocerfa="10103*12" poids="332.9 KB"><Titre>Contrat</Titre>'
        '<Source ID="R2">Ministère</Source><Introduction><Texte><Paragraphe>À signer.</Paragraphe>'
        f'</Texte></Introduction><NoticeLiee ID="R3" type="Notice">{notice}</NoticeLiee>'
        "</ServiceEnLigne>"
    )

    service = only(fiche.contenu, "service")
    assert (service["cerfa"], service["poids"]) == ("10103*12", "332.9 KB")
    assert service["source"] == "Ministère"
    assert service["notices"][0]["titre"] == "Notice du formulaire"


def test_cases_nest_and_name_the_offices_that_hold_for_them():
    fiche = read(
        "<Texte><BlocCas affichage='radio'><Cas><Titre>Salarié</Titre>"
        "<OuSAdresser ID='R40' type='Local personnalisé sur SP'><Titre>CPAM</Titre>"
        "<Complement>Pour vos droits</Complement><PivotLocal>cpam</PivotLocal></OuSAdresser>"
        "<BlocCas><Cas><Titre>Agricole</Titre>"
        "<OuSAdresser ID='R41' type='Local personnalisé sur SP' principal='true'><Titre>MSA</Titre>"
        "<PivotLocal>msa</PivotLocal></OuSAdresser></Cas></BlocCas></Cas></BlocCas></Texte>"
    )

    outer = only(fiche.contenu, "fourche")["cas"][0]
    inner = only(outer["blocs"], "fourche")["cas"][0]
    assert outer["organismes"] == ["cpam"]
    assert inner["organismes"] == ["msa"]
    assert fiche.organismes == ["msa", "cpam"], "the main office first"


def test_warnings_and_the_status_of_the_fiche_come_first():
    fiche = read(
        "<Introduction><Texte><Paragraphe>En bref.</Paragraphe></Texte></Introduction>"
        "<Avertissement ID='R5' date='2026-10-01'><Titre>Réforme</Titre><Texte><Paragraphe>Bientôt."
        "</Paragraphe></Texte></Avertissement>",
        attributes='statut="enCoursDeMiseAJour"',
    )

    assert [block["type"] for block in fiche.contenu] == [
        *("avertissement", "avertissement", "introduction"),
        "cadre",
    ]
    assert fiche.statut == "enCoursDeMiseAJour"
    assert fiche.contenu[1]["date"] == "2026-10-01"
    assert fiche.introduction == "En bref."


def test_conditions_are_kept_and_not_repeated_inside_their_own_case():
    fiche = read(
        "<Texte><BlocCas><Cas><Titre>Commerce</Titre><Condition><estVrai var='T1'/></Condition>"
        "<FragmentConditionne><Condition><estVrai var='T1'/></Condition><Paragraphe>CCI"
        "</Paragraphe></FragmentConditionne><FragmentConditionne><Condition><estVrai var='T1'/>"
        "<ou><estFaux var='T2'/><non><estIndefini var='T3'/></non></ou></Condition>"
        "<Paragraphe>Parfois</Paragraphe></FragmentConditionne></Cas></BlocCas></Texte>"
    )

    case = only(fiche.contenu, "fourche")["cas"][0]
    assert case["condition"] == "T1"
    assert [block["type"] for block in case["blocs"]] == ["paragraphe", "conditionne"]
    assert case["blocs"][1]["condition"] == "T1 et (non T2 ou non (T3 indéfini))"


def test_chapters_keep_what_their_type_says_and_untyped_ones_what_their_title_says():
    fiche = read(
        "<Texte><Chapitre type='pieces' numerote='true'><Titre><Paragraphe>Dossier</Paragraphe>"
        "</Titre><Paragraphe>Photo</Paragraphe></Chapitre><Chapitre><Titre><Paragraphe>Coût"
        "</Paragraphe></Titre><Paragraphe>12 €</Paragraphe><SousChapitre><Titre><Paragraphe>Délai :"
        "</Paragraphe></Titre><Paragraphe>2 mois</Paragraphe></SousChapitre></Chapitre></Texte>"
    )

    chapters = [block for block in walk(fiche.contenu) if block["type"] == "chapitre"]
    assert [(c["role"], c["niveau"]) for c in chapters] == [
        ("pieces", 1),
        ("cout", 1),
        ("delai", 2),
    ]
    assert chapters[0]["numerote"]


def test_links_inside_a_paragraph_tell_fiches_from_definitions_and_the_rest():
    fiche = read(
        "<Texte><Paragraphe><LienInterne LienPublication='F2' type='Fiche'>une fiche</LienInterne>"
        "<LienInterne LienPublication='R9' type='Sigle'>la CAF</LienInterne>"
        "<LienInterne LienPublication='N7' type='Dossier'>un dossier</LienInterne>"
        "<LienIntra LienID='R9' type='Définition de glossaire'>CAF</LienIntra></Paragraphe></Texte>"
        "<Abreviation ID='R9' type='Sigle'><Titre>CAF</Titre><Texte><Paragraphe>Caisse"
        "</Paragraphe></Texte></Abreviation>"
    )

    marks = only(fiche.contenu, "paragraphe")["texte"]
    assert [part["m"] for part in marks] == ["fiche", "definition", "interne", "definition"]
    assert only(fiche.contenu, "definition")["genre"] == "sigle"


def test_the_questionnaire_and_the_problematics_are_kept():
    fiche = read(
        "<Questionnaire><Description><Paragraphe>Répondez</Paragraphe></Description><Question>"
        "<Titre><Paragraphe>Êtes-vous salarié ?</Paragraphe></Titre><Aide><Paragraphe>CDI ou CDD"
        "</Paragraphe></Aide><Choix><Titre><Paragraphe>Oui</Paragraphe></Titre>"
        "<IntituleSiSelectionne><Paragraphe>Salarié</Paragraphe></IntituleSiSelectionne>"
        "<SiSelectionne><affecteVrai var='T1'/><affecteFaux var='T2'/></SiSelectionne></Choix>"
        "</Question></Questionnaire><Problematiques><Problematique><Titre><Paragraphe>Rupture"
        "</Paragraphe></Titre><Branche><TitreChoix><Paragraphe>Démission</Paragraphe></TitreChoix>"
        "<LienInterne LienPublication='F2883' type='Fiche'>Démission du CDI</LienInterne></Branche>"
        "</Problematique></Problematiques>"
    )

    assert list(texts(fiche.contenu))[:8] == [
        *("Répondez", "Êtes-vous salarié ?", "CDI ou CDD", "Oui", "Salarié", "Rupture"),
        *("Démission", "Démission du CDI"),
    ]
    assert only(fiche.contenu, "choix")["reponses"][0]["affecte"] == ["T1", "non T2"]
    assert not fiche.inconnus


def test_an_unknown_element_keeps_its_text_and_is_listed():
    fiche = read(
        "<Texte><Nouveaute>avant <MiseEnEvidence>le</MiseEnEvidence> texte<Paragraphe>dedans"
        "</Paragraphe>après</Nouveaute><Paragraphe>dit <Inedit>ceci</Inedit> aussi</Paragraphe>"
        "</Texte>"
    )

    assert fiche.inconnus == {"Nouveaute": 1, "Inedit": 1}
    assert list(texts(fiche.contenu))[:4] == [
        *("avant le texte", "dedans", "après"),
        "dit ceci aussi",
    ]
    assert only(fiche.contenu, "inconnu")["element"] == "Nouveaute"


def test_the_sub_dossier_is_found_without_its_own_element():
    fiche = read(
        "",
        head='<Theme ID="N1"><Titre>Travail</Titre></Theme><SousThemePere ID="N2">Quitter'
        '</SousThemePere><DossierPere ID="N3"><Titre>Rupture</Titre><SousDossier ID="N3-1"><Titre>'
        'Formes</Titre><Fiche ID="F1">Démission</Fiche></SousDossier></DossierPere>',
    )

    assert fiche.fil == ["Travail", "Quitter", "Rupture", "Formes"]
    assert fiche.theme == "N3-1"


def test_dates_and_addresses_that_make_no_sense_are_left_out():
    fiche = readxml.read(
        make_fiche(date="2026-13-45").replace(
            b"https://www.service-public.gouv.fr/p", b"javascript:p"
        )
    )

    assert fiche.modifiee_le is None
    assert fiche.url == ""
    assert readxml.read(make_fiche(date="2026-01-15")).modifiee_le == date(2026, 1, 15)


# --- Documents made to harm ---------------------------------------------------------------------

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><Publication ID="F1">&d;</Publication>"""


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(BILLION_LAUGHS, id="expanding entities"),
        pytest.param(
            b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Publication ID="F1">&x;'
            b"</Publication>",
            id="entity from a file",
        ),
        pytest.param(
            b'<!DOCTYPE p SYSTEM "https://exemple.fr/x.dtd"><Publication ID="F1">&x;</Publication>',
            id="external definition",
        ),
        pytest.param(make_fiche()[:200], id="truncated"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="not XML"),
        pytest.param(b"<html><body>Erreur 404</body></html>", id="an error page"),
        pytest.param(make_fiche("N19810"), id="a theme"),
        pytest.param(make_fiche(titre=""), id="no title"),
        pytest.param(make_fiche(titre="a" * 401), id="a title too long for the table"),
        pytest.param(
            make_fiche(
                body="<Texte>" + "<Liste><Item>" * 100 + "</Item></Liste>" * 100 + "</Texte>"
            ),
            id="too deep",
        ),
        pytest.param(
            make_fiche(
                body="<Texte><Paragraphe>"
                + "<MiseEnEvidence>" * 200
                + "</MiseEnEvidence>" * 200
                + "</Paragraphe></Texte>"
            ),
            id="too deep inside a paragraph",
        ),
    ],
)
def test_what_is_no_fiche_or_is_made_to_harm_is_refused(xml):
    with pytest.raises(readxml.FicheIllisible):
        readxml.read(xml)


# --- Fingerprint --------------------------------------------------------------------------------


def test_a_change_of_the_site_s_domain_alone_is_not_a_change():
    new = make_fiche()
    old = new.replace(b"service-public.gouv.fr", b"service-public.fr")

    assert old != new
    assert readxml.fingerprint(readxml.parse(old)) == readxml.fingerprint(readxml.parse(new))


def test_one_changed_word_is_a_change():
    one, other = make_fiche(), make_fiche(titre="Carte nationale d'identité")

    assert readxml.fingerprint(readxml.parse(one)) != readxml.fingerprint(readxml.parse(other))


# --- Any document -------------------------------------------------------------------------------

WORDS = st.text("abcé'« »\u00a0 \n€12", max_size=12)


def element_of(tags, *, leaves=8):
    """Elements of these names, with texts, children and tails in any order."""

    def build(drawn):
        tag, text, children = drawn
        element = etree.Element(tag)
        element.text = text
        for child, tail in children:
            element.append(child)
            child.tail = tail
        return element

    leaf = st.tuples(st.sampled_from(tags), WORDS, st.just([])).map(build)
    return st.recursive(
        leaf,
        lambda inner: st.tuples(
            st.sampled_from(tags), WORDS, st.lists(st.tuples(inner, WORDS), max_size=4)
        ).map(build),
        max_leaves=leaves,
    )


RUNNING = [*sorted(set(MARKS) - {"Image", "LienRessource"}), "Inedit"]


@given(element_of(RUNNING))
def test_running_text_loses_no_character(element):
    assert inline_text(inline(element, Reading())) == "".join(element.itertext())


ANY = {*READERS, *MARKS, "Item", "Cellule", "Rangée", "Choix", "Nouveau"} - CODES


@given(element_of(sorted(ANY)))
@settings(max_examples=300)
def test_no_text_is_lost_whatever_stands_where(element):
    """Any element inside any other, most of them nonsense to the schema: every text is kept."""
    silent = {"Condition", "Affichage"}  # conditions and hints of display, not texts
    for number, found in enumerate(element.iter(), start=1):
        above = {up.tag for up in found.iterancestors()}
        found.text = None if silent & {found.tag, *above} else f"<{number}>"
        found.tail = None if silent & above else found.tail
    root = etree.Element("Fragment")
    root.append(element)

    tree, _ = readxml.read_fragment(root)

    kept = " ".join(texts(tree))
    assert all(found.text is None or found.text in kept for found in element.iter())
    assert all(squeeze(found.tail or "") in squeeze(kept) for found in element.iter())
    json.dumps(tree)
