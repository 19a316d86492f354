"""Sweeps on calls and transfers."""
