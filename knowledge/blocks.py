"""The block tree: one vocabulary for imported and native fiches.

``Fiche.contenu`` is a list of blocks. A block is a dict with ``type`` and, by type:

=================  ================================================================================
``avertissement``  ``titre``, ``date``, ``blocs``: a coming reform; always first
``introduction``   ``blocs`` (``titre``)
``paragraphe``     ``texte``: inline list (below)
``intertitre``     ``texte`` (inline): a floating title, outside the plan of chapters
``liste``          ``genre`` (puce, numero, case), ``items``: list of lists of blocks
``tableau``        ``titre`` (inline), ``resume`` (blocks), ``entetes`` (column kinds),
                   ``rangees``: list of ``{entete: bool, cellules: [{blocs, colonnes, lignes,
                   entete}]}``; a cell may name itself (``id``) and its headers (``refs``)
``encart``         ``genre`` (a_noter, a_savoir, attention, rappel, exemple, consigne, complement,
                   aide), ``titre``, ``blocs``
``chapitre``       ``titre`` (inline), ``niveau`` (1, 2), ``role`` (``""``, pieces, important,
                   cout, delai, texte; escalation fiches: definition, exemples_dans,
                   exemples_hors), ``numerote``, ``blocs`` (``titre_alternatif``: inline)
``fourche``        a fork: ``question`` (worded aloud; may be ""), ``genre`` (situation, cas,
                   question), ``aide`` (said when the caller does not know), ``cas``: list of
                   ``{titre, condition, a_dire, organismes, blocs}`` and, in a parcours,
                   ``ne_sait_pas`` (True on that answer), at its end ``issue`` (the name of the
                   outcome) and ``cible`` (where it leads, `knowledge.parcours`). Forks nest
                   through the blocks of a case. An amount inside a case is only true in that case
``conditionne``    ``condition``, ``blocs``: a passage that a questionnaire would show or hide
``conclusion``     ``titre`` (inline), ``role``, ``blocs``
``questionnaire``  ``titre`` (inline), ``blocs``: guided questions of the source
``choix``          a question of those or one of its branches: ``titre`` (inline), ``blocs``,
                   ``reponses``: list of ``{titre, libelle (inline), affecte, blocs}``
``bureau``         an office: ``id``, ``genre`` (source type), ``role`` (aide or ""), ``titre``,
                   ``complement``, ``pivot`` (directory code or ""), ``urls``, ``source``,
                   ``blocs``
``service``        online service, form, letter, simulator: ``id``, ``genre``, ``titre``, ``url``,
                   ``cerfa``, ``source``, ``format``, ``poids``, ``blocs``, ``notices`` and
                   ``annexes`` (records of the same fields); ``acces``: other links to it
``reference``      ``id``, ``genre``, ``titre``, ``url``, ``complement``
``definition``     ``id``, ``titre``, ``blocs`` (also abbreviations, ``genre`` = definition,
                   sigle, acronyme)
``lien``           a link to a fiche or dossier, or outside: ``titre``, ``reference``, ``url``,
                   ``role`` (voir_aussi, question, savoir_plus, lien_externe, fiche, lien,
                   partenaire, recherche); ``commentaire`` and ``illustration`` (blocks),
                   ``theme``, ``complement``, ``source``, ``ancre``
``image``          ``titre``, ``legende``, ``credits``, ``alternative``, ``url`` (file name),
                   ``blocs`` (its description)
``video``          ``titre``, ``url``, ``blocs``
``source``         ``titre``, ``url``: a source of a native fiche, or who answers for a thing
                   (``id``)
``cadre``          where a document of service-public.fr stands, always last: ``mentions`` (Dublin
                   Core: ``{nom, texte}``), ``surtitre``, ``publics``, ``canal``, ``cible``,
                   ``fil`` (breadcrumb: ``{titre, reference, genre}``), ``voisines`` (links),
                   ``themes``, ``sous_theme``, ``dossier`` and its ``groupes`` of sister fiches
                   ``{titre, reference, liens: [{reference, titre}]}``, ``sous_dossier``,
                   ``liens``, ``importante_le``, ``profils``, ``questionnaire``
``donnee``         a fact of a resource: ``libelle``, ``texte`` (``url``, ``debut``, ``fin``: ISO
                   days between which an amount holds)
``inconnu``        ``element``, ``blocs``: an element we do not know: its text is kept and shown
=================  ================================================================================

Keys in brackets, and ``condition`` (the questionnaire's variables, ``"T1 et non T2"``),
``audience``, ``indisponible``, are there only when the source gives them. So is ``attributs``,
on any block, mark or record: what the XML says and the tree has no word for, ``{name: value}``
under the source's own names. Pages show it as ``data-`` attributes.

Inline list: strings, and dicts ``{"m": mark, "c": inline list, …}`` with mark ``fort``,
``exposant``, ``indice``, ``valeur``, ``citation``, ``expression``, ``langue`` (``langue``),
``fiche`` (``reference``), ``interne`` (``reference``: dossier or resource of the source),
``definition`` (``id``), ``externe`` (``url``), ``tel``, ``date``, ``variable``, ``formule``,
``ressource`` and ``image`` (``url``: file name; ``blocs``: the ``image`` block it is), ``inconnu``
(``element``).
"""

from __future__ import annotations

from collections.abc import Iterator

Block = dict
Inline = list


def paragraph(text: str) -> Block:
    """A paragraph of plain text."""
    return {"type": "paragraphe", "texte": [text]}


def bullets(lines: list[str]) -> Block:
    """A bulleted list of plain lines."""
    return {"type": "liste", "genre": "puce", "items": [[paragraph(line)] for line in lines]}


def children(block: Block) -> Iterator[list[Block]]:
    """The lists of blocks directly inside a block, in reading order."""
    if "resume" in block:
        yield block["resume"]
    if "blocs" in block:
        yield block["blocs"]
    yield from block.get("items", ())
    for row in block.get("rangees", ()):
        for cell in row["cellules"]:
            yield cell["blocs"]
    for case in block.get("cas", ()):
        yield case["blocs"]
    for answer in block.get("reponses", ()):
        yield answer["blocs"]


def walk(blocks: list[Block]) -> Iterator[Block]:
    """Every block of a tree, parents before their children, in reading order."""
    for block in blocks:
        yield block
        for inner in children(block):
            yield from walk(inner)


def inline_text(inline: Inline) -> str:
    """The text of an inline list, marks dropped."""
    return "".join(part if isinstance(part, str) else _mark_text(part) for part in inline)


def _mark_text(mark: dict) -> str:
    inside = inline_text(mark["c"])
    return "\n".join((inside, *texts(mark["blocs"]))) if "blocs" in mark else inside


def definitions_named(value: Block | list | str) -> Iterator[str]:
    """The ids of the definitions that the running text of a tree points to, in reading order."""
    if isinstance(value, dict):
        if value.get("m") == "definition":
            yield value.get("id", "")
        for inner in value.values():
            yield from definitions_named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from definitions_named(inner)


def sections(blocks: list[Block]) -> list[tuple[Inline, list[Block]]]:
    """The plan of a long text: (title, blocks) for each chapter at its top.

    What stands between chapters goes together under an empty title.
    """
    plan: list[tuple[Inline, list[Block]]] = []
    for block in blocks:
        if block["type"] == "chapitre" and block["titre"]:
            other = block.get("titre_alternatif")
            said = [{"type": "paragraphe", "texte": other}] if other else []
            plan.append((block["titre"], said + block["blocs"]))
        elif plan and not plan[-1][0]:
            plan[-1][1].append(block)
        else:
            plan.append(([], [block]))
    return plan


# What is read in a block and in the records inside it, in reading order; all else is attributes.
_READ = (
    *("question", "commentaire", "titre", "titre_alternatif", "publics", "groupes", "libelle"),
    *("theme", "theme_publics", "illustration", "introduction", "texte", "a_dire", "resume"),
    *("items", "rangees", "cellules", "legende", "credits", "alternative", "acces", "complement"),
    *("source", "ancre", "cas", "blocs", "reponses", "notices", "annexes", "liens"),
)
_READ_OTHERWISE = {
    "reference": ("titre", "source", "complement", "blocs"),
    "cadre": (
        *("mentions", "surtitre", "publics", "canal", "cible", "fil", "voisines", "themes"),
        *("sous_theme", "dossier", "sous_dossier", "liens", "blocs"),
    ),
}


def texts(value: Block | list | str) -> Iterator[str]:
    """Every text of a tree, in reading order; an inline list comes as one string."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        for key in _READ_OTHERWISE.get(value.get("type", ""), _READ):
            if key in value:
                yield from texts(value[key])
    elif value and all(isinstance(part, str) or "m" in part for part in value):
        yield inline_text(value)
    else:
        for part in value:
            yield from texts(part)
