"""Promising stock at bins to orders."""
