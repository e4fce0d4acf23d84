"""Doubts: what was probably meant, and why a text is no card."""
