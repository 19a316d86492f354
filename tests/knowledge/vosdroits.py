"""Real files of service-public.fr, found beside the project, and made ones of the same shape."""

import re
import zipfile
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "vosdroits"
CORPUS = DATA / "corpus-2020" / "vosdroits-2020.zip"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real files of service-public.fr are not beside the project"
)

_DC = "http://purl.org/dc/elements/1.1/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def real_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (DATA / folder).glob("*.xml"))


def squeeze(text: str) -> str:
    """One space for any run of white space, so that only words are compared."""
    return re.sub(r"\s+", " ", text).strip()


def make_fiche(
    reference: str = "F1",
    *,
    titre: str = "Carte d'identité",
    body: str = "<Texte><Paragraphe>Elle est gratuite.</Paragraphe></Texte>",
    date: str = "2026-01-15",
    audience: str = "Particuliers",
    audiences: tuple[str, ...] = (),
    schema: str = "3.5",
    attributes: str = "",
    head: str = '<Theme ID="N19810"><Titre>Papiers</Titre></Theme>'
    '<DossierPere ID="N358"><Titre>Identité</Titre></DossierPere>',
) -> bytes:
    names = "".join(f"<Audience>{name}</Audience>" for name in (audiences or (audience,)))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Publication xmlns:dc="{_DC}" xmlns:xsi="{_XSI}" ID="{reference}"'
        f' type="Fiche d\'information" {attributes}'
        f' spUrl="https://www.service-public.gouv.fr/particuliers/vosdroits/{reference}"'
        f' xsi:noNamespaceSchemaLocation="../Schemas/{schema}/Publication.xsd">'
        f"<dc:title>{titre}</dc:title><dc:date>modified {date}</dc:date>"
        f"<dc:identifier>{reference}</dc:identifier><SurTitre>Fiche pratique</SurTitre>{names}"
        f'<FilDAriane><Niveau ID="{audience}">Accueil</Niveau></FilDAriane>{head}'
        f"{body}</Publication>"
    ).encode()


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return path


def arborescence(*references: str, dossier: str = "N358") -> bytes:
    def item(code: str, genre: str, titre: str, inside: str = "") -> str:
        return (
            f'<ItemArbo ID="{code}" type="{genre}" fichier="true"'
            f' dateDeModification="2026-01-15T00:00:00"><Titre>{titre}</Titre>{inside}</ItemArbo>'
        )

    fiches = "".join(item(code, "Fiche d'information", code) for code in references)
    tree = item("N19810", "Theme", "Papiers", item(dossier, "Dossier", "Identité", fiches))
    return (
        f'<Arborescence xmlns:dc="{_DC}"><dc:date>2026-01-15</dc:date>'
        f"<Audience>Particuliers</Audience>{tree}</Arborescence>"
    ).encode()


def make_resource(
    reference: str = "R1",
    *,
    genre: str = "Formulaire",
    titre: str = "Demande de carte",
    body: str = "<NumeroCerfa>10103*12</NumeroCerfa><Cout><Paragraphe>Gratuit</Paragraphe></Cout>"
    '<LienWeb URL="https://exemple.gouv.fr/demande" langue="fr"/>',
    audience: str = "Particuliers",
    attributes: str = "",
) -> bytes:
    """The shape of ``ServiceComplementaire.xsd``; no real file of this kind is at hand."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ServiceComplementaire xmlns:dc="{_DC}" xmlns:xsi="{_XSI}" ID="{reference}"'
        f' type="{genre}" {attributes}'
        f' xsi:noNamespaceSchemaLocation="../Schemas/3.5/ServiceComplementaire.xsd">'
        f"<dc:title>{titre}</dc:title><dc:date>modified 2026-01-15</dc:date>"
        f"<dc:identifier>{reference}</dc:identifier><Audience>{audience}</Audience>"
        f'<FilDAriane><Niveau ID="{audience}">Accueil</Niveau></FilDAriane>'
        f"{body}</ServiceComplementaire>"
    ).encode()


def redirections(*moves: tuple[str, str]) -> bytes:
    """``redirections.xml``: from a reference to another one or to an address."""
    lines = "".join(
        f'<RedirectionExterne from="{origin}" toUrl="{target}" date="2026-01-15"/>'
        if "://" in target
        else f'<Redirection from="{origin}" to="{target}" date="2026-01-15" type="Fiche"/>'
        for origin, target in moves
    )
    return (
        f'<Redirections xmlns:dc="{_DC}"><dc:date>2026-01-15</dc:date>'
        f"<Audience>Particuliers</Audience>{lines}</Redirections>"
    ).encode()
