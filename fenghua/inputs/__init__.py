"""What comes in: vocabulary, registers, files as people have them, demo data."""
