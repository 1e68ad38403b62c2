"""Looking again at what a bin really holds."""
