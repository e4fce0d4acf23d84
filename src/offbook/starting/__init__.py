"""Writes what a user begins with: a note for a new company, and a commented settings file."""
