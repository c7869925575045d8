# tests/media-db
