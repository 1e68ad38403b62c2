"""Buying shipping labels, once each, and printing them."""
