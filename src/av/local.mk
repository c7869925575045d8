# src/av
