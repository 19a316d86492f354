"""Links to other objects of the source or out of it, groups of links, pictures and videos."""

from __future__ import annotations

from knowledge.blocks import Block, Inline
from knowledge.readxml.inline import HOLDERS, Reading, plain, rich, spaced, tag_of
from knowledge.readxml.structure import READERS, blocks, condition, others, some, yes

LINKS = {
    "QuestionReponse": "question",
    "CommentFaireSi": "question",
    "FicheConnexe": "fiche",
    "FicheLiee": "fiche",
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
# The attributes of a link, with their names in its block.
_LINK = {
    "genre": "type",
    "audience": "audience",
    "cerfa": "numerocerfa",
    "autre_numero": "autrenumero",
    "langue": "langue",
    "format": "format",
    "poids": "poids",
    "commentaire_lien": "commentaireLien",
}
_TARGET = ("ID", "LienPublication", "URL", *_LINK.values())


def link(element, reading, *, role: str = "", target=None) -> list[Block]:
    """A link to another object, in either shape: text content, or ``Titre`` and the rest.

    ``target`` is the child that carries the address, when it is not the element itself.
    """
    title, complement = element.find("Titre"), element.find("Complement")
    source, theme = element.find("Source"), element.find("Theme")
    pivot, image = element.find("PivotLocal"), element.find("ImageIllustration")
    audiences = element.findall("Audience")
    text_only = title is None and not len(element)
    taken = (element.find("Condition"), title, complement, source, theme, pivot, image, target)
    holder = element if target is None else target
    own = {} if target is None else others(element)
    return [
        {
            "type": "lien",
            "role": role or LINKS[tag_of(element)],
            "titre": plain(element) if text_only else _title(title, reading),
            "reference": holder.get("ID") or holder.get("LienPublication") or "",
            "url": holder.get("URL", ""),
            **some(
                publics=[{"titre": plain(audience)} for audience in audiences],
                theme=_theme_title(theme),
                theme_reference="" if theme is None else theme.get("ID", ""),
                theme_publics=[]
                if theme is None
                else [{"titre": plain(found)} for found in theme.findall("Audience")],
                complement=plain(complement),
                source=plain(source),
                source_reference="" if source is None else source.get("ID", ""),
                ancre=plain(target),
                pivot=plain(pivot),
                illustration=[] if image is None else picture(image, reading),
                **{key: holder.get(name) for key, name in _LINK.items()},
                blocs=[] if text_only else blocks(element, reading, (*taken, *audiences)),
            ),
            **condition(element),
            **own,
            **others(holder, *_TARGET),
        }
    ]


def _title(title, reading: Reading) -> str | Inline:
    """Plain text, save the rare title with marks inside."""
    if title is not None and title.find("Paragraphe/*") is not None:
        return rich(title, reading)
    return plain(title)


def _theme_title(theme) -> str:
    if theme is None:
        return ""
    title = theme.find("Titre")
    return plain(theme) if title is None and not len(theme) else plain(title)


def _see_also(element, reading):
    important = yes(element.get("important"))
    found = blocks(element, reading)
    for block in found:
        if block["type"] == "lien" and block["role"] in ("fiche", "voir_aussi"):
            block |= {"role": "voir_aussi", **some(important=important)}
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
                source_reference="" if source is None else source.get("ID", ""),
                **({} if target is None else {k: target.get(n) for k, n in _LINK.items()}),
                blocs=blocks(element, reading, (comment, target, source)),
            ),
            **({} if target is None else others(target, *_TARGET)),
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
            **others(element, "ID"),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


# --- Pictures -----------------------------------------------------------------------------------


def picture(element, reading) -> list[Block]:
    """A picture or a file of the source (``TypeLienRessourceInterne``)."""
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
                introduction=[]
                if introduction is None
                else READERS["IntroductionSimple"](introduction, reading),
                genre=element.get("type"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
                commentaire_lien=element.get("commentaireLien"),
            ),
            **others(element, "LienPublication", "URL", "type", *_FILE),
            "blocs": blocks(element, reading, taken),
        }
    ]


_FILE = ("langue", "format", "poids", "commentaireLien")


def _video(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "video",
            "titre": plain(title),
            "url": element.get("URL", ""),
            **some(
                genre=element.get("type"),
                fournisseur=element.get("fournisseur"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
                commentaire_lien=element.get("commentaireLien"),
            ),
            **others(element, "URL", "type", "fournisseur", *_FILE),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


def _public(element, reading):
    """An ``Audience`` that stands alone."""
    text = plain(element)
    return [{"type": "paragraphe", "texte": [text]}] if text else []


READERS |= {
    **dict.fromkeys(LINKS, link),
    "VoirAussi": _see_also,
    "Lien": _link_block,
    "LienExterneCommente": _commented_link,
    "Audience": _public,
    # Outside a picture, or under a video.
    **dict.fromkeys(("Legende", "TexteDeRemplacement"), blocks),
    **dict.fromkeys(("Groupe", "SousTheme", "SousDossier"), _group),
    **dict.fromkeys(("Infographie", "ImageIllustration"), picture),
    **dict.fromkeys(("Video", "VideoIllustration"), _video),
    # Alone among blocks they are blocks, inside a sentence they are marks that hold one.
    **dict.fromkeys(("Image", "LienRessource"), picture),
}
HOLDERS |= {"Image": picture, "LienRessource": picture}
