# tests/igrs
