"""One room per stage, in the order in which goods move."""
