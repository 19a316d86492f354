"""The light Markdown of reference texts, read into blocks.

Paragraphs, headings, lists, bold, emphasis, quotations and links; HTML is plain text. A link whose
address is the reference of a fiche (``[la fiche](A39-0101)``) leads to that fiche.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.blocks import Block, Inline

_READER = MarkdownIt("commonmark", {"html": False})
_REFERENCE = re.compile(r"(A39-|[FNR])\d{1,6}")


def read_markdown(text: str) -> list[Block]:
    """The blocks of a text; each heading opens a chapter of level 2."""
    blocks: list[Block] = []
    current = blocks
    for node in SyntaxTreeNode(_READER.parse(text)).children:
        if node.type == "heading":
            chapter: Block = {
                "type": "chapitre",
                "titre": _inline(node.children),
                "niveau": 2,
                "role": "",
                "numerote": False,
                "blocs": [],
            }
            blocks.append(chapter)
            current = chapter["blocs"]
        else:
            current += _block(node)
    return blocks


def _block(node: SyntaxTreeNode) -> list[Block]:
    match node.type:
        case "paragraph" | "heading":
            return [{"type": "paragraphe", "texte": _inline(node.children)}]
        case "bullet_list" | "ordered_list":
            kind = "puce" if node.type == "bullet_list" else "numero"
            items = [_blocks(item.children) for item in node.children]
            return [{"type": "liste", "genre": kind, "items": [item for item in items if item]}]
        case "fence" | "code_block":
            return [{"type": "paragraphe", "texte": [node.content.strip()]}]
        case "hr":
            return []
        case _:  # a quotation: its text is kept as it stands
            return _blocks(node.children)


def _blocks(nodes: list[SyntaxTreeNode]) -> list[Block]:
    return [block for node in nodes for block in _block(node)]


def _inline(nodes: list[SyntaxTreeNode]) -> Inline:
    inline: Inline = []
    for node in nodes:
        match node.type:
            case "inline" | "image":
                inline += _inline(node.children)
            case "text" | "code_inline":
                inline.append(node.content)
            case "softbreak" | "hardbreak":
                inline.append(" ")
            case "strong":
                inline.append({"m": "fort", "c": _inline(node.children)})
            case "em":
                inline.append({"m": "expression", "c": _inline(node.children)})
            case "link":
                inline += _link(str(node.attrs.get("href", "")), _inline(node.children))
    return _joined(inline)


def _link(address: str, content: Inline) -> Inline:
    if _REFERENCE.fullmatch(address):
        return [{"m": "fiche", "reference": address, "c": content}]
    if address.startswith(("https://", "http://")):
        return [{"m": "externe", "url": address, "c": content}]
    return content


def _joined(inline: Inline) -> Inline:
    """Neighbouring strings made one; empty ones dropped."""
    joined: Inline = []
    for part in inline:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    return joined
