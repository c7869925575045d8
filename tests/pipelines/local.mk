# tests/pipelines
