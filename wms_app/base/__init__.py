"""What every room stands on: the store, the journal, codes, words, time."""
