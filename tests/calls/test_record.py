"""The log writes itself, saves at each step and keeps nothing that identifies."""

import pytest

from calls import escalate, record
from calls.models import Appel, Demande
from knowledge.qualify import CheminInconnu


def test_picking_up_opens_the_log_and_its_first_question(make_agent):
    appel = record.pick_up(make_agent())

    assert appel.termine_le is None
    assert [demande.rang for demande in appel.demandes.all()] == [1]


def test_picking_up_twice_keeps_the_call_in_progress(make_agent):
    agent = make_agent()

    assert record.pick_up(agent) == record.pick_up(agent)
    assert Appel.objects.count() == 1


def test_opening_a_fiche_records_its_version_and_the_words_searched(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse, words="  carte  grise décès ")

    demande.refresh_from_db()
    assert demande.question == "carte grise décès"
    assert (consultation.version, consultation.chemin, consultation.dit) == (1, [], "")


def test_a_choice_keeps_the_path_the_labels_and_what_was_said(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse)

    record.choose(consultation, rank=2)

    consultation.refresh_from_db()
    assert consultation.chemin == [2]
    assert consultation.situation == ["Vendu"]
    assert consultation.dit == "Trois mois."


def test_stepping_back_undoes_the_last_choice_only(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse)
    record.choose(consultation, rank=1)

    lecture = record.step_back(consultation)

    assert lecture.fourche["question"] == "Gardé ou vendu ?"
    consultation.refresh_from_db()
    assert (consultation.chemin, consultation.dit) == ([], "")


def test_a_choice_that_does_not_exist_changes_nothing(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse)

    with pytest.raises(CheminInconnu):
        record.choose(consultation, rank=7)

    consultation.refresh_from_db()
    assert consultation.chemin == []


def test_a_fiche_published_again_starts_afresh(demande, fiche_reponse):
    consultation = record.open_fiche(demande, fiche=fiche_reponse)
    record.choose(consultation, rank=1)
    consultation.fiche.version += 1

    assert record.has_changed(consultation)
    assert record.read(consultation).chemin == []


def test_the_next_question_closes_the_first_with_its_proposed_outcome(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse, words="carte grise")

    second = record.begin_question(demande.appel)

    demande.refresh_from_db()
    assert (second.rang, demande.issue_id) == (2, "RE")
    assert demande.termine_le is not None


def test_a_question_without_anything_done_is_the_next_line_already(demande):
    assert record.begin_question(demande.appel) == demande


def test_the_outcome_follows_from_what_was_done(
    demande, fiche_reponse, fiche_escalade, make_organisme, secteur
):
    assert record.propose_outcome(demande) == "AB"
    record.note_search(demande, words="succession")
    assert record.propose_outcome(demande) == "PF"
    record.open_fiche(demande, fiche=fiche_escalade)
    record.give_body(demande, organisme=make_organisme())
    assert record.propose_outcome(demande) == "OR"
    record.open_fiche(demande, fiche=fiche_reponse)
    assert record.propose_outcome(demande) == "RE"
    escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade)
    assert record.propose_outcome(demande) == "ES"


def test_closing_keeps_outcome_note_usefulness_and_sector(demande, fiche_reponse, secteur):
    fiche_reponse.secteur = secteur
    fiche_reponse.save()
    record.open_fiche(demande, fiche=fiche_reponse)

    record.close(demande.appel, outcome="RE", note="appeler le notaire d'abord", useful=True)

    demande.refresh_from_db()
    assert (demande.issue_id, demande.fiche_utile) == ("RE", True)
    assert demande.note == "appeler le notaire d'abord"
    assert demande.secteur == secteur
    assert Appel.objects.get().termine_le is not None


def test_an_empty_last_line_is_dropped_at_close(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)
    record.begin_question(demande.appel)

    record.close(demande.appel, outcome="AB")

    assert Demande.objects.count() == 1


@pytest.mark.parametrize(("outcome", "note"), [("HC", ""), ("AB", "hors sujet")])
def test_a_last_line_with_an_outcome_chosen_or_a_note_is_kept(
    demande, fiche_reponse, outcome, note
):
    record.open_fiche(demande, fiche=fiche_reponse)
    record.begin_question(demande.appel)

    record.close(demande.appel, outcome=outcome, note=note, precision="la pêche en mer")

    assert Demande.objects.last().issue_id == outcome


def test_an_unanswered_question_is_kept_when_the_next_one_begins(demande):
    words = "trottinette sans plaque"
    with pytest.raises(record.LigneManquante) as refusal:
        record.begin_question(demande.appel, words=words, note="rien trouvé")
    assert refusal.value.issue == "PF"

    record.begin_question(
        demande.appel, words=words, note="rien trouvé", precision="les engins sans plaque"
    )

    demande.refresh_from_db()
    assert (demande.question, demande.note) == (words, "rien trouvé")
    assert (demande.issue_id, demande.precision) == ("PF", "les engins sans plaque")


def test_the_next_question_ends_the_first_with_the_outcome_chosen(demande, fiche_reponse):
    record.open_fiche(demande, fiche=fiche_reponse)

    record.begin_question(demande.appel, outcome="OR")

    demande.refresh_from_db()
    assert demande.issue_id == "OR"


def test_a_caller_who_asks_again_after_f9_has_not_hung_up(demande):
    record.hang_up(demande.appel)

    assert record.begin_question(demande.appel) == demande

    assert Appel.objects.get().raccroche_le is None


def test_a_question_stays_while_its_sector_has_not_answered(demande, fiche_escalade, secteur):
    record.open_fiche(demande, fiche=fiche_escalade)
    escalate.request(demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade)

    with pytest.raises(escalate.TransfertImpossible, match="pas encore répondu"):
        record.begin_question(demande.appel)

    assert record.current_question(demande.appel) == demande


def test_escalated_needs_a_sector_that_took_the_call(demande, fiche_escalade, secteur, make_agent):
    record.open_fiche(demande, fiche=fiche_escalade)
    transfert = escalate.request(
        demande, secteur=secteur, motif="trop_complexe", fiche=fiche_escalade
    )
    escalate.refuse(transfert, by=make_agent("informateur"), reason="niveau_1")

    with pytest.raises(record.AppelImpossible, match="Aucun secteur"):
        record.close(demande.appel, outcome="ES")


def test_a_bare_yes_takes_its_question_along(demande, make_fiche):
    fiche = make_fiche(
        parcours={
            "questions": [
                {
                    "code": "q",
                    "texte": "Êtes-vous mineur ?",
                    "choix": [{"code": "o", "libelle": "Oui"}, {"code": "n", "libelle": "Non"}],
                }
            ],
            "issues": [
                {"titre": "mineur", "si": {"q": ["o"]}, "a_dire": "A."},
                {"titre": "majeur", "si": {"q": ["n"]}, "a_dire": "B."},
            ],
        }
    )
    consultation = record.open_fiche(demande, fiche=fiche)

    record.choose(consultation, rank=2)

    assert consultation.situation == ["Êtes-vous mineur\u00a0: non"]


def test_a_call_closes_only_with_a_known_outcome(appel):
    with pytest.raises(record.AppelImpossible, match="issue"):
        record.close(appel, outcome="ZZ")

    assert record.open_call(appel.agent) == appel


@pytest.mark.parametrize(
    "note",
    [
        "rappeler au 06.12 34-56 78",
        "écrire à jean.dupont@exemple.fr",
        "NIR 1 84 12 76 451 089 46",
        "FR76 3000 6000 0112 3456 7890 189",
        "plaque AB-123-CD",
    ],
)
def test_a_note_that_identifies_somebody_is_refused_and_not_kept(demande, note):
    with pytest.raises(record.NoteRefusee, match="anonyme"):
        record.write_lines(demande, note=note)

    demande.refresh_from_db()
    assert demande.note == ""


def test_an_ordinary_note_with_figures_is_kept(demande):
    record.write_lines(demande, note="loyer 650 €, bail du 1er mars 2024, 72000")

    demande.refresh_from_db()
    assert demande.note.startswith("loyer")


def test_search_words_are_masked(demande):
    record.note_search(demande, words="carte grise 0612345678")

    demande.refresh_from_db()
    assert demande.question == "carte grise …"


def test_a_body_given_twice_is_recorded_once(demande, make_organisme, commune):
    organisme = make_organisme()

    record.give_body(demande, organisme=organisme)
    record.give_body(demande, organisme=organisme, commune=commune, said="ouverte jusqu'à 16 h")

    assert demande.orientations.get().commune == commune
