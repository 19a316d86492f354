"""Offices, services, references, definitions, links, pictures, guided questions."""

from __future__ import annotations

from knowledge.blocks import Block
from knowledge.readxml.inline import Reading, plain, rich, spaced, tag_of
from knowledge.readxml.structure import READERS, blocks, condition, some

LINKS = {
    "QuestionReponse": "question",
    "CommentFaireSi": "question",
    "FicheConnexe": "fiche",
    "Fiche": "fiche",
    "Dossier": "fiche",
    "Actualite": "voir_aussi",
    "PourEnSavoirPlus": "savoir_plus",
    "Partenaire": "partenaire",
    "RechercheGuidee": "recherche",
    "RechercheGuideePere": "recherche",
    "FAQ": "question",
    "FichePrecedente": "fiche",
    "FicheSuivante": "fiche",
}


def _yes(value: str | None) -> bool:
    return value in ("true", "1", "oui")


def _office(element, reading):
    title, complement = element.find("Titre"), element.find("Complement")
    pivot, source = element.find("PivotLocal"), element.find("Source")
    sites = element.findall("RessourceWeb")
    taken = (element.find("Condition"), title, complement, pivot, source, *sites)
    return [
        {
            "type": "bureau",
            "id": element.get("ID", ""),
            "genre": element.get("type", ""),
            "role": "aide" if tag_of(element) == "QuiPeutMAider" else "",
            "titre": plain(title),
            "complement": plain(complement),
            "pivot": plain(pivot),
            "urls": [site.get("URL", "") for site in sites],
            "source": plain(source),
            **some(
                principal=_yes(element.get("principal")),
                indisponible=_yes(element.get("indisponible")),
                audience=element.get("audience"),
                modalite=element.get("modalite"),
                commentaires=[
                    comment for site in sites if (comment := site.get("commentaireLien"))
                ],
            ),
            **condition(element),
            "blocs": blocks(element, reading, taken),
        }
    ]


def _service(element, reading):
    return [{"type": "service", **_service_fields(element, reading)}]


def _service_fields(element, reading: Reading) -> dict:
    """A service, one of its annexes or notices: the same attributes, more or fewer children."""
    title, other = element.find("Titre"), element.find("TitreAlternatif")
    source, pivot = element.find("Source"), element.find("PivotLocal")
    connect = element.find("FranceConnect")
    access = [child for child in element if tag_of(child) in ("LienWeb", "LienRessource")]
    notices, annexes = element.findall("NoticeLiee"), element.findall("ServiceEnLigneAnnexe")
    taken = (element.find("Condition"), title, other, source, pivot, connect)
    text_only = title is None and not len(element)  # NoticeLiee up to schema 3.4
    return {
        "id": element.get("ID", ""),
        "genre": element.get("type", ""),
        "titre": plain(element) if text_only else plain(title),
        "url": element.get("URL", ""),
        "cerfa": element.get("numerocerfa", ""),
        "source": plain(source),
        "format": element.get("format", ""),
        "poids": element.get("poids", ""),
        **some(
            titre_alternatif=plain(other),
            autre_numero=element.get("autrenumero"),
            date=element.get("date"),
            guide=element.get("URLcerfaGuide"),
            commentaire_lien=element.get("commentaireLien"),
            audience=element.get("audience"),
            modalite=element.get("modalite"),
            groupe=element.get("groupe"),
            langue=element.get("langue"),
            indisponible=_yes(element.get("indisponible")),
            pivot=plain(pivot),
            france_connect=_yes(plain(connect)),
            acces=[_access(child, reading) for child in access],
            annexes=[_service_fields(annexe, reading) for annexe in annexes],
        ),
        **condition(element),
        "blocs": []
        if text_only
        else blocks(element, reading, (*taken, *access, *notices, *annexes)),
        "notices": [_service_fields(notice, reading) for notice in notices],
    }


def _access(element, reading) -> Block:
    """A link to a service beside its own: ``LienWeb`` (an address), ``LienRessource`` (a file)."""
    if tag_of(element) == "LienRessource":
        return _image(element, reading)[0]
    source = element.find("Source")
    return {
        "type": "lien",
        "role": "lien",
        "titre": "",
        "reference": "",
        "url": element.get("URL", ""),
        "source": plain(source),
        **some(
            langue=element.get("langue"),
            format=element.get("format"),
            poids=element.get("poids"),
            commentaire_lien=element.get("commentaireLien"),
        ),
    }


def _reference(element, reading):
    title, source = element.find("Titre"), element.find("Source")
    complement = element.find("Complement")
    taken = (element.find("Condition"), title, source, complement)
    rest = blocks(element, reading, taken)
    return [
        {
            "type": "reference",
            "id": element.get("ID", ""),
            "genre": element.get("type", ""),
            "titre": plain(title),
            "url": element.get("URL", ""),
            "complement": plain(complement),
            **some(
                source=plain(source),
                audience=element.get("audience"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
                commentaire_lien=element.get("commentaireLien"),
                blocs=rest,
            ),
            **condition(element),
        }
    ]


def _definition(element, reading):
    title = element.find("Titre")
    genre = "definition"
    if tag_of(element) == "Abreviation":
        genre = "acronyme" if element.get("type", "").lower() == "acronyme" else "sigle"
    return [
        {
            "type": "definition",
            "id": element.get("ID", ""),
            "genre": genre,
            "titre": plain(title),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


# --- Links --------------------------------------------------------------------------------------


def link(element, reading, *, role: str = "", target=None) -> list[Block]:
    """A link to another object, in either shape: text content, or ``Titre`` and the rest.

    ``target`` is the child that carries the address, when it is not the element itself.
    """
    title, complement = element.find("Titre"), element.find("Complement")
    source, theme = element.find("Source"), element.find("Theme")
    pivot, picture = element.find("PivotLocal"), element.find("ImageIllustration")
    text_only = title is None and not len(element)
    taken = (element.find("Condition"), title, complement, source, theme, pivot, picture, target)
    holder = element if target is None else target
    return [
        {
            "type": "lien",
            "role": role or LINKS[tag_of(element)],
            "titre": plain(element) if text_only else plain(title),
            "reference": holder.get("ID") or holder.get("LienPublication") or "",
            "url": holder.get("URL", ""),
            **some(
                genre=holder.get("type"),
                audience=holder.get("audience"),
                theme=plain(theme),
                theme_reference="" if theme is None else theme.get("ID", ""),
                complement=plain(complement),
                source=plain(source),
                ancre=plain(target),
                pivot=plain(pivot),
                cerfa=holder.get("numerocerfa"),
                autre_numero=holder.get("autrenumero"),
                langue=holder.get("langue"),
                format=holder.get("format"),
                poids=holder.get("poids"),
                commentaire_lien=holder.get("commentaireLien"),
                illustration=[] if picture is None else _image(picture, reading),
                blocs=[] if text_only else blocks(element, reading, taken),
            ),
            **condition(element),
        }
    ]


def _see_also(element, reading):
    important = _yes(element.get("important"))
    found = blocks(element, reading)
    for block in found:
        if block["type"] == "lien" and block["role"] == "fiche":
            block["role"] = "voir_aussi"
            block |= some(important=important)
    return found


def _link_block(element, reading):
    """``Lien``: title, complement, source, then the link itself with a text of its own."""
    target = element.find("LienExterne")
    if target is None:
        target = element.find("LienInterne")
    return link(element, reading, role="lien", target=target)


def _commented_link(element, reading):
    comment, target = element.find("Commentaire"), element.find("LienExterne")
    source = element.find("Source")
    return [
        {
            "type": "lien",
            "role": "lien_externe",
            "titre": plain(target),
            "reference": "",
            "url": "" if target is None else target.get("URL", ""),
            **some(
                commentaire=[] if comment is None else blocks(comment, reading),
                source=plain(source),
                blocs=blocks(element, reading, (comment, target, source)),
            ),
        }
    ]


def _group(element, reading):
    """``Groupe``, ``SousTheme``, ``SousDossier``: a title over links."""
    title = element.find("Titre")
    return [
        {
            "type": "chapitre",
            "titre": rich(title, reading),
            "niveau": 1,
            "role": "",
            "numerote": False,
            **some(id=element.get("ID")),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


# --- Pictures -----------------------------------------------------------------------------------


def _image(element, reading):
    title, introduction = element.find("Titre"), element.find("IntroductionSimple")
    legend, credits_ = element.find("Legende"), element.find("Credits")
    alternative = element.find("TexteDeRemplacement")
    taken = (title, introduction, legend, credits_, alternative)
    return [
        {
            "type": "image",
            "titre": plain(title),
            "legende": plain(legend),
            "credits": [] if credits_ is None else spaced(credits_, reading),
            "alternative": plain(alternative),
            "url": element.get("LienPublication", "") or element.get("URL", ""),
            **some(
                introduction=[] if introduction is None else blocks(introduction, reading),
                genre=element.get("type"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
            ),
            "blocs": blocks(element, reading, taken),
        }
    ]


def _video(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "video",
            "titre": plain(title),
            "url": element.get("URL", ""),
            **some(
                fournisseur=element.get("fournisseur"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
            ),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


# --- Guided questions ---------------------------------------------------------------------------


def _questionnaire(element, reading):
    title = element.find("Description")
    return [
        {
            "type": "questionnaire",
            "titre": rich(title, reading),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


def _question(element, reading):
    title = element.find("Titre")
    answers = element.findall("Choix")
    return [
        {
            "type": "choix",
            "titre": rich(title, reading),
            "blocs": blocks(element, reading, (title, *answers)),
            "reponses": [_answer(answer, reading) for answer in answers],
        }
    ]


def _answer(element, reading) -> dict:
    title, chosen = element.find("Titre"), element.find("IntituleSiSelectionne")
    sets = element.find("SiSelectionne")
    return {
        "titre": rich(title, reading),
        "libelle": rich(chosen, reading),
        "affecte": _assigned(sets),
        "blocs": blocks(element, reading, (title, chosen, sets)),
    }


def _branch(element, reading):
    title, chosen = element.find("Titre"), element.find("TitreChoix")
    sets = element.find("SiSelectionne")
    return [
        {
            "type": "choix",
            "titre": rich(title, reading),
            **some(libelle=rich(chosen, reading), affecte=_assigned(sets)),
            "blocs": blocks(element, reading, (title, chosen, sets)),
            "reponses": [],
        }
    ]


def _assigned(element) -> list[str]:
    """The variables a choice sets: ``["T1", "non T2"]``."""
    if element is None:
        return []
    return [
        ("non " if tag_of(child) == "affecteFaux" else "") + child.get("var", "")
        for child in element
    ]


READERS |= {
    **dict.fromkeys(("OuSAdresser", "QuiPeutMAider", "OuSAdresserSupport"), _office),
    "ServiceEnLigne": _service,
    "ServiceEnLigneAlternatif": _service,
    "Reference": _reference,
    "Definition": _definition,
    "Abreviation": _definition,
    **dict.fromkeys(LINKS, link),
    "VoirAussi": _see_also,
    "Lien": _link_block,
    "LienExterneCommente": _commented_link,
    **dict.fromkeys(("Groupe", "SousTheme", "SousDossier"), _group),
    **dict.fromkeys(("Image", "Infographie", "ImageIllustration"), _image),
    **dict.fromkeys(("Video", "VideoIllustration"), _video),
    **dict.fromkeys(("Questionnaire", "Problematiques"), _questionnaire),
    "Question": _question,
    **dict.fromkeys(("Branche", "Problematique", "Accueil"), _branch),
}
