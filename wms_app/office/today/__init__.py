"""The supervisor's view of the day, and its report."""
