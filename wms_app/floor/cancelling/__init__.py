"""What was called off: stopping parcels, putting goods back."""
