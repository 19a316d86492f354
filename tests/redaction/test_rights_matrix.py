"""Who may do what in editing: each role, each address and each verb, in the own sector, in another
and in none. Everything is denied unless a line below says otherwise, and an address without a line
fails."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.urls import reverse

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent
from allo3939.accounts.permissions import PUBLIC, VUES
from calls import record
from calls.models import Transfert
from knowledge import propose
from knowledge.models import Fiche, Lacune, Proposition
from knowledge.propose import (
    PropositionDepassee,
    PropositionEnCollision,
    PropositionInterdite,
)
from knowledge.propose.decide import approve_without_account
from knowledge.publish import PublicationImpossible
from tests.accounts.test_permissions import URLS, address

TELE, INFO, REDAC, PART, SUPER, ADM = (
    Role.TELECONSEILLER,
    Role.INFORMATEUR,
    Role.REDACTEUR,
    Role.PARTENAIRE,
    Role.SUPERVISEUR,
    Role.ADMINISTRATEUR,
)
SECTEURS = {INFO, PART}
ECRITURE = {INFO, PART, REDAC}
BACKEND = "allo3939.accounts.backends.RoleBackend"


@dataclass(frozen=True)
class Ligne:
    """An address of editing: who may open it, and what its object is."""

    roles: set[Role]
    objet: str = ""
    """``fiche`` (its reference), ``proposition``, ``lacune``, ``transfert`` (keys); "" for none."""
    posts: tuple[dict, ...] = field(default=())
    """What is posted, where the address takes it."""
    lit: bool = True
    """Whether it answers a GET."""


TYPED = {"titre": "Forcé", "a_dire": "Forcé.", "motif": "Forcé", "revision": "0"}
GESTES = tuple({"geste": geste} for geste in ("soumettre", "retirer", "reprendre"))

# Every address by which a fiche is written, a proposition seen or decided, a draft read.
LIGNES = {
    "redaction-secteur": Ligne(SECTEURS),
    "redaction-nouvelle": Ligne(SECTEURS),
    "redaction-propositions": Ligne(SECTEURS),
    "redaction-lacune": Ligne(SECTEURS, "lacune", ({},), lit=False),
    "redaction-fiche": Ligne(SECTEURS, "fiche", (TYPED, TYPED | {"_soumettre": "1"})),
    "redaction-proposition": Ligne(
        ECRITURE, "proposition", (*GESTES, {"geste": "commenter", "commentaire": "Vu."})
    ),
    "redaction-proposition-apercu": Ligne(SECTEURS, "proposition"),
    "redaction-proposition-fusion": Ligne(SECTEURS, "proposition", ({"titre": "mienne"},)),
    "edition-controle": Ligne(ECRITURE, "fiche", (TYPED,), lit=False),
    "edition-enregistrer": Ligne(ECRITURE, "fiche", (TYPED,), lit=False),
    "edition-apercu": Ligne(ECRITURE, "fiche", (TYPED,)),
    "edition-dessin": Ligne(ECRITURE, "fiche", (TYPED,)),
    "edition-liens": Ligne(ECRITURE),
    "secteur-ecrire": Ligne({INFO}, "transfert", ({}, {"reference": "A39-0901"}), lit=False),
    # Bodies have their own matrix (`tests.orientation.test_redaction`): here, who may open.
    "redaction-organismes": Ligne({PART, REDAC}),
    "redaction-organisme": Ligne({PART, REDAC}),
    "redaction-signalement": Ligne({PART, REDAC}),
}
PREFIXES = ("redaction-", "edition-", "secteur-ecrire")
# Of the admin, nothing: not even the login's own pages, but to log in and out.
ADMIN = sorted(name for name in URLS if name.startswith("admin:") and name != "admin:None")


def test_every_address_of_editing_has_its_line():
    found = {name for name in URLS if name.startswith(PREFIXES)}
    assert found == set(LIGNES)


@pytest.mark.parametrize("name", sorted(LIGNES))
def test_the_table_of_permissions_says_the_same(name):
    assert VUES[name] == LIGNES[name].roles


def test_the_admin_has_nothing_for_those_who_write_outside_it():
    opened = [name for name in ADMIN if VUES[name] & {TELE, INFO, PART}]
    assert not opened


# --- A world -------------------------------------------------------------------------------------


@pytest.fixture
def agents(make_agent, autre):
    """One of each role; the sector's are of Justice, ``ailleurs`` is a partenaire of another."""
    found = {role: make_agent(role, poste="Poste 1") for role in Role}
    found["ailleurs"] = make_agent(PART, username="ailleurs", secteur=autre)
    found["collegue"] = make_agent(INFO, username="collegue")
    found["relectrice"] = make_agent(REDAC, username="relectrice")
    return found


@pytest.fixture
def world(agents, make_fiche, write, autre):
    """A fiche and a proposition of the own sector, of another and of none, and the same being
    written for the first time."""
    fiches = {
        "sien": make_fiche("A39-0901"),
        "autre": make_fiche("A39-0902", owner=autre),
        "aucun": make_fiche("A39-0903", owner=None),
        "autre-a-venir": make_fiche("A39-0904", owner=autre, draft=True),
        "aucun-a-venir": make_fiche("A39-0905", owner=None, draft=True),
    }
    authors = {
        "sien": agents["collegue"],
        "autre": agents["ailleurs"],
        "aucun": agents["relectrice"],
        "autre-a-venir": agents["ailleurs"],
        "aucun-a-venir": agents["relectrice"],
    }
    propositions = {
        name: write(authors[name], fiche, titre=f"Secret {name}") for name, fiche in fiches.items()
    }
    lacunes = {
        name: Lacune.objects.create(titre=f"Lacune {name}", cles=[name], fiche=fiche)
        for name, fiche in fiches.items()
    }
    return {"fiche": fiches, "proposition": propositions, "lacune": lacunes}


@pytest.fixture
def transfert(agents, world):
    """A call of the sector, taken by a colleague."""
    demande = record.current_question(record.pick_up(agents[TELE]))
    return Transfert.objects.create(
        demande=demande,
        secteur=agents[INFO].secteur,
        etat="acceptee",
        motif="trop_complexe",
        carte={"question": "question", "fiches": []},
        prepare_le=demande.commence_le,
        repondu_le=demande.commence_le,
        informateur=agents["collegue"],
    )


def where(name, line, world, place):
    """The address of a line for an object of a place."""
    if line.objet == "fiche":
        return reverse(name, args=[world["fiche"][place].reference])
    return reverse(name, args=[world[line.objet][place].pk])


def ask(client, line, url):
    """The statuses of everything the address takes."""
    statuses = []
    client.raise_request_exception = False
    if line.lit:
        statuses.append(client.get(url).status_code)
    for data in line.posts:
        with transaction.atomic():
            statuses.append(client.post(url, data).status_code)
    return statuses


def state():
    """All that may not change behind somebody's back."""
    fiches = Fiche.objects.order_by("pk").values_list(
        *("reference", "etat", "nature", "titre", "a_dire", "secteur", "theme", "version")
    )
    propositions = Proposition.objects.order_by("pk").values_list(
        "fiche", "auteur", "etat", "champs", "revision", "motif"
    )
    return list(fiches), list(propositions)


# --- Addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [TELE, INFO, PART, SUPER, ADM])
def test_another_sector_and_no_sector_are_not_found_and_nothing_moves(client, agents, world, role):
    client.force_login(agents[role], backend=BACKEND)
    before, wrong = state(), []
    for name, line in LIGNES.items():
        if line.objet not in world:
            continue
        expected = 404 if role in line.roles else 403
        for place in world["fiche"]:
            if place == "sien" and role in SECTEURS:
                continue
            found = ask(client, line, where(name, line, world, place))
            if set(found) != {expected}:
                wrong.append((name, place, found))
    assert not wrong
    assert state() == before


@pytest.mark.parametrize("role", [INFO, PART])
def test_the_own_sector_is_open(client, agents, world, role):
    client.force_login(agents[role], backend=BACKEND)
    for name in ("redaction-fiche", "redaction-proposition", "redaction-proposition-apercu",
                 "edition-apercu"):  # fmt: skip
        assert client.get(where(name, LIGNES[name], world, "sien")).status_code == 200


@pytest.mark.parametrize("role", [TELE, INFO, PART])
def test_every_address_of_the_admin_is_refused(client, agents, world, role):
    client.force_login(agents[role], backend=BACKEND)
    client.raise_request_exception = False
    before, wrong = state(), []
    for name in ADMIN:
        if VUES[name] == PUBLIC:
            continue
        url = address(name)
        with transaction.atomic():
            found = {client.get(url).status_code, client.post(url, TYPED).status_code}
        if found != {403}:
            wrong.append((name, found))
    for fiche in world["fiche"].values():
        url = reverse("admin:knowledge_fiche_change", args=[fiche.pk])
        assert client.post(url, {**TYPED, "_publier": "1", "_archiver": "1"}).status_code == 403
        assert client.get(f"{url}history/").status_code == 403
    assert not wrong
    assert state() == before


def test_a_call_that_a_colleague_took_is_not_found(client, agents, transfert):
    before = state()
    for role in Role:
        client.force_login(agents[role], backend=BACKEND)
        expected = 404 if role == INFO else 403
        url = reverse("secteur-ecrire", args=[transfert.pk])
        assert set(ask(client, LIGNES["secteur-ecrire"], url)) == {expected}
    assert state() == before


# --- What is posted ------------------------------------------------------------------------------

FORGED = {
    "secteur": "{autre}",
    "etat": "publiee",
    "reference": "A39-0999",
    "nature": "escalade",
    "origine": "service_public",
    "version": "9",
    "auteur": "{relectrice}",
    "approuvee_par": "moi",
    "forcee": "on",
    "_publier": "1",
    "_forcer": "1",
    "motif_force": "urgence",
    "fiche": "{fiche}",
    "proposition": "{proposition}",
    "publiee_le": "2026-01-01",
    "theme": "{theme}",
}


@pytest.fixture
def forge(agents, world, autre):
    values = {
        "autre": autre.pk,
        "relectrice": agents["relectrice"].pk,
        "fiche": world["fiche"]["autre"].pk,
        "proposition": world["proposition"]["autre"].pk,
        "theme": world["fiche"]["autre"].theme_id,
    }
    return {name: value.format(**values) for name, value in FORGED.items()}


def typed(fiche, **changes):
    """The form of a fiche as a browser would send it."""
    tables = {
        f"{name}-{key}": "0"
        for name in ("services", "sources", "questions", "issues")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    sources = {"sources-TOTAL_FORMS": "1", "sources-0-titre": "Code civil", "sources-0-url": ""}
    return {
        **tables,
        **sources,
        "titre": fiche.titre,
        "theme": fiche.theme_id,
        "mots_cles": "acte",
        "a_dire": fiche.a_dire,
        "verifiee_le": "2026-11-03",
        "importance": "precision",
        "motif": "Plus précis",
        "revision": "0",
        "lue": fiche.history.first().history_id,
        **changes,
    }


@pytest.mark.parametrize("role", [INFO, PART])
@pytest.mark.parametrize("name", ["redaction-fiche", "edition-enregistrer"])
def test_a_forged_field_changes_nothing(client, agents, world, forge, role, name):
    client.force_login(agents[role], backend=BACKEND)
    fiche = world["fiche"]["sien"]
    before, kept = state(), 0
    for champ, value in forge.items():
        with transaction.atomic():
            data = typed(fiche) | {"a_dire": "Demandez-le en ligne.", champ: value}
            client.post(reverse(name, args=[fiche.reference]), data)
            assert state()[0] == before[0], champ
            for own in Proposition.objects.filter(auteur=agents[role]):
                kept += 1
                assert set(own.champs) <= {"a_dire"}, champ
                assert (own.fiche, own.etat, own.approuvee_par, own.forcee) == (
                    *(fiche, "brouillon", "", False),
                ), champ
            transaction.set_rollback(True)
    assert kept == len(forge)  # what is forged is ignored, what is typed is kept
    assert state() == before


def test_a_new_fiche_belongs_to_the_sector_whatever_is_posted(client, agents, world, forge):
    client.force_login(agents[PART], backend=BACKEND)
    fiche = world["fiche"]["sien"]
    data = typed(fiche, titre="Livret perdu", nature="reponse") | {
        name: forge[name] for name in ("secteur", "etat", "reference", "auteur", "version")
    }
    client.post(reverse("redaction-nouvelle"), data)
    created = Fiche.objects.exclude(pk__in=[each.pk for each in world["fiche"].values()]).get()
    assert (created.secteur, created.etat, created.titre) == (
        agents[PART].secteur,
        "brouillon",
        "Livret perdu",
    )
    assert created.reference != "A39-0999"
    assert created.propositions.get().auteur == agents[PART]


def test_a_colleagues_proposition_is_seen_and_not_touched(client, agents, world):
    client.force_login(agents[PART], backend=BACKEND)
    before = state()
    theirs = world["proposition"]["sien"]
    for data in ({"geste": "soumettre"}, {"geste": "retirer"}, {"geste": "reprendre"}):
        assert client.post(theirs.get_absolute_url(), data).status_code == 403
    for geste in ("approuver", "publier", "forcer", "ecarter", "corriger", "programmer", ""):
        answer = client.post(
            theirs.get_absolute_url(), {"geste": geste, "etat": "publiee", "commentaire": "x"}
        )
        assert answer.status_code == 422
    fusion = reverse("redaction-proposition-fusion", args=[theirs.pk])
    assert client.post(fusion, {"titre": "leur"}).status_code == 404
    assert state() == before


def test_nobody_approves_by_a_post_to_the_own_proposition(client, agents, world, write):
    client.force_login(agents[PART], backend=BACKEND)
    own = write(agents[PART], world["fiche"]["sien"], titre="À moi", submit=True)
    for geste in ("approuver", "publier", "forcer", "programmer"):
        client.post(own.get_absolute_url(), {"geste": geste, "etat": "publiee"})
    own.refresh_from_db()
    assert (own.etat, own.approuvee_par) == ("a_relire", "")


# --- Drafts are found by nobody else -------------------------------------------------------------


@pytest.mark.parametrize("role", [INFO, PART])
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("redaction-secteur", "?q=secret"),
        ("redaction-secteur", "?voir=a-ecrire"),
        ("redaction-secteur", "?voir=en-cours"),
        ("redaction-propositions", ""),
        ("redaction-propositions", "?etat=brouillon"),
        ("edition-liens", "?q=secret"),
        ("edition-liens", "?q=secret autre"),
        ("annuaire-csv", ""),
    ],
)
def test_lists_searches_and_exports_tell_nothing_of_other_sectors(
    client, agents, world, role, name, query
):
    client.force_login(agents[role], backend=BACKEND)
    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    told = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for word in ("Secret autre", "Secret aucun", "A39-0904", "A39-0905"):
        assert word not in told.decode()
    if name != "edition-liens":  # what is published is read by all
        assert "A39-0902" not in told.decode()
        assert "A39-0903" not in told.decode()


@pytest.mark.parametrize("role", [TELE, INFO, PART, SUPER])
def test_what_is_not_published_is_not_read(client, agents, world, role):
    client.force_login(agents[role], backend=BACKEND)
    for name in ("fiche", "fiche-parcours"):
        for place in ("autre-a-venir", "aucun-a-venir"):
            url = reverse(name, args=[world["fiche"][place].reference])
            assert client.get(url).status_code == 404
    for place in ("sien", "autre", "aucun"):
        read = client.get(reverse("fiche", args=[world["fiche"][place].reference]))
        assert "Secret" not in read.content.decode()


# --- Verbs ---------------------------------------------------------------------------------------

VERBS = {
    "open_proposition": lambda each, by: propose.open_proposition(each.fiche, by=by),
    "revert": lambda each, by: propose.revert(
        each.fiche, to=each.fiche.history.first().history_id, by=by
    ),
    "improve_answer": lambda each, by: propose.improve_answer(
        each.fiche.lacunes.get(), fiche=each.fiche, by=by
    ),
    "save": lambda each, by: propose.save(
        each, by=by, edited=propose.as_typed(each), lue=None, revision=each.revision
    ),
    "submit": lambda each, by: propose.submit(each, by=by),
    "merge": lambda each, by: propose.merge(each, by=by, choix={}),
    "withdraw": lambda each, by: propose.withdraw(each, by=by),
    "restart": lambda each, by: propose.restart(each, by=by),
    "approve": lambda each, by: propose.approve(each, by=by),
    "publish_approved": lambda each, by: propose.publish_approved(each, by=by),
    "reschedule": lambda each, by: propose.reschedule(each, by=by, effet_le=None),
    "send_back": lambda each, by: propose.send_back(each, by=by, commentaire="Non."),
    "set_aside": lambda each, by: propose.set_aside(each, by=by, commentaire="Non."),
    "force": lambda each, by: propose.force(each, by=by, motif="Urgent."),
}
# Who may, on whose fiche: the author for what is the author's, a rédacteur for what decides.
ALLOWED = {
    (verb, role, place)
    for verb in ("open_proposition", "improve_answer", "revert")
    for role in ECRITURE
    for place in ("sien", "autre", "aucun")
    if role == REDAC or place == "sien"
}
DECIDING = {"approve", "publish_approved", "reschedule", "send_back", "set_aside"}
# Decide nothing by themselves: they read, or their callers check who asks.
OPEN = {"comment", "create_fiche", "publish_due", "write_answer"}
READING = {"as_fiche", "as_typed", "collisions", "differences", "fields_for", "labels",
           "may_approve", "may_propose", "others_on", "show", "values"}  # fmt: skip


def test_every_verb_has_its_line():
    verbs = {name for name in propose.__all__ if name[0].islower()}
    assert verbs == set(VERBS) | OPEN | READING


@pytest.mark.parametrize("role", list(Role))
def test_a_verb_refuses_whoever_may_not(agents, world, role):
    """Each verb on a colleague's proposition, in the own sector, in another and in none."""
    agent: Agent = agents[role]
    before, wrong = state(), []
    for verb, run in VERBS.items():
        for place in ("sien", "autre", "aucun"):
            done = _try(run, world["proposition"][place], agent)
            allowed = (verb, role, place) in ALLOWED or (verb in DECIDING and role == REDAC)
            if (done != "interdite") != allowed:
                wrong.append((verb, place, done))
    assert not wrong
    assert state() == before


def _try(run, proposition, agent):
    """What became of it; undone in any case."""
    try:
        with transaction.atomic():
            run(proposition, agent)
            transaction.set_rollback(True)
    except PropositionInterdite:
        return "interdite"
    except (PropositionDepassee, PropositionEnCollision, PublicationImpossible):
        return "refusée"
    return "faite"


@pytest.mark.parametrize("role", [INFO, PART])
@pytest.mark.parametrize("verb", sorted(DECIDING | {"force"}))
def test_the_author_of_a_sector_decides_nothing(agents, world, write, role, verb):
    own = write(agents[role], world["fiche"]["sien"], titre="À moi", submit=True)
    if verb in ("publish_approved", "reschedule"):
        own = approve_without_account(own, relecteur="Juriste")
    with pytest.raises(PropositionInterdite):
        VERBS[verb](own, agents[role])


@pytest.mark.parametrize("role", [TELE, SUPER, ADM])
def test_no_other_role_begins_a_fiche(agents, role):
    with pytest.raises(PropositionInterdite):
        propose.create_fiche(by=agents[role], champs={"titre": "Un titre"})
    with pytest.raises(PropositionInterdite):
        propose.write_answer(Lacune.objects.create(titre="X", cles=["x"]), by=agents[role])


@pytest.mark.parametrize("role", [INFO, PART])
def test_a_fiche_begun_in_a_sector_is_the_sectors(agents, autre, role):
    created = propose.create_fiche(
        by=agents[role], champs={"titre": "Un titre", "secteur": autre.pk}
    )
    assert created.fiche.secteur == agents[role].secteur
    assert "secteur" not in created.champs
