"""The block tree as HTML: nothing lost, everything escaped, headings in order."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from knowledge import readxml
from knowledge.blocks import bullets, paragraph
from knowledge.render import render_blocks, render_inline
from tests.knowledge.vosdroits import make_fiche, needs_data, real_files


def page_of(blocks, **options):
    return lxml_html.fromstring(f"<div>{render_blocks(blocks, **options)}</div>")


def render(body: str, **options):
    return page_of(readxml.read(make_fiche(body=body)).contenu, **options)


INLINE = {"a", "code", "i", "span", "strong", "sub", "sup", "time"}


def shown(element) -> str:
    """The text as read: a new line around blocks."""
    inside = [element.text or ""]
    for child in element:
        inside += [shown(child), child.tail or ""]
    text = "".join(inside)
    return text if element.tag in INLINE else f"\n{text}\n"


# --- Real files ---------------------------------------------------------------------------------


@needs_data
@pytest.mark.parametrize("path", real_files("xml"), ids=lambda path: path.name)
def test_no_heading_is_skipped_and_no_style_or_script_comes_out(path):
    page = page_of(readxml.read(path.read_bytes()).contenu, level=2)

    levels = [int(found.tag[1]) for found in page.iter() if re.fullmatch(r"h\d", str(found.tag))]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not list(page.iter("script", "style"))
    assert not [found for found in page.iter() if found.get("style")]
    assert not [name for found in page.iter() for name in found.attrib if name.startswith("on")]


# --- Shapes -------------------------------------------------------------------------------------


def test_a_paragraph_keeps_its_marks():
    page = render(
        "<Texte><Paragraphe>Le 1<Exposant>er</Exposant> mai, <MiseEnEvidence>payez "
        "<Valeur>12 €</Valeur></MiseEnEvidence> en <TermeEtranger langue='en'>cash"
        "</TermeEtranger>.</Paragraphe></Texte>"
    )

    assert page.find("p").text_content() == "Le 1er mai, payez 12 € en cash."
    assert page.find("p/sup").text == "er"
    assert page.find("p/strong/span").get("class") == "a39-valeur"
    assert page.find("p/i").get("lang") == "en"


def test_forks_are_unfolded_each_case_under_its_title():
    page = render(
        "<ListeSituations affichage='onglet'><Situation><Titre>Majeur</Titre><Texte><BlocCas><Cas>"
        "<Titre>En France</Titre><Paragraphe>12 €</Paragraphe></Cas><Cas><Titre>À l'étranger"
        "</Titre><Paragraphe>24 €</Paragraphe></Cas></BlocCas></Texte></Situation>"
        "</ListeSituations>"
    )

    outer = page.find(".//section")
    assert outer.get("data-cas") == "1"
    assert outer.find("h3").text == "Majeur"
    inner = outer.findall(".//section")
    assert [(case.get("data-cas"), case.find("h4").text) for case in inner] == [
        ("1", "En France"),
        ("2", "À l'étranger"),
    ]
    assert "24 €" not in inner[0].text_content()


def test_a_table_has_headers_a_caption_and_merged_cells():
    page = render(
        "<Texte><Tableau><TitreRiche><Paragraphe>Tarifs</Paragraphe></TitreRiche>"
        "<Resume><Paragraphe>Par âge</Paragraphe></Resume>"
        "<Colonne type='header'/><Colonne/><Colonne/><Rangée type='header'><Cellule/>"
        "<Cellule fusionHorizontale='2'>Prix</Cellule></Rangée><Rangée><Cellule>25 ans</Cellule>"
        "<Cellule fusionVerticale='2'>12 €</Cellule><Cellule>13 €</Cellule></Rangée>"
        "</Tableau></Texte>"
    )

    table = page.find(".//table")
    assert table.find("caption").text_content() == "TarifsPar âge"
    header = table.findall("thead/tr/th")[1]
    assert (header.get("scope"), header.get("colspan")) == ("colgroup", "2")
    assert table.find("tbody/tr/th").get("scope") == "row"
    assert table.find("tbody/tr/td").get("rowspan") == "2"


def test_lists_keep_their_kind():
    page = render(
        "<Texte><Liste type='numero'><Item><Paragraphe>Un</Paragraphe><Liste><Item><Paragraphe>a"
        "</Paragraphe></Item></Liste></Item></Liste><Liste type='caseACocher'><Item>"
        "<Paragraphe>Photo</Paragraphe></Item><Item/></Liste></Texte>"
    )

    assert page.find(".//ol/li/ul/li").text == "a"
    assert len(page.findall(".//ul[@class='a39-a-cocher']/li")) == 1, "an empty item is not shown"


def test_definitions_are_one_list_that_links_point_to():
    page = render(
        "<Texte><Paragraphe>Dans <LienIntra LienID='R1' type='x'>l'année civile</LienIntra>"
        "</Paragraphe></Texte><Definition ID='R1'><Titre>Année civile</Titre><Texte>"
        "<Paragraphe>Du 1er janvier au 31 décembre</Paragraphe></Texte></Definition>"
        "<Abreviation ID='R2' type='Sigle'>"
        "<Titre>CAF</Titre><Texte><Paragraphe>Caisse</Paragraphe></Texte></Abreviation>"
    )

    assert page.find("p/a").get("href") == "#def-R1"
    assert len(page.findall("dl")) == 1
    assert page.find("dl/div").get("id") == "def-R1"
    assert page.findall("dl/div/dt")[1].text == "CAF"


def test_fiches_open_in_the_desk_and_everything_else_in_a_new_window():
    page = render(
        "<Texte><Paragraphe><LienInterne LienPublication='F303' type='x'>arrêt</LienInterne>"
        "<LienExterne URL='https://www.ameli.fr/'>Ameli</LienExterne>"
        "<LienExterne URL='mailto:a@exemple.fr'>écrire</LienExterne>"
        "<LienInterne LienPublication='N1' type='Dossier' audience='Professionnels'>dossier"
        "</LienInterne></Paragraphe></Texte>"
    )

    fiche, outside, mail, dossier = page.findall("p/a")
    assert fiche.get("href") == "/fiches/F303/"
    assert fiche.get("target") is None
    assert (outside.get("rel"), outside.get("target")) == ("noreferrer", "_blank")
    assert outside.text_content() == "Ameli", "no word comes between those of the source"
    assert outside.get("title") == "Ameli (nouvelle fenêtre)"
    assert (mail.get("href"), mail.get("target")) == ("mailto:a@exemple.fr", None)
    assert (dossier.get("href"), dossier.get("target")) == ("/ressources/N1/", None)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//exemple.fr", " JavaScript:x", "F1.xml"]
)
def test_an_address_of_another_kind_is_shown_without_a_link(url):
    page = page_of([{"type": "paragraphe", "texte": [{"m": "externe", "url": url, "c": ["ici"]}]}])

    assert page.text_content() == "ici"
    assert page.find(".//a") is None


def test_an_office_and_a_service_show_what_can_be_said_and_done():
    page = render(
        "<Texte><Paragraphe>x</Paragraphe></Texte><OuSAdresser ID='R40' type='Local'><Titre>CPAM"
        "</Titre><Complement>Pour vos droits</Complement><PivotLocal>cpam</PivotLocal><RessourceWeb"
        " URL='https://www.ameli.fr/adresses'/><Source ID='R1'>Cnam</Source></OuSAdresser>"
        "<ServiceEnLigne ID='R2' type='Formulaire' numerocerfa='10103*12' poids='332.9 KB'"
        " indisponible='true'><Titre>Contrat</Titre></ServiceEnLigne>"
    )

    office = page.find("div[@class='a39-bureau']")
    assert office.get("data-pivot") == "cpam"
    assert office.find(".//a").text == "www.ameli.fr"
    service = page.find("div[@class='a39-service']")
    assert service.find(".//a").get("href") == "/ressources/R2/", "the resource has the address"
    assert "Cerfa n°\u00a010103*12" in service.text_content()
    assert "Indisponible" in service.text_content()


def test_native_blocks_are_rendered_too():
    page = page_of([paragraph("Bonjour"), *[bullets(["un", "deux"])], *[sources()]])

    assert page.find("p").text == "Bonjour"
    assert len(page.findall("ul")[0]) == 2
    assert page.findall("ul")[1].find("li/a").get("href") == "https://exemple.gouv.fr/"


def sources():
    return {"type": "source", "titre": "Exemple", "url": "https://exemple.gouv.fr/"}


def test_a_block_of_a_later_vocabulary_still_shows_its_text():
    page = page_of([{"type": "hologramme", "titre": "Titre", "blocs": [paragraph("Texte")]}])

    assert shown(page).split() == ["Titre", "Texte"]


def test_headings_start_where_the_page_wants_them_and_stop_at_six():
    chapter = {"type": "chapitre", "titre": ["T"], "niveau": 1, "role": "", "blocs": []}
    nested = chapter | {"blocs": [chapter | {"blocs": [chapter]}]}

    tags = [found.tag for found in page_of([nested], level=5).iter() if found.text == "T"]

    assert tags == ["h5", "h6", "h6"]


# --- Escaping -----------------------------------------------------------------------------------

NASTY = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=x>', "' onclick='x", "&"]
)
ATTRIBUTES = ("url", "reference", "id", "langue", "element", "commentaire", "audience")


@given(
    kind=st.sampled_from(["fort", "fiche", "interne", "definition", "externe", "langue", "image"]),
    attributes=st.dictionaries(st.sampled_from(ATTRIBUTES), NASTY),
    text=NASTY,
)
def test_nothing_nasty_in_running_text_comes_out_alive(kind, attributes, text):
    page = lxml_html.fromstring(f"<p>{render_inline([{'m': kind, **attributes, 'c': [text]}])}</p>")

    harmless(page)
    assert text in page.text_content()


def block_of(kind, fields, text):
    return {
        **dict.fromkeys(("titre", "url", "id", "source", "complement", "pivot", "theme"), text),
        **dict.fromkeys(("genre", "role", "date", "cerfa", "condition", "element"), text),
        **{"type": kind, "blocs": [], "items": [], "rangees": [], "cas": [], "reponses": []},
        **{"texte": [text], "cellules": [], "notices": [], "urls": [text], "reference": text},
        **{"surtitre": text, "legende": text, "alternative": text, "credits": [text]},
        **fields,
    }


KINDS = (
    *("avertissement", "introduction", "paragraphe", "intertitre", "liste", "tableau", "encart"),
    *("chapitre", "fourche", "conditionne", "conclusion", "questionnaire", "choix", "bureau"),
    *("service", "reference", "definition", "lien", "image", "video", "source", "cadre", "inconnu"),
)


@pytest.mark.parametrize("kind", KINDS)
@given(text=NASTY)
@settings(max_examples=8)
def test_nothing_nasty_in_a_block_comes_out_alive(kind, text):
    case = {"titre": text, "condition": text, "a_dire": text, "blocs": [paragraph(text)]}

    harmless(page_of([block_of(kind, {"cas": [case]} if kind == "fourche" else {}, text)]))


def harmless(page):
    assert not list(page.iter("script", "img"))
    for found in page.iter():
        assert not [name for name in found.attrib if name.startswith("on") or name == "style"]
        assert not (found.get("href") or "").lower().startswith("javascript:")
