"""How figures look: wording, theme, charts, tables. Never calculates."""
