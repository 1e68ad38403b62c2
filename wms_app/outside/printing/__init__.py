"""Print jobs: every paper that was sent to a printer, once, and what became of it."""
