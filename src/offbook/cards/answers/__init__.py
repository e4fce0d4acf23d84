"""Answers: where they begin and end."""
