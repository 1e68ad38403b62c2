"""Onto the truck, and the manifest that says so."""
