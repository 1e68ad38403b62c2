"""Labels and documents, drawn from the descriptions in labels/."""
