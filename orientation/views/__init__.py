"""Pages of calls: the console of level 1, the desk of a sector, the day."""
