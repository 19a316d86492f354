"""What a parcours leads to: every combination tried, walked, and its faults said."""

import copy
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.author import check_parcours, check_targets, notice_parcours
from knowledge.author.parcours import CHEMINS_MAX
from knowledge.compose import compile_parcours
from knowledge.enums import Etat
from knowledge.models import Fiche
from knowledge.parcours import (
    COMBINAISONS_MAX,
    NSP,
    Etape,
    Fin,
    TropDeCombinaisons,
    answers_to,
    count_combinations,
    count_paths,
    decide,
    matching,
    walk_paths,
)
from knowledge.qualify import read
from tests.knowledge.test_compose import HERITIERS, PARCOURS, VEHICULE


def changed(change):
    parcours = copy.deepcopy(PARCOURS)
    change(parcours)
    return [error.replace("\xa0", " ") for error in check_parcours(parcours)]


def test_a_sound_parcours_has_nothing_to_correct():
    assert check_parcours(PARCOURS) == []
    assert check_parcours({"questions": [], "issues": []}) == []


def test_each_combination_has_its_issue_and_the_fallback_comes_last():
    issues = PARCOURS["issues"]

    def titles(**answers):
        return [issue["titre"] for issue in matching(issues, answers)]

    assert titles(vehicule="vendu", heritiers="un") == ["vendu"]
    assert titles(vehicule="vendu", heritiers=NSP) == ["vendu"]
    assert titles(vehicule="garde", heritiers=NSP) == ["à préciser"]
    assert titles(vehicule=NSP, heritiers="un") == ["à préciser"]
    assert matching(issues[:1], {"vehicule": "garde", "heritiers": "un"}) == []


def test_a_condition_accepts_not_knowing_only_when_it_says_so():
    issues = [{"titre": "x", "si": {"vehicule": ["vendu", NSP]}}, {"titre": "y", "si": {}}]
    assert len(matching(issues, {"vehicule": NSP})) == 2
    assert len(matching(issues, {"vehicule": "garde"})) == 1


def test_answers_with_the_same_continuation_share_it():
    start = decide(PARCOURS)
    assert isinstance(start, Etape)
    (_, kept), (_, sold), (_, unknown) = start.suites
    assert isinstance(kept, Etape)
    assert isinstance(sold, Fin)
    assert unknown is kept.suites[-1][1]
    assert count_paths(start) == 5
    assert [path.fin.issue["titre"] for path in walk_paths(start)] == [
        "gardé, un",
        "gardé, plusieurs",
        "à préciser",
        "vendu",
        "à préciser",
    ]


def test_a_combination_without_issue_is_named_in_words():
    assert changed(lambda p: p["issues"].pop(2)) == [
        "Aucun cas quand l'usager répond « Gardé » à la question 1 "
        "et « Plusieurs » à la question 2."
    ]


def test_a_caller_who_does_not_know_needs_an_issue_too():
    errors = changed(lambda p: p["issues"].pop())
    assert "« Ne sait pas » n'est pas prévu partout" in errors[0]
    assert errors[1:] == [
        "Aucun cas quand l'usager répond « Gardé » à la question 1 "
        "et « Ne sait pas » à la question 2.",
        "Aucun cas quand l'usager répond « Ne sait pas » à la question 1.",
    ]


def test_a_combination_with_two_issues_is_named_in_words():
    errors = changed(lambda p: p["issues"][0].update(si={}))
    assert errors[0] == (
        "Plusieurs cas quand l'usager répond « Gardé » à la question 1 et « Un seul » à la "
        "question 2 : « vendu » et « gardé, un »."
    )
    assert "« à préciser » : aucune réponse n'y mène." in errors[-1]


def test_an_issue_for_not_knowing_makes_the_fallback_useless():
    def change(parcours):
        parcours["issues"][1]["si"]["heritiers"].append(NSP)
        parcours["issues"][0]["si"]["vehicule"].append(NSP)

    assert changed(change) == ["Cas « à préciser » : aucune réponse n'y mène."]


def test_questions_without_any_effect_are_named():
    issues = [{"titre": "x", "si": {}}]
    errors = check_parcours({"questions": PARCOURS["questions"], "issues": issues})
    assert errors == [
        "Toutes les réponses mènent au même cas\xa0: les questions ne servent à rien."
    ]
    idle = {"code": "idle", "texte": "Et ?", "choix": VEHICULE["choix"]}
    errors = check_parcours(PARCOURS | {"questions": [VEHICULE, idle, HERITIERS]})
    assert errors == ["Question 2\xa0: sa réponse ne change rien, elle ne serait jamais posée."]


def target(cible):
    return lambda parcours: parcours["issues"][0].update(cible=cible)


def outside(**fields):
    return target({"exterieur": {"titre": "Le médiateur"} | fields})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p["questions"][0]["choix"].pop(), "Question 1 : entre 2 et 8 choix."),
        (lambda p: p["questions"][0].update(texte=" "), "Question 1 : il manque le texte"),
        (lambda p: p["questions"][1].update(code="vehicule"), "« vehicule » sert deux fois"),
        (
            lambda p: p["questions"][0]["choix"][1].update(libelle="Gardé"),
            "le choix « Gardé » figure deux fois",
        ),
        (lambda p: p["questions"][0]["choix"][1].update(libelle=""), "un choix est vide"),
        (
            lambda p: p["questions"][0]["choix"][1].update(code="nsp"),
            "« Ne sait pas » est toujours proposé, retirez-le des choix",
        ),
        (
            lambda p: p["questions"][0]["choix"][1].update(libelle="ne sait pas "),
            "« Ne sait pas » est toujours proposé",
        ),
        (lambda p: p["questions"][0].update(texte="mot " * 26), "26 mots à dire, 25 au plus"),
        (lambda p: p["questions"][0].update(aide="mot " * 26), "ne sait pas : 26 mots à dire"),
        (
            lambda p: p["questions"][0]["choix"][1].update(libelle="mot " * 9),
            "9 mots à dire, 8 au plus",
        ),
        (lambda p: p["issues"][0].update(titre=""), "Cas 1 : il manque le nom."),
        (lambda p: p["issues"][0].update(titre="gardé, un"), "Deux cas s'appellent"),
        (lambda p: p["issues"][0]["si"].update(age=["x"]), "la question « age » n'existe pas"),
        (lambda p: p["issues"][0]["si"].update(vehicule=["x"]), "le choix « x » n'existe pas"),
        (lambda p: p["issues"][0]["si"].update(vehicule=[]), "aucune réponse acceptée"),
        (lambda p: p["issues"][0].update(a_dire="mot " * 61), "61 mots à dire, 60 au plus"),
        (lambda p: p["issues"][0].update(organismes=["lune"]), "type d'organisme inconnu, lune"),
        (lambda p: p["issues"][0].update(inconnu=True), "Un seul cas peut servir de repli"),
        (lambda p: p["issues"][3].update(si={"vehicule": [NSP]}), "repli n'a pas de condition"),
        (lambda p: p.update(issues=[]), "Il faut des questions et des cas"),
        (lambda p: p.update(questions=p["questions"] * 5), "8 questions au plus"),
        (target({"fiche": "A39-0001", "secteur": "justice"}), "une seule suite"),
        (target({"autre": "x"}), "une seule suite"),
        (outside(titre=" "), "l'organisme extérieur n'a pas de nom"),
        (outside(telephone="12 34 5"), "le numéro « 12 34 5 » ne se compose pas"),
        (outside(telephone="01 23 45 67"), "ne se compose pas"),
        (outside(telephone="appelez"), "ne se compose pas"),
        (outside(url="defenseur.fr"), "« defenseur.fr » n'est pas celle d'un site"),
        (outside(url="javascript:alert(1)"), "n'est pas celle d'un site"),
        (outside(fax="01"), "un champ inconnu, « fax »"),
    ],
)
def test_each_fault_of_a_parcours_is_said(change, message):
    assert any(message in error for error in changed(change)), changed(change)


@pytest.mark.parametrize(
    "number", ["39 39", "3919", "116 000", "01 23 45 67 89", "+32 2 123 45 67"]
)
def test_a_number_that_can_be_dialled_is_accepted(number):
    assert changed(outside(telephone=number, url="https://www.defenseur.fr/x")) == []


def test_too_many_combinations_are_refused_without_trying_them():
    choices = [{"code": f"c{n}", "libelle": f"C{n}"} for n in range(9)]
    questions = [{"code": f"q{n}", "texte": "?", "choix": choices} for n in range(8)]
    parcours = {"questions": questions, "issues": [{"titre": "x", "si": {}}]}
    assert any("Trop de combinaisons" in error for error in check_parcours(parcours))
    with pytest.raises(TropDeCombinaisons):
        decide(parcours)


def test_many_faulty_combinations_are_summed_up():
    choices = [{"code": f"c{n}", "libelle": f"C{n}"} for n in range(8)]
    parcours = {
        "questions": [{"code": "q", "texte": "?", "choix": choices}],
        "issues": [{"titre": "x", "si": {"q": ["c0"]}}, {"titre": "y", "inconnu": True}],
    }
    errors = check_parcours(parcours)
    assert len(errors) == 6
    assert errors[-1] == "Et 2 autres réponses du même genre."


def largest(count):
    """A sound parcours of `count` questions with two choices each, one issue per first « b »."""
    choices = [{"code": "a", "libelle": "A"}, {"code": "b", "libelle": "B"}]
    questions = [
        {"code": f"q{n}", "texte": f"Question {n} ?", "choix": choices} for n in range(count)
    ]
    issues = [
        {"titre": f"{n}", "si": {f"q{m}": ["a", NSP] for m in range(n)} | {f"q{n}": ["b"]}}
        for n in range(count)
    ]
    issues.append({"titre": "tous", "si": {f"q{n}": ["a", NSP] for n in range(count)}})
    return {"questions": questions, "issues": issues}


def test_a_parcours_with_too_many_paths_is_refused():
    errors = check_parcours(largest(8))
    assert count_paths(decide(largest(8))) > CHEMINS_MAX
    assert len(errors) == 1
    assert f"{CHEMINS_MAX} au plus" in errors[0]
    assert check_parcours(largest(7)) == []


def test_a_parcours_of_as_many_combinations_as_are_tried_is_checked_whole():
    parcours = largest(7)
    for question in parcours["questions"]:
        question["choix"] = [*question["choix"], {"code": "c", "libelle": "C"}]
    for issue in parcours["issues"]:
        for accepted in issue["si"].values():
            if "a" in accepted:
                accepted.append("c")
    assert COMBINAISONS_MAX * 0.8 < count_combinations(parcours["questions"]) <= COMBINAISONS_MAX
    [error] = check_parcours(parcours)
    assert f"{CHEMINS_MAX} au plus" in error


def test_what_is_only_worth_a_look_does_not_block():
    notices = notice_parcours(PARCOURS)
    assert len(notices) == 2
    assert all("sans texte à dire" in notice for notice in notices)


@pytest.mark.parametrize(
    ("texte", "choix", "doubt"),
    [
        ("Le véhicule est vendu", ("Oui", "Non"), "finissez par"),
        ("Est-il vendu ? Est-il gardé ?", ("Vendu", "Gardé"), "deux questions en une"),
        ("Est-il vendu ou gardé ?", ("Oui", "Non"), "à quoi l'usager dit oui"),
        ("N'est-il pas vendu ?", ("Oui", "Non"), "une négation"),
        ("Est-il gardé (ou cédé) ?", ("Gardé", "Cédé"), "ne se dit pas à voix haute"),
        ("Est-il gardé, vendu, etc. ?", ("Gardé", "Cédé"), "ne se dit pas à voix haute"),
    ],
)
def test_a_doubtful_wording_is_pointed_at(texte, choix, doubt):
    choices = [{"code": label.lower(), "libelle": label} for label in choix]
    question = {"code": "q", "texte": texte, "choix": choices}
    assert any(doubt in notice for notice in notice_parcours({"questions": [question]}))


@pytest.mark.parametrize(
    "texte", ["Avez-vous le nouveau permis ?", "Le véhicule est-il vendu ?", "Qui en est tuteur ?"]
)
def test_a_plain_question_is_left_alone(texte):
    choices = [{"code": "o", "libelle": "Oui"}, {"code": "n", "libelle": "Non"}]
    assert notice_parcours({"questions": [{"code": "q", "texte": texte, "choix": choices}]}) == []


# --- Targets ------------------------------------------------------------------------------------


def leading_to(cible):
    parcours = copy.deepcopy(PARCOURS)
    parcours["issues"][0]["cible"] = cible
    return parcours


@pytest.fixture
def make_published(db):
    def make(reference, parcours=None, etat=Etat.PUBLIEE):
        return Fiche.objects.create(
            reference=reference,
            nature="reponse",
            origine="allo3939",
            etat=etat,
            publiee_le="2026-11-01T08:00:00Z",
            titre=reference,
            parcours=parcours or {"questions": [], "issues": []},
        )

    return make


def faults(cible, reference="A39-0001"):
    errors = check_targets(leading_to(cible), reference=reference)
    return [error.replace("\xa0", " ") for error in errors]


def test_an_issue_may_lead_to_a_published_fiche(make_published):
    make_published("A39-0002")
    assert faults({"fiche": "A39-0002"}) == []


def test_an_issue_may_not_lead_to_a_fiche_that_agents_do_not_have(make_published):
    make_published("A39-0002", etat=Etat.ARCHIVEE)
    for code in ("A39-0002", "A39-0003"):
        assert faults({"fiche": code}) == [f"Cas « vendu » : aucune fiche {code} n'est publiée."]


def test_an_issue_may_not_lead_back_to_its_own_fiche(make_published):
    make_published("A39-0001")
    assert faults({"fiche": "A39-0001"}) == ["Cas « vendu » : la fiche mène à elle-même."]


def test_fiches_may_not_send_the_caller_round_in_a_circle(make_published):
    make_published("A39-0002", leading_to({"fiche": "A39-0003"}))
    make_published("A39-0003", leading_to({"fiche": "A39-0001"}))
    assert faults({"fiche": "A39-0002"}) == [
        "La fiche A39-0002 ramène à celle-ci : l'usager tournerait en rond."
    ]
    assert faults({"fiche": "A39-0002"}, reference="A39-0009") == []


def test_an_issue_may_lead_to_a_sector_that_exists(secteur):
    assert faults({"secteur": secteur.slug}) == []
    assert faults({"secteur": "lune"}) == ["Cas « vendu » : le secteur « lune » n'existe pas."]


def test_a_parcours_without_targets_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_targets(PARCOURS, reference="A39-0001") == []


# --- Properties ---------------------------------------------------------------------------------


@st.composite
def any_parcours(draw):
    """Up to four questions, and issues with conditions drawn freely: seldom a sound parcours."""
    questions = [
        {
            "code": f"q{rank}",
            "texte": f"Question {rank} ?",
            "choix": [{"code": f"c{n}", "libelle": f"Choix {n}"} for n in range(size)],
        }
        for rank, size in enumerate(draw(st.lists(st.integers(2, 3), min_size=1, max_size=4)))
    ]
    issues = []
    for rank in range(draw(st.integers(1, 5))):
        conditions = {}
        for question in questions:
            codes = [answer["code"] for answer in answers_to(question)]
            accepted = draw(st.none() | st.sets(st.sampled_from(codes), min_size=1))
            if accepted:
                conditions[question["code"]] = sorted(accepted)
        issues.append({"titre": f"Issue {rank}", "si": conditions})
    if draw(st.booleans()):
        issues.append({"titre": "Repli", "si": {}, "inconnu": True})
    return {"questions": questions, "issues": issues}


@st.composite
def sound_parcours(draw):
    """A parcours made by splitting: each part of the combinations is split by one more question,
    so that every combination without « Ne sait pas » has exactly one issue."""
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=4))
    questions = [
        {
            "code": f"q{rank}",
            "texte": f"Question {rank} ?",
            "choix": [{"code": f"c{n}", "libelle": f"Choix {n}"} for n in range(size)],
        }
        for rank, size in enumerate(sizes)
    ]
    with_unknown = draw(st.booleans())
    issues = []

    def split(rank, conditions):
        if rank == len(questions) or (rank and draw(st.booleans())):
            issues.append({"titre": f"Issue {len(issues)}", "si": conditions})
            return
        question = questions[rank]
        codes = [choice["code"] for choice in question["choix"]]
        if with_unknown:
            codes.append(NSP)
        cut = draw(st.integers(1, len(codes) - 1))
        for part in (codes[:cut], codes[cut:]):
            split(rank + 1, conditions | {question["code"]: part})

    split(0, {})
    if not with_unknown:
        issues.append({"titre": "Repli", "inconnu": True})
    return {"questions": questions, "issues": issues}


def combinations(parcours):
    questions = parcours["questions"]
    for choices in itertools.product(*map(answers_to, questions)):
        yield {
            question["code"]: choice["code"]
            for question, choice in zip(questions, choices, strict=True)
        }


def walk_with(parcours, blocks, answers):
    """The reading at the end, as an agent who gets these answers reaches it."""
    by_text = {question["texte"]: question for question in parcours["questions"]}
    path, asked = [], []
    while (lecture := read(blocks, path, "")).fourche is not None:
        question = by_text[lecture.fourche["question"]]
        asked.append(question["code"])
        codes = [answer["code"] for answer in answers_to(question)]
        rank = codes.index(answers[question["code"]]) + 1
        choice = lecture.fourche["choix"][rank - 1]
        assert choice["rang"] == rank
        assert choice["touche"] == ("9" if choice["ne_sait_pas"] else str(rank))
        path.append(rank)
    return lecture, asked


def is_sound(parcours):
    return all(
        len(matching(parcours["issues"], answers)) == 1 for answers in combinations(parcours)
    )


@given(any_parcours() | sound_parcours())
def test_the_checker_finds_exactly_the_faulty_parcours(parcours):
    answered = [matching(parcours["issues"], answers) for answers in combinations(parcours)]
    reached = {found[0]["titre"] for found in answered if len(found) == 1}
    errors = [error.replace("\xa0", " ") for error in check_parcours(parcours)]
    assert any(error.startswith("Aucun cas") for error in errors) == any(
        not found for found in answered
    )
    assert any(error.startswith("Plusieurs cas") for error in errors) == any(
        len(found) > 1 for found in answered
    )
    if not errors:
        assert is_sound(parcours)
        assert reached == {issue["titre"] for issue in parcours["issues"]}
    elif is_sound(parcours):
        idle = ("ne servent à rien", "n'y mène", "ne change rien")
        assert all(any(words in error for words in idle) for error in errors)


@given(sound_parcours())
def test_every_combination_is_walked_to_its_own_issue(parcours):
    blocks = compile_parcours(parcours)
    for answers in combinations(parcours):
        (issue,) = matching(parcours["issues"], answers)
        lecture, asked = walk_with(parcours, blocks, answers)
        if asked:
            assert lecture.cas == issue["titre"]
        assert asked == sorted(set(asked))


@given(any_parcours())
def test_a_question_is_asked_only_when_its_answer_may_still_matter(parcours):
    def leads_to(answers):
        return [issue["titre"] for issue in matching(parcours["issues"], answers)]

    for path in walk_paths(decide(parcours)):
        given_so_far = {}
        for question, choice in path.reponses:
            free = [q for q in parcours["questions"] if q["code"] not in given_so_far]
            others = [q for q in free if q is not question]
            assert any(
                len(
                    {
                        tuple(leads_to(given_so_far | rest | {question["code"]: answer["code"]}))
                        for answer in answers_to(question)
                    }
                )
                > 1
                for rest in combinations({"questions": others})
            )
            given_so_far[question["code"]] = choice["code"]
        rest = {q["code"]: NSP for q in parcours["questions"]}
        assert [i["titre"] for i in path.fin.issues] == leads_to(rest | given_so_far) or (
            NSP not in given_so_far.values()
        )
