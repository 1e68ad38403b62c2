"""Printers of every kind: what they are sent, and what they say of themselves."""
