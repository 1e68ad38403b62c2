"""The bench: verify every piece, box, weigh, seal."""
