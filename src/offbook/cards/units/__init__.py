"""Units: what could ask, where it stands and what it looks like."""
