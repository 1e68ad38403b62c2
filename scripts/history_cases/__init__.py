"""Years of finished orders for a store, and what they do to the speed of the day."""
