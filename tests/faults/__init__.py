"""Everything that may go wrong between a ledger and an LMS's gradebook, at once, and what must hold at the end."""
