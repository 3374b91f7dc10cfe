"""The raw cells of a workbook of any kind, and what its file says of them beyond their values."""
