"""The console's one search box: fiches, escalation fiches and public bodies together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from allo3939.shared.analyse import words
from allo3939.shared.index import Entree, Index, Recherche, Trouvaille, refresh
from allo3939.shared.query import Comprehension
from knowledge import vocabulary
from knowledge.enums import Nature
from knowledge.search import FICHES
from orientation.models import Departement, Organisme, TypeService

GENRE = "organisme"
BATCH = 2000
READ = ("id", "nom", "sigle", "types", "commune_nom", "code_postal", "departement_code")
PLACES = ("commune", "code_postal", "departement")
# Beyond this many bodies, a search that names no place does not say which one is meant.
TOO_MANY_BODIES = 40
# A fiche this far below the best one is not worth a line among grouped results.
WORTH_SHOWING = 0.35


@dataclass(frozen=True)
class Resultats:
    """What the box shows, group by group, each best first."""

    reponses: list[Trouvaille]
    escalades: list[Trouvaille]
    organismes: list[Trouvaille]
    compris: list[Comprehension] = field(default_factory=list)
    """Each word or expression that matters, and what it was read as."""

    def __iter__(self) -> Iterator[Trouvaille]:
        """All lines, in the order of the page."""
        yield from self.reponses
        yield from self.escalades
        yield from self.organismes


def _read(keys: Sequence[str] | None) -> Iterator[Entree]:
    kinds = dict(TypeService.objects.values_list("code", "libelle"))
    departements = dict(Departement.objects.values_list("code", "nom"))
    organismes = Organisme.objects.present().order_by("id")
    if keys is not None:
        organismes = organismes.filter(id__in=keys)
    for row in organismes.values(*READ).iterator(chunk_size=BATCH):
        code = row["departement_code"]
        yield Entree(
            cle=str(row["id"]),
            genre=GENRE,
            titre=row["nom"],
            complement=f"{row['code_postal']} {row['commune_nom']}".strip(),
            champs={
                "nom": row["nom"],
                "sigle": row["sigle"],
                "types": " / ".join(
                    f"{kinds.get(kind, '')} {kind.replace('_', ' ')}" for kind in row["types"]
                ),
                "commune": row["commune_nom"],
                "code_postal": row["code_postal"],
                "departement": f"{code} {departements.get(code, '')}",
            },
        )


def _find_without_index(text: str, genre: str, limit: int) -> list[Trouvaille]:
    organismes = Organisme.objects.present()
    for word in words(text):
        organismes = organismes.filter(nom__icontains=text[word.debut : word.fin])
    return [
        Trouvaille(
            str(organisme.pk),
            GENRE,
            [(organisme.nom, False)],
            f"{organisme.code_postal} {organisme.commune_nom}".strip(),
            0,
        )
        for organisme in organismes.order_by("nom", "id")[:limit]
    ]


ORGANISMES = Index(
    nom="organismes",
    version=1,
    poids={
        "nom": 1.5,
        "sigle": 1.5,
        "types": 1.2,
        "commune": 1.5,
        "code_postal": 1.5,
        "departement": 1.0,
    },
    lire=_read,
    secours=_find_without_index,
    noms=vocabulary.names,
    strict=True,
    grammar=True,
    chatter=("bavardage", "annuaire"),
)


def search_organismes(text: str, *, limit: int = 10) -> list[Trouvaille]:
    """The public bodies whose name, kind and place hold every word typed, best first."""
    refresh(ORGANISMES)
    return ORGANISMES.search(text, limit=limit).lignes


def _propose_organismes(text: str, limit: int, shown: Sequence[str]) -> Recherche:
    """Bodies only when the text says which: one of a few, or a place beside the kind."""
    return ORGANISMES.search(text, limit=limit, within=PLACES, beyond=TOO_MANY_BODIES, shown=shown)


def _understand(fiches: Recherche, organismes: Recherche) -> list[Comprehension]:
    """What the fiches made of the words; a name that only bodies know was understood too."""
    if not organismes.lignes:
        return fiches.compris
    known = {each.dit for each in organismes.compris if each.genre == "tel_quel"}
    return [
        Comprehension(each.dit, "tel_quel")
        if each.genre in ("inconnu", "correction") and each.dit in known
        else each
        for each in fiches.compris
    ]


def search_everything(
    text: str,
    *,
    limit_fiches: int = 6,
    limit_organismes: int = 4,
    shown: Sequence[str] = (),
) -> Resultats:
    """What the one box shows for a text, as typed so far: one query when nothing has changed.

    `shown` gives the keys on the screen, in their order: while typing goes on these lines keep it
    unless another is clearly better.
    """
    if len(text.strip()) < 2:
        return Resultats([], [], [])
    refresh(FICHES, ORGANISMES)
    reponses, escalades = (
        FICHES.search(text, genre=nature, limit=limit_fiches, shown=shown)
        for nature in (Nature.REPONSE, Nature.ESCALADE)
    )
    organismes = _propose_organismes(text, limit_organismes, shown)
    lines = (*reponses.lignes, *escalades.lignes)
    floor = WORTH_SHOWING * max((line.score for line in lines), default=0)
    return Resultats(
        [line for line in reponses.lignes if line.score >= floor or line.epinglee],
        [line for line in escalades.lignes if line.score >= floor or line.epinglee],
        organismes.lignes,
        _understand(reponses, organismes),
    )
