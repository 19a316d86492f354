"""Editing seen from above: what waits for a rédacteur, a sector's page, the letters of the week.

Above `calls`, because all of it is ranked by the calls at stake.
"""
