"""Where the header of a table stands, which table it is, and what each of its headings means."""
