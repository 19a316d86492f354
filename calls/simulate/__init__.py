"""A plausible day of calls, by the same verbs as at the desks, for demonstration and measures."""

from calls.simulate.day import Bilan, JourImpossible, simulate_day

__all__ = ["Bilan", "JourImpossible", "simulate_day"]
