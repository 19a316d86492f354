"""The telephone beside the call, where a page shows it."""

from __future__ import annotations

from django import template

from calls import telephony

register = template.Library()


@register.simple_tag(takes_context=True)
def ligne_telephone(context, appel) -> telephony.Ligne | None:
    """The telephone of the agent who looks, beside the call in progress: asked for once, however
    many places of a page show it."""
    request = context["request"]
    seen = request.__dict__.setdefault("a39_lignes", {})
    key = appel.pk if appel else None
    if key not in seen:
        seen[key] = telephony.line_of(request.user, appel=appel)
    return seen[key]


@register.simple_tag(takes_context=True)
def telephonie_branchee(context) -> bool:
    """Whether a switch may tell anything of the agent who looks."""
    return telephony.is_wired(context["request"].user)


@register.simple_tag
def consignes_a_la_main(transfert) -> dict[str, telephony.Consigne]:
    """How the agent does by hand, on the telephone, what a sector that accepted makes possible."""
    numero, by_hand = transfert.secteur.numero_transfert, telephony.ManualSwitch()
    return {
        "consultation": by_hand.consult(None, numero=numero),
        "conference": by_hand.bridge(None),
        "transfert": by_hand.transfer(None, numero=numero),
        "reprise": by_hand.resume(None),
    }
