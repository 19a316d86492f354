"""Which fiches are seen, by whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import functions

from knowledge.enums import EN_COURS, EN_ECRITURE, SOUMISES

# The long texts of a fiche, for lists that only name it.
_TEXTS = ("contenu", "parcours", "texte", "a_dire", "pieces", "gabarits", "services", "sources")
_HEAVY = ("fiche__contenu", "fiche__parcours", "fiche__texte")


class ThemeQuerySet(models.QuerySet):
    def find(self, code: str):
        """The theme of this code, or None."""
        return self.filter(code=code).first()

    def with_place(self):
        """With the theme around it."""
        return self.select_related("parent")

    def authored(self):
        """The themes a fiche born here hangs in: the sectors' and level 1's own."""
        source = models.Q(code__regex=r"^N\d+$") | models.Q(parent__isnull=False)
        return self.exclude(source).select_related("secteur").order_by("secteur__ordre", "ordre")


class FicheQuerySet(models.QuerySet):
    def published(self):
        """What agents read and find: the published state only."""
        return self.filter(etat="publiee")

    def readable(self):
        """What stays readable from an old call: everything that was once published."""
        return self.filter(publiee_le__isnull=False)

    def for_page(self):
        """With what the page of a fiche shows of its theme and sectors.

        ``en_conflit`` says whether the source changed under what we add, and nobody looked yet;
        ``a_venir`` as in `with_coming`.
        """
        conflits: Any = self.model._meta.get_field("conflits").related_model
        waiting = models.Exists(conflits.objects.open().filter(fiche=models.OuterRef("pk")))
        related = self.select_related("theme__secteur", "secteur", "cible")
        return related.with_coming().annotate(en_conflit=waiting)

    def with_coming(self):
        """``a_venir``: whether a change agreed to for a day to come is to be told to agents."""
        propositions: Any = self.model._meta.get_field("propositions").related_model
        coming = propositions.objects.told_ahead().filter(fiche=models.OuterRef("pk"))
        return self.annotate(a_venir=models.Exists(coming))

    def editable_by(self, agent):
        """Deny by default: all for a rédacteur, those of the sector for its people."""
        if agent.role == "redacteur":
            return self
        if agent.role in ("partenaire", "informateur") and agent.secteur_id:
            return self.filter(secteur=agent.secteur_id)
        return self.none()

    def using_block(self, *codes: str):
        """Those that name one of these shared blocks."""
        return self.filter(blocs__overlap=list(codes))

    def find(self, reference: str):
        """The one of this reference, or None."""
        return self.filter(reference=reference).first()

    def with_key(self, key):
        """The one of this key, or None."""
        return self.filter(pk=key).first()

    def among(self, references):
        """Those of these references."""
        return self.filter(reference__in=references)

    def hanging_in(self, theme):
        """The fiches that hang directly in a theme, by title, without their content."""
        return self.filter(theme=theme).only("reference", "titre").order_by("titre")

    def leading_to(self, references: list[str]):
        """Those with an issue whose target is one of these fiches."""
        targets = models.Q()
        for reference in references:
            targets |= models.Q(parcours__issues__contains=[{"cible": {"fiche": reference}}])
        return self.filter(targets) if references else self.none()

    def naming(self, reference: str):
        """The published fiches whose content or cases lead to this one, by reference.

        Reads the content of every fiche: for a part of a page that comes after it.
        """
        named = f'"reference": "{reference}"'
        text = functions.Cast("contenu", models.TextField())
        leading = models.Q(parcours__issues__contains=[{"cible": {"fiche": reference}}])
        return (
            self.published()
            .exclude(reference=reference)
            .annotate(contenu_texte=text)
            .filter(models.Q(contenu_texte__contains=named) | leading)
            .only("reference", "titre")
            .order_by("reference")
        )

    def imported(self):
        return self.filter(origine="service_public")

    def native(self):
        return self.filter(origine="allo3939")

    def for_changelist(self, *, since: date):
        """Without the texts, with ``appels`` (how many calls opened it since that day) and
        ``en_cours`` (whether a proposition is not over)."""
        usages: Any = self.model._meta.get_field("usages").related_model
        propositions: Any = self.model._meta.get_field("propositions").related_model
        waiting = propositions.objects.pending().filter(fiche=models.OuterRef("pk"))
        return self.defer(*_TEXTS).annotate(
            appels=usages.objects.since(since).calls_of(models.OuterRef("pk")),
            en_cours=models.Exists(waiting),
        )

    def to_review(self, *, on: date):
        """Published, and their day of review has come; the earliest first."""
        return self.published().filter(a_revoir_le__lte=on).order_by("a_revoir_le", "pk")


class RessourceQuerySet(models.QuerySet):
    def find(self, reference: str):
        """The one of this reference, or None."""
        return self.filter(reference=reference).first()

    def present(self):
        """Those that the source still delivers."""
        return self.filter(etat="publiee")

    def readable(self):
        """All of them: one that left the source stays readable from the fiches that name it."""
        return self.all()


class ConflitQuerySet(models.QuerySet):
    def open(self):
        """Those that no rédacteur has settled yet."""
        return self.filter(regle_le__isnull=True)

    def settled(self):
        """Those that stay as history."""
        return self.filter(regle_le__isnull=False)

    def for_page(self):
        """With the fiche and what is shown of its overlay."""
        return self.select_related("fiche__secteur", "importation", "regle_par")


FAILING = models.Q(actif=True) & (
    ~models.Q(fiche__etat="publiee")
    | models.Q(verifiee_le__isnull=False, rang_constate__isnull=True)
    | models.Q(rang_constate__gt=1)
)


class EpingleQuerySet(models.QuerySet):
    def in_force(self):
        """Those that act on searches: in service, on a published fiche."""
        return self.filter(actif=True, fiche__etat="publiee")

    def to_check(self, since: datetime):
        """In service and not checked since then, those that waited longest first."""
        late = models.Q(verifiee_le__isnull=True) | models.Q(verifiee_le__lt=since)
        return self.filter(late, actif=True).order_by(
            models.F("verifiee_le").asc(nulls_first=True), "pk"
        )

    def failing(self):
        """In service, and the fiche is gone, or was not first at the last check."""
        return self.filter(FAILING)

    def failing_first(self):
        """Those that no longer hold, then those in service by their words."""
        return self.annotate(
            tombe=models.Case(
                models.When(FAILING, then=True), default=False, output_field=models.BooleanField()
            )
        ).order_by("-tombe", "-actif", "mots")


class RechercheManqueeQuerySet(models.QuerySet):
    def pending(self):
        """Those that no rédacteur has dealt with."""
        return self.filter(traitee_le__isnull=True)

    def older_than(self, instant: datetime):
        return self.filter(le__lt=instant)

    def of_groups(self, keys, *, until: datetime):
        """Those of these groups that a rédacteur had on screen."""
        return self.filter(cle__in=keys, le__lte=until)

    def untaken(self):
        """Those of no brief."""
        return self.filter(lacune=None)

    def closed_by(self, agent: int, *, genre: str, since: datetime):
        """What an agent closed questions with since an instant."""
        return self.filter(agent=agent, genre=genre, le__gte=since)

    def by_wording(self):
        """One row per wording and what followed it: how often, and between which instants."""
        said = ("cle", "texte", "genre", "suite", "precision")
        return (
            self.values(*said, "fiche__reference", "fiche__titre")
            .annotate(
                n=models.Count("pk"),
                premiere=models.Min("le"),
                derniere=models.Max("le"),
                pk=models.Max("pk"),
            )
            .order_by("cle", "-n", "texte")
        )

    def settled_since(self, keys):
        """(group, when it was last dealt with) of these groups."""
        settled = self.filter(cle__in=keys, traitee_le__isnull=False)
        return settled.values_list("cle").annotate(models.Max("traitee_le")).order_by("cle")


class ApprentissageQuerySet(models.QuerySet):
    def counted(self):
        """What may lift a fiche: published, and not set aside by a rédacteur."""
        return self.filter(ecarte=False, fiche__etat="publiee")

    def learnt_since(self, instant: datetime):
        return self.filter(le__gt=instant)


class ParutionQuerySet(models.QuerySet):
    def told(self):
        """Those that change what is said, or add to it: all but typing errors."""
        return self.filter(importance__in=("precision", "changement"))

    def of_fiches(self, keys):
        """Those of the fiches with these keys, with the fiche's reference and title."""
        return self.filter(fiche__in=keys).select_related("fiche").defer(*_HEAVY)

    def changes_since(self, instant: datetime):
        """Changes of answer since then, the latest first, with what a list shows of the fiche."""
        recent = self.filter(importance="changement", parue_le__gte=instant)
        return recent.select_related("fiche").defer(*_HEAVY)

    def with_reading_of(self, agent):
        """``lue``: whether the agent has acknowledged it."""
        accuses: Any = self.model._meta.get_field("accuses").related_model
        own = accuses.objects.filter(parution=models.OuterRef("pk"), agent=agent)
        return self.annotate(lue=models.Exists(own))

    def since(self, instant: datetime):
        return self.filter(parue_le__gte=instant)

    def unread_by(self, agent):
        """Changes of answer that the agent has not acknowledged."""
        return self.filter(importance="changement").exclude(accuses__agent=agent)


class PropositionQuerySet(models.QuerySet):
    def visible_to(self, agent):
        """Deny by default: a rédacteur sees all, a partenaire or an informateur those of the
        sector's fiches, and everybody else none."""
        if agent.role == "redacteur":
            return self
        if agent.role in ("partenaire", "informateur") and agent.secteur_id:
            return self.filter(fiche__secteur=agent.secteur_id)
        return self.none()

    def of_author(self, agent):
        return self.filter(auteur=agent)

    def of_fiche(self, fiche):
        return self.filter(fiche=fiche)

    def naming_block(self, name: str):
        """Those whose new texts name a shared block, as ``{bloc:code}``."""
        texts = models.functions.Cast("champs", models.TextField())
        return self.annotate(textes=texts).filter(textes__contains=name)

    def in_writing(self):
        """Those an author is working on."""
        return self.filter(etat__in=EN_ECRITURE)

    def submitted(self):
        """Those that wait for somebody, or for their day."""
        return self.filter(etat__in=SOUMISES)

    def pending(self):
        """Those that are not over."""
        return self.filter(etat__in=EN_COURS)

    def to_approve(self):
        return self.filter(etat="a_relire")

    def due(self, *, on):
        """Agreed to, and whose day has come."""
        return self.filter(models.Q(etat="programmee", effet_le__lte=on))

    def upcoming(self, *, until):
        """Agreed to for a day to come, the nearest first."""
        return self.filter(etat="programmee", effet_le__lte=until).order_by("effet_le", "pk")

    def told_ahead(self):
        """Agreed to for a day to come, typing errors aside: agents are told before it, the nearest
        first."""
        told = self.filter(etat="programmee", importance__in=("precision", "changement"))
        return told.order_by("effet_le", "pk")

    def ranked(self, *, since):
        """What waits for somebody first, then by the calls at stake, ``appels``, since that day;
        those that are over come last, the latest first, and nothing is at stake there."""
        fiche: Any = self.model._meta.get_field("fiche").related_model
        usages = fiche._meta.get_field("usages").related_model
        used = usages.objects.filter(fiche=models.OuterRef("fiche_id"), jour__gt=since)
        calls = used.values("fiche").annotate(n=models.Sum("consultations")).values("n")
        states = ("a_relire", "approuvee", "programmee", "a_corriger", "brouillon")
        places = [models.When(etat=state, then=rank) for rank, state in enumerate(states)]
        at_stake = functions.Coalesce(models.Subquery(calls), 0)
        return self.annotate(
            appels=models.Case(models.When(etat__in=EN_COURS, then=at_stake), default=0),
            rang=models.Case(*places, default=len(states), output_field=models.IntegerField()),
            depuis=models.Case(models.When(etat__in=EN_COURS, then="soumise_le")),
        ).order_by("rang", "-appels", "depuis", "-modifiee_le", "pk")

    def for_list(self):
        """With what a list shows, without the texts."""
        return self.select_related("fiche__secteur", "auteur").defer(
            "champs", "base", "saisie", *_HEAVY
        )

    def for_page(self):
        return self.select_related("fiche__secteur", "fiche__theme", "fiche__cible", "auteur")


class LienRelectureQuerySet(models.QuerySet):
    def usable(self, *, at):
        """Not expired, not revoked, not answered."""
        return self.filter(expire_le__gt=at, repondu_le=None, revoque_le=None)

    def for_page(self):
        """With the proposition and what is read of its fiche."""
        return self.select_related(
            "proposition__fiche__theme__secteur",
            "proposition__fiche__secteur",
            "proposition__fiche__cible",
            "proposition__auteur",
        )


class BlocPartageQuerySet(models.QuerySet):
    def with_value(self, *, on):
        """With ``valeur``, the text in force that day, None for none; ``attente``, how many values
        wait to be approved."""
        values: Any = self.model._meta.get_field("valeurs").related_model
        force = values.objects.in_force(on=on).filter(bloc=models.OuterRef("pk"))
        waiting = models.Count("valeurs", filter=models.Q(valeurs__approuvee_le=None))
        return self.annotate(valeur=models.Subquery(force.values("texte")[:1]), attente=waiting)


class ValeurBlocQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """The latest approved one of each block to have begun by that day, unless it has ended."""
        approved = self.filter(approuvee_le__isnull=False)
        begun = approved.filter(du__lte=on).order_by("bloc_id", "-du").distinct("bloc_id")
        lasting = models.Q(au__isnull=True) | models.Q(au__gte=on)
        return self.filter(lasting, pk__in=begun.values("pk")).select_related("bloc")

    def of_codes(self, codes):
        return self.filter(bloc__code__in=codes)

    def to_apply(self, *, on):
        """Approved, begun by that day, and not written into the fiches yet."""
        begun = self.filter(du__lte=on, approuvee_le__isnull=False, appliquee_le=None)
        return begun.select_related("bloc").order_by("du", "pk")
