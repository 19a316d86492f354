"""The tree of themes: from ``arborescence.xml``, or else from the fiches' own breadcrumbs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from knowledge.models import Theme
from knowledge.readxml import Place
from knowledge.readxml.inline import plain

# The source's codes; themes born here have slugs in the same table.
_CODE = re.compile(r"N\d[\w-]{0,78}")


@dataclass(slots=True)
class Noeud:
    code: str
    titre: str
    parent: str
    ordre: int
    niveau: int


@dataclass(slots=True)
class Arborescence:
    """Themes in the order of the source, and the places where each fiche hangs."""

    noeuds: dict[str, Noeud] = field(default_factory=dict)
    fiches: dict[str, list[str]] = field(default_factory=dict)

    def add(self, root: etree._Element) -> None:
        """Take in one file; a delivery for several audiences has several."""
        self._add(root, "", 0)

    def _add(self, element: etree._Element, parent: str, niveau: int) -> None:
        for ordre, item in enumerate(element.findall("ItemArbo")):
            code = item.get("ID", "")
            if code[:1] == "F":
                self.fiches.setdefault(code, []).append(parent)
                continue
            titre = plain(item.find("Titre"))[:300]
            if _CODE.fullmatch(code) and titre and code not in self.noeuds:
                self.noeuds[code] = Noeud(code, titre, parent, ordre, niveau)
            self._add(item, code if code in self.noeuds else parent, niveau + 1)

    def place(self, reference: str, *, now: str) -> str:
        """Code of the theme the fiche hangs in: where it is ``now`` if that is one of them."""
        places = [place for place in self.fiches.get(reference, ()) if place]
        return now if now in places else next(iter(places), "")


class Themes:
    """The rows of the tree; without ``write`` new ones live in memory only, for a dry run."""

    def __init__(self, *, write: bool) -> None:
        self.write = write
        self.rows = {theme.code: theme for theme in Theme.objects.filter(secteur=None)}
        self.codes = {theme.pk: code for code, theme in self.rows.items()}

    def pk(self, code: str) -> int | None:
        theme = self.rows.get(code)
        return theme.pk if theme else None

    def title(self, pk: int | None) -> str:
        """What the theme of this key is called; "" without one."""
        theme = self.rows.get(self.codes.get(pk or 0, ""))
        return theme.titre if theme else ""

    def is_under(self, code: str, ancestor: str) -> bool:
        """Whether a theme is this one or hangs below it."""
        theme = self.rows.get(code)
        while theme is not None and theme.code != ancestor:
            theme = self.rows.get(self.codes.get(theme.parent_id or 0, ""))
        return theme is not None

    def follow(self, arborescence: Arborescence) -> None:
        """Make the rows agree with the source's tree; a theme that left it keeps its place."""
        noeuds = sorted(arborescence.noeuds.values(), key=lambda noeud: noeud.niveau)
        changed = []
        for niveau in sorted({noeud.niveau for noeud in noeuds}):
            new = []
            for noeud in (noeud for noeud in noeuds if noeud.niveau == niveau):
                parent = self.pk(noeud.parent)
                theme = self.rows.get(noeud.code)
                values = {"titre": noeud.titre, "parent_id": parent, "ordre": noeud.ordre}
                if theme is None:
                    new.append(Theme(code=noeud.code, **values))
                elif any(getattr(theme, name) != value for name, value in values.items()):
                    for name, value in values.items():
                        setattr(theme, name, value)
                    changed.append(theme)
            self._create(new)
        if self.write:
            Theme.objects.bulk_update(changed, ["titre", "parent", "ordre"], batch_size=500)

    def grow(self, places: list[Place]) -> None:
        """Add the missing steps of one breadcrumb; what is there already is not touched."""
        parent = None
        for place in places:
            if not _CODE.fullmatch(place.code):
                continue
            if place.code not in self.rows:
                self._create([Theme(code=place.code, titre=place.titre, parent_id=parent)])
            parent = self.pk(place.code)

    def _create(self, themes: list[Theme]) -> None:
        if self.write:
            Theme.objects.bulk_create(themes)
        for theme in themes:
            theme.pk = theme.pk or -len(self.rows) - 1
            self.rows[theme.code] = theme
            self.codes[theme.pk] = theme.code
