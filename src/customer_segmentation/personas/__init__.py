"""Which cluster is which persona, and which colour its segment has."""
