"""Things on the bench: scale, printer, sound."""
