# src/av
EXTRA_DIST += src/av/av.h
