"""Pages of fiches."""
