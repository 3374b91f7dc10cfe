"""What one page alone says and shows, a module a topic; the table kit is in ``display``."""
