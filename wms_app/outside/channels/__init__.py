"""Shops and marketplaces: how their orders reach us."""
