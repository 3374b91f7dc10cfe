"""Office files as people have them, read into typed tables by a schema that is handed in."""
