"""Anything that is scanned or typed, found with its whole story."""
