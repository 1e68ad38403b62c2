"""Orders as they came in, checked, held or ready."""
