"""The storm: many stations at once on one store, killed at random, and what must be true after."""
