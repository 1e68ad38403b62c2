"""People, the supervisor of the day, what crosses all rooms."""
