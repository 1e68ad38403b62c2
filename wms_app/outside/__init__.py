"""What lies beyond the walls, each kind behind one Protocol."""
