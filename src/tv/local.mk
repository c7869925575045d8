# src/tv
