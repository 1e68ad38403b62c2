"""Choosing what goes out next, and the lists that people walk."""
