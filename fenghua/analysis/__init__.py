"""What the figures mean: pure functions, frames in and frames out."""
