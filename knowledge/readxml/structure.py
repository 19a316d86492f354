"""Everything that is not running text: each element of the schema has one reader here.

A reader takes an element and gives a list of blocks. `blocks` reads whatever an element holds, in
document order: known elements through their reader, running text as paragraphs, and anything else
as an ``inconnu`` block that keeps its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from knowledge.blocks import Block
from knowledge.readxml.inline import MARKS, Reading, has_text, inline, mark, plain, rich, tag_of

CALLOUTS = {
    "ANoter": "a_noter",
    "ASavoir": "a_savoir",
    "Attention": "attention",
    "Rappel": "rappel",
    "Exemple": "exemple",
    "Consigne": "consigne",
    "Complement": "complement",
    "Aide": "aide",
}
LISTS = {"numero": "numero", "caseACocher": "case"}
# Chapters that the source does not type, but whose whole title says what they hold.
_ROLES = (
    ("cout", re.compile(r"co[uû]ts?|prix|tarifs?", re.IGNORECASE)),
    ("delai", re.compile(r"d[ée]lais?( (d'obtention|de traitement|de réponse))?", re.IGNORECASE)),
    (
        "pieces",
        re.compile(
            r"(pièces|documents|justificatifs)( justificatifs?| justificatives?)?"
            r"( (à fournir|à joindre|nécessaires))?",
            re.IGNORECASE,
        ),
    ),
)
_PUNCTUATION = "\u00a0\u202f ?:"

Reader = Callable[[etree._Element, Reading], list[Block]]


def blocks(
    element: etree._Element, reading: Reading, taken: tuple[etree._Element | None, ...] = ()
) -> list[Block]:
    """What an element holds, in document order, save the children already ``taken``."""
    found: list[Block] = []
    run: list = [element.text] if has_text(element.text) else []
    reading.deeper()
    for child in element:
        if not any(child is known for known in taken):
            tag = tag_of(child)
            reader = READERS.get(tag)
            if reader is None and tag in MARKS:
                run.append(mark(child, reading))
            else:
                _flush(run, found)
                found += (reader or unknown)(child, reading)
        tail = child.tail
        if tail and (run or has_text(tail)):
            run.append(tail)
    _flush(run, found)
    reading.depth -= 1
    return found


def _flush(run: list, found: list[Block]) -> None:
    if any(not isinstance(part, str) or has_text(part) for part in run):
        found.append({"type": "paragraphe", "texte": list(run)})
    run.clear()


def unknown(element: etree._Element, reading: Reading) -> list[Block]:
    """An element the schema has not (yet): its text is kept, and its name reported."""
    tag = tag_of(element)
    reading.unknown[tag] += 1
    return [{"type": "inconnu", "element": tag, "blocs": blocks(element, reading)}]


def condition(element: etree._Element) -> dict:
    """``{"condition": "T1 et non T2"}`` of an element under a ``Condition``, else nothing."""
    found = element.find("Condition")
    return {} if found is None else {"condition": _expression(found, " et ")}


def _expression(element: etree._Element, joint: str) -> str:
    terms = []
    for child in element:
        var = child.get("var", "")
        match tag_of(child):
            case "estVrai":
                terms.append(var)
            case "estFaux":
                terms.append(f"non {var}")
            case "estIndefini":
                terms.append(f"{var} indéfini")
            case "ou":
                terms.append(f"({_expression(child, ' ou ')})")
            case "non":
                terms.append(f"non ({_expression(child, ' et ')})")
            case _:
                terms.append(f"({_expression(child, ' et ')})")
    return joint.join(terms)


def some(**values: str | list | dict | bool | None) -> dict:
    """The values that are there: rare attributes take no place where they are absent."""
    return {key: value for key, value in values.items() if value}


def yes(value: str | None) -> bool:
    return value in ("true", "1", "oui")


def others(element: etree._Element, *told: str) -> dict:
    """``{"attributs": {name: value}}``: what an element carries besides the attributes ``told``.

    The schema's technical attributes, and those DILA adds to it, are kept under their own names.
    """
    left = {
        etree.QName(name).localname: value
        for name, value in element.attrib.items()
        if name not in told and value
    }
    return {"attributs": left} if left else {}


# --- Text ---------------------------------------------------------------------------------------


def _paragraph(element, reading):
    text = inline(element, reading)
    if not any(not isinstance(part, str) or has_text(part) for part in text):
        return []
    return [{"type": "paragraphe", "texte": text, **others(element)}]


def _subtitle(element, reading):
    text = rich(element, reading)
    return [{"type": "intertitre", "texte": text}] if text else []


def _nothing(element, reading):
    return []


def _list(element, reading):
    taken, items = [], []
    for item in element.findall("Item"):
        taken.append(item)
        inner = blocks(item, reading, (item.find("Condition"),))
        if found := condition(item) | others(item):
            inner = [{"type": "conditionne", "condition": "", **found, "blocs": inner}]
        items.append(inner)
    genre = LISTS.get(element.get("type", ""), "puce")
    told = ("type",) if element.get("type") in (None, "puce", *LISTS) else ()
    found = {"type": "liste", "genre": genre, "items": items, **others(element, *told)}
    return [found, *blocks(element, reading, tuple(taken))]


def _callout(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "encart",
            "genre": CALLOUTS[tag_of(element)],
            "titre": plain(title),
            **condition(element),
            **others(element),
            "blocs": blocks(element, reading, (title, element.find("Condition"))),
        }
    ]


# --- Plan ---------------------------------------------------------------------------------------


def _chapter(element, reading):
    title, other = element.find("Titre"), element.find("TitreAlternatif")
    heading = rich(title, reading)
    reading.chapters += 1
    nested = tag_of(element) == "SousChapitre" or reading.chapters > 1
    found = {
        "type": "chapitre",
        "titre": heading,
        "niveau": 2 if nested else 1,
        "role": element.get("type") or _role(plain(title)),
        "numerote": yes(element.get("numerote")),
        **some(id=element.get("ID"), titre_alternatif=rich(other, reading)),
        **condition(element),
        **others(element, "ID", "type", "numerote"),
        "blocs": blocks(element, reading, (title, other, element.find("Condition"))),
    }
    reading.chapters -= 1
    return [found]


def _role(title: str) -> str:
    title = title.replace("’", "'").rstrip(_PUNCTUATION)
    return next((role for role, shape in _ROLES if shape.fullmatch(title)), "")


def _introduction(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "introduction",
            **some(titre=plain(title)),
            **condition(element),
            **others(element),
            "blocs": blocks(element, reading, (title, element.find("Condition"))),
        }
    ]


def _conclusion(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "conclusion",
            "titre": rich(title, reading),
            "role": element.get("type", ""),
            **condition(element),
            **others(element, "type"),
            "blocs": blocks(element, reading, (title, element.find("Condition"))),
        }
    ]


def _conditional(element, reading):
    inner = blocks(element, reading, (element.find("Condition"),))
    found = condition(element) | others(element)
    return [{"type": "conditionne", "condition": "", **found, "blocs": inner}] if found else inner


def _illustrated(element, reading):
    """A passage beside its picture, which says on which side it stands."""
    found, side = blocks(element, reading), others(element)
    picture = next((b for b in reversed(found) if b["type"] in ("image", "video")), None)
    if picture is not None and side:
        picture["attributs"] = picture.get("attributs", {}) | side["attributs"]
    return found


def _warning(element, reading):
    title = element.find("Titre")
    return [
        {
            "type": "avertissement",
            "titre": plain(title),
            "date": element.get("date", ""),
            **some(id=element.get("ID")),
            **others(element, "ID", "date"),
            "blocs": blocks(element, reading, (title,)),
        }
    ]


# --- Forks --------------------------------------------------------------------------------------


def _fork(element, reading):
    genre = "situation" if tag_of(element) == "ListeSituations" else "cas"
    cases = [child for child in element if tag_of(child) in ("Situation", "Cas")]
    found = {
        "type": "fourche",
        "question": "",
        "genre": genre,
        **others(element),
        "cas": [_case(case, reading) for case in cases],
    }
    return [found, *blocks(element, reading, tuple(cases))]


def _case(element, reading) -> dict:
    title, under = element.find("Titre"), condition(element)
    inner = blocks(element, reading, (title, element.find("Condition")))
    if under:
        # The source repeats the case's own condition on the passages inside it.
        inner = [
            kept
            for block in inner
            for kept in (
                block["blocs"]
                if block["type"] == "conditionne" and block["condition"] == under["condition"]
                else [block]
            )
        ]
    return {
        "titre": plain(title),
        "condition": under.get("condition", ""),
        "a_dire": "",
        "organismes": pivots(inner, through_forks=False),
        **others(element),
        "blocs": inner,
    }


def _lone_case(element, reading):
    genre = "situation" if tag_of(element) == "Situation" else "cas"
    return [{"type": "fourche", "question": "", "genre": genre, "cas": [_case(element, reading)]}]


def pivots(tree: list[Block], *, through_forks: bool) -> list[str]:
    """Directory codes of the offices of a tree, the main ones first, each once."""
    offices: list[Block] = []
    _offices(tree, through_forks, offices)
    offices.sort(key=lambda office: not office.get("principal"))
    return list(dict.fromkeys(office["pivot"] for office in offices if office["pivot"]))


def _offices(tree: list[Block], through_forks: bool, found: list[Block]) -> None:
    for block in tree:
        if block["type"] == "bureau":
            found.append(block)
        elif block["type"] == "liste":
            for item in block["items"]:
                _offices(item, through_forks, found)
        elif block["type"] != "fourche":
            _offices(block.get("blocs", []), through_forks, found)
        elif through_forks:
            for case in block["cas"]:
                _offices(case["blocs"], through_forks, found)


READERS: dict[str, Reader] = {
    "Paragraphe": _paragraph,
    "Titre": _subtitle,
    "TitreFlottant": _subtitle,
    "TitreAlternatif": _subtitle,
    "Condition": _nothing,
    "Affichage": _nothing,
    "ContenuIllustre": _illustrated,
    "Liste": _list,
    **dict.fromkeys(CALLOUTS, _callout),
    "Chapitre": _chapter,
    "SousChapitre": _chapter,
    "Introduction": _introduction,
    "IntroductionSimple": _introduction,
    "Conclusion": _conclusion,
    "FragmentConditionne": _conditional,
    "Avertissement": _warning,
    "ListeSituations": _fork,
    "BlocCas": _fork,
    "Situation": _lone_case,
    "Cas": _lone_case,
    # Elements that only hold others.
    **dict.fromkeys(
        (
            *("Texte", "Contenu", "ListeOuSAdresser", "Description", "Commentaire", "Credits"),
            "Resume",
        ),
        blocks,
    ),
}
