"""Setting the warehouse up: its building, people, goods, places, and the sample."""
