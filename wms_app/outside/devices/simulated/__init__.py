"""Devices that are not there: what a bench without hardware, and every test, talks to."""
