"""The whole day by simulated people, through the same conversations as at the screens."""
