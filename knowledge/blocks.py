"""The block tree: one vocabulary for imported and native fiches.

``Fiche.contenu`` is a list of blocks. A block is a dict with ``type`` and, by type:

==============  ===================================================================================
``avertissement``  ``titre``, ``date``, ``blocs``: a coming reform; always first
``introduction``   ``blocs``
``paragraphe``     ``texte``: inline list (below)
``liste``          ``genre`` (puce, numero, case), ``items``: list of lists of blocks
``tableau``        ``titre`` (inline), ``entetes`` (column kinds), ``rangees``: list of
                   ``{entete: bool, cellules: [{blocs, colonnes, lignes, entete}]}``
``encart``         ``genre`` (a_noter, a_savoir, attention, rappel, exemple, consigne), ``titre``,
                   ``blocs``
``chapitre``       ``titre`` (inline), ``niveau`` (1, 2), ``role`` (``""``, pieces, important,
                   cout, delai, texte), ``numerote``, ``blocs``
``fourche``        a fork: ``question`` (worded aloud; may be ""), ``genre`` (situation, cas,
                   question), ``cas``: list of ``{titre, condition, a_dire, organismes, blocs}``.
                   Forks nest through the blocks of a case. An amount inside a case is only true
                   in that case
``bureau``         an office: ``id``, ``genre`` (source type), ``titre``, ``complement``, ``pivot``
                   (directory code or ""), ``urls``, ``source``, ``blocs``
``service``        online service, form, letter, simulator: ``id``, ``genre``, ``titre``, ``url``,
                   ``cerfa``, ``source``, ``format``, ``poids``, ``blocs``, ``notices``
``reference``      ``genre``, ``titre``, ``url``, ``complement``
``definition``     ``id``, ``titre``, ``blocs`` (also abbreviations, ``genre`` = definition, sigle)
``lien``           a link to a fiche or dossier, or outside: ``titre``, ``reference``, ``url``,
                   ``role`` (voir_aussi, question, savoir_plus, lien_externe, fiche)
``image``          ``titre``, ``legende``, ``url``
``video``          ``titre``, ``url``, ``blocs``
``source``         ``titre``, ``url``: a source of a native fiche
``inconnu``        ``element``, ``blocs``: an element we do not know: its text is kept and shown
==============  ===================================================================================

Inline list: strings, and dicts ``{"m": mark, "c": inline list, …}`` with mark ``fort``,
``exposant``, ``indice``, ``valeur``, ``citation``, ``expression``, ``langue`` (``langue``),
``fiche`` (``reference``), ``definition`` (``id``), ``externe`` (``url``), ``tel``, ``date``,
``inconnu`` (``element``).
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
    if "blocs" in block:
        yield block["blocs"]
    yield from block.get("items", ())
    for row in block.get("rangees", ()):
        for cell in row["cellules"]:
            yield cell["blocs"]
    for case in block.get("cas", ()):
        yield case["blocs"]


def walk(blocks: list[Block]) -> Iterator[Block]:
    """Every block of a tree, parents before their children, in reading order."""
    for block in blocks:
        yield block
        for inner in children(block):
            yield from walk(inner)


def inline_text(inline: Inline) -> str:
    """The text of an inline list, marks dropped."""
    return "".join(part if isinstance(part, str) else inline_text(part["c"]) for part in inline)
