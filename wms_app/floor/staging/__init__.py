"""Parcels into the lanes of their carriers."""
