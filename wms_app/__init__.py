"""Dock: the floor of a third-party overseas warehouse, from the order file to the truck."""
