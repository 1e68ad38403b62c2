"""Who carries parcels: rates, labels, tracking."""
