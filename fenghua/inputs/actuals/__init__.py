"""The files of actual figures: what they call things, of which area, what is odd."""
