# src/igrs
