"""The invented warehouse that ships with Dock: what `scripts/make_sample` writes."""
