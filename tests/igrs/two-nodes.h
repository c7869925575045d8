/* two-nodes.h -- a lamp and its remote, two real devices on the loopback interface
 *
 * Real sockets, threads and time; a port of their own for discovery, so that copies of a test
 * running at once do not meet. For the tests of this folder. */
#pragma once

#include "base/error.h"
#include "igrs/node.h"
#include "net/certificates.h"
#include "tests/support/lamp.h"
#include "tests/support/wait-until.h"

#define LAMP_UUID "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define REMOTE_UUID "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define LAMP_ID IGRS_URN_DEVICE_ID LAMP_UUID
#define REMOTE_ID IGRS_URN_DEVICE_ID REMOTE_UUID
#define LAMP_SERVICE_ID 7
#define KEY_DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct TwoNodes TwoNodes;
struct TwoNodes {
    /* Adds the services of the lamp's node; NULL: the lamp. Set before two_nodes_set_up(). */
    void (*host)(TwoNodes *two, IgrsNode *node);
    const char *groups_file; /* of the lamp; NULL: none */
    /* The folders of their keys, which go with them (two_nodes_make_keys()), and what the lamp
     * keeps for those who have one; NULL: none. The same. */
    char *lamp_keys, *remote_keys;
    const char *const *kept_services;
    /* They offer TLS; NULL: they do not. The same. */
    const Certificate *lamp_certificate, *remote_certificate;
    Clock *clock;
    NetInterfaces *interfaces;
    uint16_t discovery_port;
    Service *service;
    IgrsNode *lamp, *remote;
    IgrsClient *client;
    GString *events; /* of the remote about the lamp: o(nline), c(hanged), f (offline) */
};

/* New folders for keys; before two_nodes_set_up(). */
void two_nodes_make_keys(TwoNodes *two);
/* The key that each has for the other; they read it when they start, or when they are told to. */
void two_nodes_put_keys(TwoNodes *two, const char *of_lamp, const char *of_remote);
void two_nodes_set_up(TwoNodes *two, gconstpointer data);
void two_nodes_tear_down(TwoNodes *two, gconstpointer data);
void two_nodes_start_lamp(TwoNodes *two);
void two_nodes_start_remote(TwoNodes *two); /* with its client */

/* Until *what; until the events are these. */
void two_nodes_wait(const bool *what);
void two_nodes_wait_events(TwoNodes *two, const char *events);
/* Until each sees the other. */
void two_nodes_meet(TwoNodes *two);
/* Sends message (taken over) from the remote to the lamp itself, over a pipe; returns its
 * ReturnCode, 200 for a notify. answer may be NULL; it is the caller's, NULL for a notify. */
uint32_t two_nodes_ask(TwoNodes *two, IgrsMessage *message, IgrsMessage **answer);
/* Runs the loop for a while, for what must not happen. */
void two_nodes_run(TwoNodes *two, int64_t time_ms);
/* http://127.0.0.1:port/IGRS of the lamp; the caller's. */
char *two_nodes_lamp_location(TwoNodes *two);

/* What node says to peer is signed. */
bool two_nodes_is_sealed(IgrsNode *node, const char *peer);

/* The remote invokes an operation of the lamp and waits; call is taken over. */
bool two_nodes_invoke(TwoNodes *two, SoapCall *call, GError **error);
/* It turns the lamp on, and asserts that this works, or that it fails so. */
void two_nodes_turn_on(TwoNodes *two);
void two_nodes_turn_on_fails(TwoNodes *two, DuoError code);
/* It subscribes, and hears the first values and one that changes. */
void two_nodes_hear_events(TwoNodes *two);
