# tests/av
