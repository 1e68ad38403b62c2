"""Old ledger lines in files of their own, proven before they leave the store, and still read."""
