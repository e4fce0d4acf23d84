"""A note as recognition reads it: its texts, their order, their numbers and looks."""
