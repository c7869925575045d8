/* by-hand.h -- what duoping-worker does for people who type: the server's part and a worker's
 *
 * Each starts workers as duopingd does, with the same walls, prints to standard output and error,
 * and returns an exit code: 0, 1 when the file was the trouble, 2 when the words were. */
#pragma once

int by_hand_probe(int count, char **paths);
/* width: NULL for the usual one. */
int by_hand_thumbnail(const char *path, const char *to, const char *width);
/* start_ms: where in the file; NULL: at its beginning. A file that is that profile already is said
 * to be so, and nothing is written. */
int by_hand_convert(const char *path, const char *profile, const char *to, const char *start_ms);
