"""What a beginning needs: a note for a new company, and a commented settings file."""
