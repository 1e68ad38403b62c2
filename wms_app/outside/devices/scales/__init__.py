"""Real scales: their languages (pure parsers), the pan's memory, the wire, the live scale."""
