"""Every truth of design, checked row by row."""
