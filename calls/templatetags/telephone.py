"""The telephone beside the call, where a page shows it."""

from __future__ import annotations

from django import template

from calls import telephony

register = template.Library()


@register.simple_tag(takes_context=True)
def ligne_telephone(context, appel) -> telephony.Ligne | None:
    """The telephone of the agent who looks, beside the call in progress."""
    return telephony.line_of(context["request"].user, appel=appel)


@register.simple_tag(takes_context=True)
def telephonie_branchee(context) -> bool:
    """Whether a switch may tell anything of the agent who looks."""
    return telephony.is_wired(context["request"].user)


@register.simple_tag
def consigne_transfert(transfert) -> telephony.Consigne | None:
    """How the agent transfers the call by hand; None where the switch does it when asked."""
    numero, switch = transfert.secteur.numero_transfert, telephony.standard()
    if switch.automatique and telephony.live_communication(transfert.demande.appel):
        return None
    return telephony.ManualSwitch().transfer(None, numero=numero)
