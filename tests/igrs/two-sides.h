/* two-sides.h -- two devices and their security without a wire
 *
 * What a node does with igrs/security.h (node-pipes.c, dispatch.c, courier.c), in few lines, so
 * that every order of messages can be played. For the tests of this folder. */
#pragma once

#include "igrs/security.h"

#define UUID_A "0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define UUID_B "6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define ID_A IGRS_URN_DEVICE_ID UUID_A
#define ID_B IGRS_URN_DEVICE_ID UUID_B
#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER_DIGITS "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

typedef struct {
    const char *id, *address;
    char *folder;
    IgrsSecurity *security;
    uint32_t number;
    unsigned attempt;
} Side;

typedef struct {
    Clock *clock;
    Side a, b;
} TwoSides;

/* digits: the key that each has for the other; NULL: none. */
void         two_sides_set_up(TwoSides *two, gconstpointer digits);
void         two_sides_tear_down(TwoSides *two, gconstpointer data);
/* Both begin at once. Each bit of order, the lowest first, says whose half-step comes next (what it
 * says arrives, the answer arrives). Asserts that both can speak then. */
void         two_sides_cross(TwoSides *two, unsigned order, unsigned half_steps);

void         side_init(Side *side, Clock *clock, const char *id, const char *address);
void         side_clear(Side *side);
/* A key in its folder; digits NULL: no more. */
void         side_put_key(const Side *side, const char *name, const char *digits);
/* It offers TLS, with a certificate of that octet. */
void         side_offer_tls(const Side *side, uint8_t octet);

IgrsMessage *side_message(Side *from, const Side *to, IgrsMessageType type);
void         side_sign(const Side *from, IgrsMessage *message);
/* Whether from sends it inside TLS. */
IgrsOrigin   side_origin(const Side *from, const IgrsMessage *message);
/* What to answers to request; the caller's. */
IgrsMessage *side_answer(Side *to, const IgrsMessage *request, const IgrsOrigin *origin);
/* A CreatePipeRequest; the caller's. */
IgrsMessage *side_begin(Side *from, const Side *to);
/* from hears the reply; *next is what it says then. */
IgrsStep     side_hear(Side *from, const Side *to, const IgrsMessage *reply, IgrsMessage **next);
IgrsStep     side_open_pipe(Side *from, Side *to);
/* The code of a message that from signs as it can; its answer is signed when it was. */
uint32_t     side_say(Side *from, Side *to);
/* The code that a CreatePipeRequest with that offer gets. */
uint32_t     side_offer(Side *from, Side *to, const char *address, const char *list);
uint32_t     side_forge(Side *from, Side *to, const char *signature);
