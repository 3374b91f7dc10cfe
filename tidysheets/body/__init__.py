"""Which lines beneath a header are data, and what their cells leave to other cells to say."""
