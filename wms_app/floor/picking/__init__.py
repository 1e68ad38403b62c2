"""The walk: bin, pieces, tote."""
