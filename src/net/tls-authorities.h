/* tls-authorities.h -- the authorities of this system, read when somebody is to be judged by them
 *
 * glib-networking (2.74) reads all of them for each TLS connection that is made, 25 ms of the main
 * loop, also where the certificate is known by its fingerprint and nobody is asked. */
#pragma once

/* For programs, at their start: from now on GLib's default database asks them when a chain has to
 * be verified, and not before. A library does not do that to its host. */
void tls_authorities_defer(void);
