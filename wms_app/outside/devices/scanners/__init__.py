"""Scanners that are no keyboards: on a serial port, or on USB as one (CDC)."""
