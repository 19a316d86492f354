"""A parcours before publication: every path tried, every text short enough to be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.author.speech import (
    A_DIRE_MAX,
    AIDE_MAX,
    CHOIX_MAX_MOTS,
    QUESTION_MAX,
    doubtful_question,
    doubtful_speech,
    too_long,
)
from knowledge.author.targets import check_target
from knowledge.enums import TypeBureau
from knowledge.parcours import (
    COMBINAISONS_MAX,
    NSP,
    NSP_LIBELLE,
    Chemin,
    Etape,
    Fin,
    TropDeCombinaisons,
    count_combinations,
    count_paths,
    decide,
    walk_paths,
)

QUESTIONS_MAX = 8
CHOIX_MAX = 8  # the ninth digit is « Ne sait pas »
CHEMINS_MAX = 400
_REPORTED = 5
_UNKNOWN_LABELS = frozenset({NSP_LIBELLE.casefold(), "je ne sais pas", "nsp"})
_OFFICES = frozenset(TypeBureau.values)


def check_parcours(parcours: dict) -> list[str]:
    """What is wrong with the questions to ask and their issues, in French.

    Every combination of answers is tried, « Ne sait pas » included: each must lead to exactly one
    issue, each issue must be reached. Codes, texts too long to be said and the form of targets are
    checked too; whether a target exists is `check_targets`'s to say. `notice_parcours` lists what
    is only worth a look.
    """
    questions, issues = parcours.get("questions", []), parcours.get("issues", [])
    if not questions and not issues:
        return []
    texts = [*_check_questions(questions), *_check_issues(issues)]
    if not questions or not issues:
        return [*texts, "Il faut des questions et des cas, ou ni les unes ni les autres."]
    # Paths mean something once every code is known.
    return [*texts, *(list(_check_codes(questions, issues)) or _check_paths(parcours))]


def notice_parcours(parcours: dict) -> list[str]:
    """What is worth a look without preventing publication, in French."""
    notices = []
    for rank, question in enumerate(parcours.get("questions", []), start=1):
        notices += [f"Question {rank} : {doubt}." for doubt in doubtful_question(question)]
        notices += [
            f"Question {rank}, si l'usager ne sait pas : {doubt}."
            for doubt in doubtful_speech(question.get("aide", ""))
        ]
    for issue in parcours.get("issues", []):
        name = f"Cas « {issue['titre']} »"
        said = issue.get("a_dire", "").strip()
        if not said:
            notices.append(f"{name} : sans texte à dire, l'agent lira celui de la fiche.")
        notices += [f"{name} : {doubt}." for doubt in doubtful_speech(said)]
    return notices


def list_paths(parcours: dict) -> list[Chemin]:
    """Every path of a parcours, sound or not; none when there are too many to show."""
    if not parcours.get("questions") or not parcours.get("issues"):
        return []
    try:
        start = decide(parcours)
    except TropDeCombinaisons:
        return []
    return list(walk_paths(start)) if count_paths(start) <= CHEMINS_MAX else []


def _check_questions(questions: list[dict]) -> Iterator[str]:
    """What is said of each question, its choices and its help."""
    for rank, question in enumerate(questions, start=1):
        name = f"Question {rank}"
        if not question["texte"].strip():
            yield f"{name} : il manque le texte à dire."
        yield from too_long(question["texte"], name, QUESTION_MAX)
        choices = question["choix"]
        if not 2 <= len(choices) <= CHOIX_MAX:
            yield f"{name} : entre 2 et {CHOIX_MAX} choix."
        if any(not choice["libelle"].strip() for choice in choices):
            yield f"{name} : un choix est vide."
        if any(_is_unknown(choice) for choice in choices):
            yield f"{name} : « {NSP_LIBELLE} » est toujours proposé, retirez-le des choix."
        for value in _twice([choice["libelle"] for choice in choices]):
            yield f"{name} : le choix « {value} » figure deux fois."
        for choice in choices:
            said = f"{name}, choix « {choice['libelle']} »"
            yield from too_long(choice["libelle"], said, CHOIX_MAX_MOTS)
        yield from too_long(question.get("aide", ""), f"{name}, si l'usager ne sait pas", AIDE_MAX)


def _is_unknown(choice: dict) -> bool:
    return choice["code"] == NSP or choice["libelle"].strip().casefold() in _UNKNOWN_LABELS


def _check_issues(issues: list[dict]) -> Iterator[str]:
    """What each issue says and where it leads."""
    for titre in _twice([issue["titre"].strip() for issue in issues]):
        if titre:
            yield f"Deux cas s'appellent « {titre} »."
    for rank, issue in enumerate(issues, start=1):
        name = _name(issue, rank)
        if not issue["titre"].strip():
            yield f"{name} : il manque le nom."
        yield from too_long(issue.get("a_dire", ""), name, A_DIRE_MAX)
        for code in issue.get("organismes", []):
            if code not in _OFFICES:
                yield f"{name} : type d'organisme inconnu, {code}."
        if issue.get("cible"):
            yield from (f"{name} : {fault}" for fault in check_target(issue["cible"]))


def _check_codes(questions: list[dict], issues: list[dict]) -> Iterator[str]:
    """What keeps paths from being tried: codes that are unknown or used twice, too many answers."""
    if len(questions) > QUESTIONS_MAX:
        yield f"{QUESTIONS_MAX} questions au plus."
    elif count_combinations(questions) > COMBINAISONS_MAX:
        yield "Trop de combinaisons de réponses : retirez une question."
    for code in _twice([question["code"] for question in questions]):
        yield f"Le code de question « {code} » sert deux fois."
    for rank, question in enumerate(questions, start=1):
        for code in _twice([choice["code"] for choice in question["choix"]]):
            yield f"Question {rank} : le code « {code} » figure deux fois."
    if sum(bool(issue.get("inconnu")) for issue in issues) > 1:
        yield "Un seul cas peut servir de repli quand l'usager ne sait pas."
    known = {q["code"]: {choice["code"] for choice in q["choix"]} | {NSP} for q in questions}
    for rank, issue in enumerate(issues, start=1):
        name = _name(issue, rank)
        if issue.get("inconnu") and issue.get("si"):
            yield f"{name} : le cas de repli n'a pas de condition, décochez les réponses."
        for question, accepted in issue.get("si", {}).items():
            if question not in known:
                yield f"{name} : la question « {question} » n'existe pas."
                continue
            if not accepted:
                yield f"{name} : aucune réponse acceptée à « {question} »."
            for code in sorted(set(accepted) - known[question]):
                yield f"{name} : le choix « {code} » n'existe pas dans « {question} »."


def _check_paths(parcours: dict) -> Iterator[str]:
    questions, issues = parcours["questions"], parcours["issues"]
    start = decide(parcours)
    count = count_paths(start)
    if count > CHEMINS_MAX:
        yield f"{count} chemins, {CHEMINS_MAX} au plus : retirez une question ou réunissez des cas."
        return
    ranks = {question["code"]: rank for rank, question in enumerate(questions, start=1)}
    paths = list(walk_paths(start))
    dead = [path for path in paths if not path.fin.issues]
    if any(_holds_unknown(path) for path in dead) and not any(i.get("inconnu") for i in issues):
        yield (
            f"« {NSP_LIBELLE} » n'est pas prévu partout : cochez-le dans les conditions d'un cas, "
            "ou désignez un cas de repli."
        )
    yield from _sum_up(f"Aucun cas {_when(path, ranks)}." for path in dead)
    yield from _sum_up(
        f"Plusieurs cas {_when(path, ranks)} : {_titles(path.fin)}."
        for path in paths
        if len(path.fin.issues) > 1
    )
    reached = {id(issue) for path in paths for issue in path.fin.issues}
    for rank, issue in enumerate(issues, start=1):
        if id(issue) not in reached:
            yield f"{_name(issue, rank)} : aucune réponse n'y mène."
    asked = {id(question) for path in paths for question, _ in path.reponses}
    for rank, question in enumerate(questions, start=1):
        if id(question) not in asked and isinstance(start, Etape):
            yield f"Question {rank} : sa réponse ne change rien, elle ne serait jamais posée."
    if isinstance(start, Fin):
        yield "Toutes les réponses mènent au même cas : les questions ne servent à rien."


def _when(path: Chemin, ranks: dict[str, int]) -> str:
    """« quand l'usager répond « Gardé » à la question 1 et « Ne sait pas » à la question 2 »."""
    said = [
        f"« {choice['libelle']} » à la question {ranks[question['code']]}"
        for question, choice in path.reponses
    ]
    return f"quand l'usager répond {' et '.join(said)}" if said else "pour toutes les réponses"


def _titles(fin: Fin) -> str:
    return " et ".join(f"« {issue['titre']} »" for issue in fin.issues)


def _holds_unknown(path: Chemin) -> bool:
    return any(choice["code"] == NSP for _, choice in path.reponses)


def _sum_up(faults: Iterable[str]) -> Iterator[str]:
    listed = list(faults)
    yield from listed[:_REPORTED]
    if len(listed) == _REPORTED + 1:
        yield listed[-1]
    elif len(listed) > _REPORTED:
        yield f"Et {len(listed) - _REPORTED} autres réponses du même genre."


def _name(issue: dict, rank: int) -> str:
    titre = issue["titre"].strip()
    return f"Cas « {titre} »" if titre else f"Cas {rank}"


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})
