"""Clients, SKUs with their barcodes, bins, cartons: what there is and where it may lie."""
