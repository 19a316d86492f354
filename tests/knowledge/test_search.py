"""Fiches found from what agents type."""

import itertools
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone

from allo3939.shared.changes import record_change
from knowledge import readxml
from knowledge.blocks import paragraph
from knowledge.evaluate import evaluate, read_questions
from knowledge.models import Fiche
from knowledge.search import FICHES, search_fiches

DATA = Path(project.BASE_DIR).parent / "shared" / "data"


@pytest.fixture(autouse=True)
def index_directory(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


@pytest.fixture
def make_fiche(db, secteur):
    def make(reference, titre, **fields):
        fields = {"nature": "reponse", "origine": "allo3939", "etat": "publiee"} | fields
        if fields["nature"] == "escalade":
            fields.setdefault("cible", secteur)
        fiche = Fiche.objects.create(
            reference=reference, titre=titre, publiee_le=timezone.now(), **fields
        )
        record_change("fiches", [reference])
        return fiche

    return make


def references(text, **options):
    return [line.cle for line in search_fiches(text, **options)]


def test_a_fiche_is_found_by_its_title_and_shown_without_a_query(
    make_fiche, django_assert_num_queries
):
    make_fiche("F1", "Certificat d'immatriculation", fil=["Transports", "Véhicule"])
    search_fiches("rien")
    with django_assert_num_queries(1):
        (line,) = search_fiches("certificat immatriculation")
    assert (line.cle, line.genre, line.complement) == ("F1", "reponse", "Transports › Véhicule")
    assert ("immatriculation", True) in line.titre


def test_only_published_fiches_are_found(make_fiche):
    make_fiche("F1", "Passeport", etat="brouillon")
    fiche = make_fiche("F2", "Passeport perdu")
    assert references("passeport") == ["F2"]
    fiche.etat = "archivee"
    fiche.save()
    record_change("fiches", ["F2"])
    assert references("passeport") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("carte grise", "F1"),
        ("nounou", "F2"),
        ("rsa", "F3"),
        ("immatriculassion", "F1"),
        ("assistante mat", "F2"),
        ("papillon", "F5"),
        ("dernière facture", "F5"),
        ("sous-titre utile", "F5"),
        ("veuve", "F5"),
    ],
)
def test_every_field_and_manner_of_asking_leads_to_the_fiche(make_fiche, text, expected):
    make_fiche("F1", "Certificat d'immatriculation d'un véhicule")
    make_fiche("F2", "Employer une assistante maternelle")
    make_fiche("F3", "Revenu de solidarité active : conditions")
    make_fiche("F4", "RSA et reprise d'un travail")
    make_fiche(
        "F5",
        "Courriers",
        mots_cles=["papillon"],
        a_dire="Demandez votre dernière facture.",
        contenu=[
            {
                "type": "chapitre",
                "titre": ["Sous-titre utile"],
                "blocs": [paragraph("Après un veuvage")],
            }
        ],
    )
    assert references(text)[0] == expected


def test_an_acronym_is_found_by_what_it_stands_for(make_fiche):
    make_fiche("F1", "RSA et reprise d'un travail")
    make_fiche("F2", "Revenu de solidarité active (RSA)")
    make_fiche("F3", "Passeport")
    assert set(references("revenu de solidarité active")) == {"F1", "F2"}
    assert set(references("rsa")) == {"F1", "F2"}


def test_titles_of_other_fiches_do_not_answer_for_this_one(make_fiche):
    make_fiche("F1", "Courriers", contenu=[{"type": "lien", "titre": "Voir : passeport"}])
    assert references("passeport") == []


def test_what_an_escalation_fiche_sets_aside_does_not_find_it(make_fiche):
    hors = {
        "type": "chapitre",
        "titre": ["N'en relève pas"],
        "role": "exemples_hors",
        "blocs": [paragraph("Un passeport perdu")],
    }
    make_fiche("A1", "Pension alimentaire", nature="escalade", contenu=[hors])
    assert references("passeport") == []


def test_one_nature_can_be_asked_alone(make_fiche):
    make_fiche("F1", "Pension alimentaire")
    make_fiche("A1", "Pension alimentaire impayée", nature="escalade")
    assert references("pension alimentaire", nature="escalade") == ["A1"]
    assert set(references("pension alimentaire")) == {"F1", "A1"}


def test_titles_answer_while_the_index_is_built_elsewhere(make_fiche):
    make_fiche("F1", "Pension alimentaire")
    with FICHES._store.lock(0):
        assert references("pension", nature="reponse") == ["F1"]
        assert references("divorce") == []
        assert references("le la") == []


@pytest.fixture
def real_fiches(db):
    corpus = DATA / "vosdroits" / "corpus-2020" / "vosdroits-2020.zip"
    if not corpus.exists():
        pytest.skip("the real corpus (../shared/data/vosdroits) is not on this machine")
    with zipfile.ZipFile(corpus) as files:
        read = [readxml.read(files.read(name)) for name in files.namelist() if name[0] == "F"]
    Fiche.objects.bulk_create(
        Fiche(
            reference=fiche.reference,
            titre=fiche.titre,
            fil=fiche.fil,
            contenu=fiche.contenu,
            nature="reponse",
            origine="service_public",
            etat="publiee",
            publiee_le=timezone.now(),
        )
        for fiche in read
    )


@pytest.mark.corpus
def test_real_questions_find_their_fiche(real_fiches):
    own = Path(project.BASE_DIR) / "benchmarks" / "questions"
    for path, first, in_five in (
        (DATA / "questions" / "citoyens-dev.jsonl", 0.55, 0.80),
        (DATA / "questions" / "agent-dev.jsonl", 0.80, 0.92),
        (own / "citoyens.jsonl", 0.27, 0.55),
        (own / "agents.jsonl", 0.78, 0.92),
    ):
        measures = evaluate(read_questions(path), search=search_fiches)
        assert measures["success@1"] >= first
        assert measures["success@5"] >= in_five
        assert measures["zero_results"] == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vendu mon véhicule", "F1"),
        ("AG de copro", "F2"),
        ("a.g. copropriété", "F2"),
        ("j'ai perdu", "F3"),
        ("divorsse", "F4"),
    ],
)
def test_a_family_a_short_acronym_or_a_sound_leads_to_the_fiche(make_fiche, text, expected):
    make_fiche("F1", "Vente d'un véhicule")
    make_fiche("F2", "Copropriété : assemblée générale")
    make_fiche("F3", "Perte d'un document")
    make_fiche("F4", "Divorce")
    make_fiche("F5", "Véhicule")
    assert references(text)[0] == expected


def test_a_short_fiche_does_not_come_first_for_being_short(make_fiche):
    make_fiche("A39-1", "Véhicule", a_dire="Le véhicule se vend.")
    make_fiche(
        "F1",
        "Vendre ou donner son véhicule",
        contenu=[paragraph("Le certificat de cession. " + "Autre chose. " * 200)],
    )
    assert references("certificat de cession pour vendre un véhicule")[0] == "F1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le docteur", "F1"),  # in no fiche, but nothing is misspelled
        ("la machine a avalé sa carte bleue", "F2"),
        ("ils veulent nous mettre bientôt à la porte", "F3"),
    ],
)
def test_what_is_said_in_conversation_leads_to_the_fiche(make_fiche, text, expected):
    make_fiche("F1", "Médecin traitant")
    make_fiche("F2", "Carte bancaire avalée par un distributeur de billets")
    make_fiche("F3", "Impayés et expulsion")
    make_fiche("F4", "Secteur scolaire")
    assert references(text)[0] == expected


def test_a_word_is_not_read_as_another_of_its_stem(make_fiche):
    make_fiche("F1", "Vote par procuration")
    make_fiche("F2", "Se procurer la copie d'un acte")
    search_fiches("procurer")
    assert [word.genre for word in FICHES.search("procurer").compris] == ["tel_quel"]
    assert [word.genre for word in FICHES.search("procuration ").compris] == ["autre_nom"]


def test_a_scattered_expression_is_shown_as_it_was_typed(make_fiche):
    make_fiche("F1", "Carte bancaire avalée par un distributeur de billets")
    search_fiches("carte")
    (said, *_) = FICHES.search("ma carte, elle a été vraiment avalée ").compris
    assert said.dit == "carte … avalée"


def test_what_callers_say_leads_to_the_imported_fiche_only(make_fiche):
    make_fiche("F31240", "Récupération d'un bien", origine="service_public")
    make_fiche("F31241", "Autre récupération d'un bien")
    assert references("l'automate garde ma carte") == ["F31240"]
    (word, *_) = FICHES.search("automate ").compris
    assert (word.dit, word.genre) == ("automate", "tel_quel")


def test_what_is_said_first_counts_most_in_a_long_sentence(make_fiche):
    make_fiche("F1", "Divorce")
    make_fiche("F2", "Passeport")
    story = "vacances village tracteur montagne guitare"
    assert references(f"divorce {story} passeport")[0] == "F1"
    assert references(f"passeport {story} divorce")[0] == "F2"


def test_words_typed_later_do_not_weigh_on_those_before(make_fiche):
    for number, titre in enumerate(("Divorce", "Passeport", "Tracteur", "Montagne", "Guitare"), 1):
        make_fiche(f"F{number}", titre)
    search_fiches("divorce")
    vocabulary = FICHES._cards.vocabulary
    text = "divorce passeport tracteur montagne guitare divorce village "
    masses = []
    for length in range(1, 6):
        typed = " ".join(text.split()[:length]) + " "
        masses.append([unite.masse for unite in FICHES._compose(typed, vocabulary).unites])
    for before, after in itertools.pairwise(masses):
        assert after[: len(before)] == before
    assert masses[-1][4] < masses[-1][3] == masses[-1][0]
