"""Offices, online services, references, definitions: things with a name, an address, numbers."""

from __future__ import annotations

from knowledge.blocks import Block
from knowledge.readxml.inline import Reading, plain, tag_of
from knowledge.readxml.links import picture
from knowledge.readxml.structure import READERS, blocks, condition, others, some, yes

_FILE = ("URL", "langue", "format", "poids", "commentaireLien")


def source_of(element) -> dict:
    """The name and the reference of a ``Source``, where there is one."""
    source = element.find("Source")
    if source is None:
        return {}
    return some(source=plain(source), source_reference=source.get("ID"))


def _office(element, reading):
    title, complement = element.find("Titre"), element.find("Complement")
    pivot, source = element.find("PivotLocal"), element.find("Source")
    sites = element.findall("RessourceWeb")
    taken = (element.find("Condition"), title, complement, pivot, source, *sites)
    told = ("ID", "type", "principal", "indisponible", "audience", "modalite")
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
            "source": "",
            **source_of(element),
            **some(
                principal=yes(element.get("principal")),
                indisponible=yes(element.get("indisponible")),
                audience=element.get("audience"),
                modalite=element.get("modalite"),
                sites=[_site(site) for site in sites] if any(map(_more, sites)) else [],
            ),
            **condition(element),
            **others(element, *told),
            "blocs": blocks(element, reading, taken),
        }
    ]


def _more(site) -> bool:
    return len(site.attrib) > 1


def _site(site) -> dict:
    """What an address of an office says besides itself."""
    said = some(commentaire_lien=site.get("commentaireLien"), langue=site.get("langue"))
    return said | others(site, "URL", "commentaireLien", "langue")


# The attributes of a service, of its annexes and notices, with their names in its block.
_SERVICE = {
    "autre_numero": "autrenumero",
    "date": "date",
    "guide": "URLcerfaGuide",
    "commentaire_lien": "commentaireLien",
    "audience": "audience",
    "modalite": "modalite",
    "groupe": "groupe",
    "langue": "langue",
}


def _service(element, reading):
    return [{"type": "service", **_service_fields(element, reading)}]


def _service_fields(element, reading: Reading) -> dict:
    """A service, one of its annexes or notices: the same attributes, more or fewer children."""
    title, other = element.find("Titre"), element.find("TitreAlternatif")
    source, pivot = element.find("Source"), element.find("PivotLocal")
    connect = element.find("FranceConnect")
    # An annex tells its addresses and notices among its blocks, in an order of its own.
    whole = tag_of(element) != "ServiceEnLigneAnnexe"
    access = [c for c in element if whole and tag_of(c) in ("LienWeb", "LienRessource")]
    notices = element.findall("NoticeLiee") if whole else []
    annexes = element.findall("ServiceEnLigneAnnexe")
    taken = (element.find("Condition"), title, other, source, pivot, connect)
    text_only = title is None and not len(element)  # NoticeLiee up to schema 3.4
    told = ("ID", "type", "URL", "numerocerfa", "format", "poids", "indisponible")
    return {
        "id": element.get("ID", ""),
        "genre": element.get("type", ""),
        "titre": plain(element) if text_only else plain(title),
        "url": element.get("URL", ""),
        "cerfa": element.get("numerocerfa", ""),
        "source": "",
        **source_of(element),
        "format": element.get("format", ""),
        "poids": element.get("poids", ""),
        **some(
            titre_alternatif=plain(other),
            indisponible=yes(element.get("indisponible")),
            pivot=plain(pivot),
            france_connect=yes(plain(connect)),
            acces=[_access(child, reading) for child in access],
            annexes=[_service_fields(annexe, reading) for annexe in annexes],
            **{key: element.get(name) for key, name in _SERVICE.items()},
        ),
        **condition(element),
        **others(element, *told, *_SERVICE.values()),
        "blocs": []
        if text_only
        else blocks(element, reading, (*taken, *access, *notices, *annexes)),
        "notices": [_service_fields(notice, reading) for notice in notices],
    }


def _access(element, reading) -> Block:
    """A link to a service beside its own: ``LienWeb`` (an address), ``LienRessource`` (a file)."""
    if tag_of(element) == "LienRessource":
        return picture(element, reading)[0]
    source = element.find("Source")
    return {
        "type": "lien",
        "role": "lien",
        "titre": "",
        "reference": "",
        "url": element.get("URL", ""),
        **source_of(element),
        **some(
            langue=element.get("langue"),
            format=element.get("format"),
            poids=element.get("poids"),
            commentaire_lien=element.get("commentaireLien"),
            blocs=blocks(element, reading, (source,)),
        ),
        **others(element, *_FILE),
    }


def _reference(element, reading):
    title, source = element.find("Titre"), element.find("Source")
    complement = element.find("Complement")
    taken = (element.find("Condition"), title, source, complement)
    return [
        {
            "type": "reference",
            "id": element.get("ID", ""),
            "genre": element.get("type", ""),
            "titre": plain(title),
            "url": element.get("URL", ""),
            "complement": plain(complement),
            **source_of(element),
            **some(
                audience=element.get("audience"),
                langue=element.get("langue"),
                format=element.get("format"),
                poids=element.get("poids"),
                commentaire_lien=element.get("commentaireLien"),
                blocs=blocks(element, reading, taken),
            ),
            **condition(element),
            **others(element, "ID", "type", "audience", *_FILE),
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
            **others(element, "ID"),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


def _source(element, reading):
    found = {"type": "source", "titre": plain(element), "url": "", **some(id=element.get("ID"))}
    return [found] if found["titre"] or "id" in found else []


READERS |= {
    **dict.fromkeys(("OuSAdresser", "QuiPeutMAider", "OuSAdresserSupport"), _office),
    **dict.fromkeys(("ServiceEnLigne", "ServiceEnLigneAlternatif"), _service),
    **dict.fromkeys(("ServiceEnLigneAnnexe", "NoticeLiee"), _service),
    "LienWeb": lambda element, reading: [_access(element, reading)],
    "Reference": _reference,
    "Definition": _definition,
    "Abreviation": _definition,
    "Source": _source,
}
