"""What lies in which bin, and every movement of it; quantities change only here."""
