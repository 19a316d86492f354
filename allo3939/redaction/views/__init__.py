"""Pages of a sector's people: their fiches, what they write, how it fares.

They stand here and not in `knowledge`: they show calls, gaps and bodies beside the fiches.
"""
