/* tester.h -- the test device of igrs-validate: one thread, blocking calls, its own strict eyes
 *
 * A Tester plays a device (three of them, where a rule is about others) towards the device under
 * test. Good messages are made by the codecs of wire/ and may be edited into wrong ones octet by
 * octet; what comes back is judged as it came, not through our own liberal decoder. While it waits
 * for anything it also takes what others send it: notifications on its own LOCATION, datagrams. */
#pragma once

#include "wire/igrs-message.h"
#include "wire/xml.h"

#include <stdbool.h>
#include <stdint.h>

/* What came: a reply, a request to our LOCATION, or a datagram. Texts are owned. */
typedef struct {
    char *start;         /* start line */
    unsigned status;     /* of a reply; 0: a request */
    HttpHeads *heads;    /* as they came */
    char *raw;           /* head and body */
    size_t head_size;    /* octets up to the body */
    char *body;
    size_t body_size;
    XmlDocument *document; /* the body; NULL: none, or not well-formed */
    char *flaw;          /* what the form of the head breaks; NULL: nothing */
    char *from;          /* address of a datagram or a request */
    int ttl;             /* of a datagram; 0: not known */
    int64_t at_ms;       /* when it was whole */
    int64_t took_ms;     /* of a reply */
    bool is_closed;      /* of a reply: the peer closed afterwards, or said so */
    bool is_empty;       /* nothing came before the peer closed, or in time */
} Heard;

typedef struct Rule Rule;

/* What a rule needs of the device; a device whose description lacks it is not judged by it. */
enum {
    NEED_SERVICE = 1 << 0, /* any service */
    NEED_EVENTED = 1 << 1, /* one with an attribute that is notifiable */
    NEED_CONTENT = 1 << 2, /* AVContentDirectory, and so on */
    NEED_CONNECTION = 1 << 3,
    NEED_TRANSPORT = 1 << 4,
    NEED_RENDERING = 1 << 5,
    NEED_LIFE = 1 << 6, /* the device starts after us and stops before us: --life */
    NEED_HTTP_MEDIA = 1 << 7, /* AVTransport that takes our URL */
    NEED_KEY = 1 << 8, /* we share a key with it: --key */
    NEED_LED = 1 << 9, /* it is the master of a centralised group */
    NEED_PEERS = 1 << 10, /* it is in a peer group */
    NEED_FILES = 1 << 11, /* FileAccess */
    NEED_TLS = 1 << 12, /* it offers pipes inside TLS */
    NEED_HANDOVER = 1 << 13,
};

typedef struct {
    uint32_t id;
    char *type;
} TestedService;

#define SECRET_SIZE 32
typedef struct {
    uint8_t octets[SECRET_SIZE];
} Secret;

typedef struct Tester {
    /* The device under test */
    char *id, *name, *location, *host;
    uint16_t port;
    XmlDocument *description; /* as GET gave it */
    const XmlNode *device;    /* in it */
    unsigned has;             /* NEED_... */
    TestedService service;    /* any; the one of most sessions */
    TestedService evented;

    /* The devices that we play; DeviceIds */
    char *self, *other, *idle;
    const char *speaker; /* borrowed: who says the next messages */
    char *address;       /* ours, as the device sees it */
    unsigned interface_index;
    char *own_location;
    uint32_t sequence;
    int listener, mouth, ear; /* sockets: requests; searches and answers; the multicast group */
    int slow_head, slow_body; /* sockets: begun at the start, judged later; -1: not begun */
    int64_t slow_ms, idle_ms; /* when those and the idle pipe began; 0: not */
    GPtrArray *requests;      /* Heard: on our LOCATION, owned */
    GPtrArray *datagrams;     /* Heard: all of them, owned */

    /* With a key, on pipes of the device paired */
    char *paired; /* DeviceId */
    Secret key;
    Secret seal; /* the pipe's */
    bool is_sealed;
    int64_t forged_ms[4]; /* when we forged last, a ring */
    unsigned forged;

    /* Inside TLS, in one rule: messages go there from inside_learn() on */
    uint16_t inside_port; /* 0: outside */
    Secret told;          /* SHA-256 of the certificate that it says it shows there */
    Secret own_certificate; /* what we say of ours */

    /* Groups that the device is in, by id; NULL: none */
    char *led;   /* a centralised one whose master it is */
    char *peers; /* a peer group */
    unsigned looks; /* for them */

    /* The rule */
    GPtrArray *kept; /* Heard: its replies live until it ends */
    char *failure;   /* NULL: none so far */
} Tester;

typedef enum {
    EDIT_NONE,
    EDIT_DROP,   /* the head name */
    EDIT_SET,    /* the head name to value */
    EDIT_ADD,    /* another head name */
    EDIT_TWICE,  /* the head name a second time, the same */
    EDIT_RENAME, /* the head name to value */
    EDIT_BODY,   /* every name in the body to value */
    EDIT_LINE,   /* the start line to value */
} EditKind;

typedef struct {
    EditKind kind;
    const char *name, *value;
} Edit;

/* A row of a table: what is asked, and what must come back. */
struct Rule {
    const char *id;
    const char *clause; /* of PROFILE.md; with the letter C: of ISO/IEC 14543-5-1 */
    const char *title;
    void (*run)(Tester *t, const Rule *rule);
    unsigned needs;
    IgrsMessageType send; /* the good message to begin with */
    Edit edit[3];
    unsigned http; /* status of the reply; 0: 200 */
    unsigned code; /* ReturnCode of the reply; 0: not looked at */
    const char *text; /* whatever run makes of it */
    const char *more;
};

/* Ends with an id of NULL. */
extern const Rule *const rule_tables[];

/* -- tester.c ---------------------------------------------------------------------------------- */

/* interface: NULL: the one that leads to the device. */
void    tester_init(Tester *t, const char *interface);
/* location of a device: reads its description, finds what it has. False: nobody there. */
bool    tester_meet(Tester *t, const char *location, GError **error);
void    tester_clear(Tester *t);
/* Runs one rule; NULL: it passed, else why not. The caller's. */
char   *tester_run(Tester *t, const Rule *rule);

/* Remembers the first failure of the rule; false when condition is false. */
bool    expect(Tester *t, bool condition, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* -- Asking (ask.c) ---------------------------------------------------------------------------- */

/* A good message of that type from the speaker to the device; the caller's. */
IgrsMessage *say(Tester *t, IgrsMessageType type);
/* As octets; edits end with EDIT_NONE, NULL: none. Takes message over. */
GString     *letter(Tester *t, IgrsMessage *message, const Edit *edits);
/* Says it and hears the reply; takes message over. Never NULL: is_empty when none came. */
Heard       *ask_edited(Tester *t, IgrsMessage *message, const Edit *edits);
Heard       *ask_message(Tester *t, IgrsMessage *message);
Heard       *ask(Tester *t, IgrsMessageType type);
/* An operation of a service in the session of client 17; arguments is XML. */
Heard       *invoke(Tester *t, const TestedService *service, const char *operation,
                    const char *arguments);
/* A pipe, and a session of client 17 with service; sees that both are answered with 200. */
bool         open_pipe(Tester *t);
bool         open_session(Tester *t, const TestedService *service);
void         detach(Tester *t);

/* -- Pipes with a key (secure.c) --------------------------------------------------------------- */

/* One attempt, by the device paired. */
typedef struct {
    const char *offer, *choice; /* L and C; borrowed */
    Secret key, na, nb;
} Shake;

bool         secure_read_key(Tester *t, const char *path, GError **error);
Secret       secret_random(void);
char        *secret_text(const Secret *secret); /* base64; the caller's */
bool         secret_read(const char *text, Secret *secret);
/* The steps in their order. The first makes the device paired the speaker, the last seals. */
const Heard *shake_create(Tester *t, Shake *shake, const char *offer);
const Heard *shake_challenge(Tester *t, Shake *shake);
char        *shake_proof(const Tester *t, const Shake *shake, const char *role);
const Heard *shake_result(Tester *t, const char *proof);
const Heard *shake_finish(Tester *t, const Shake *shake);
/* All of them, and every answer is right. */
bool         secure_pipe(Tester *t);
/* What 01-Signature has to be; the caller's. */
char        *seal_text(const Tester *t, const char *direction, const char *type,
                       const char *number, const char *body, size_t body_size);
/* Signs what the device paired says on its sealed pipe, unless it is signed already. */
void         seal_message(const Tester *t, IgrsMessage *message, const char *body,
                          size_t body_size);
/* A reply, or a request of the device's. */
bool         expect_sealed(Tester *t, const Heard *heard);
/* Call before a bad signature is sent. */
void         await_forgery(Tester *t);

/* -- Inside TLS (inside.c) --------------------------------------------------------------------- */

/* Asks outside for a pipe by that offer, of which the device has to choose what is inside TLS, and
 * say where: from here on everything goes there. */
bool         inside_learn(Tester *t, const char *offer, const char *choice);
/* One message and its reply there. Another certificate than was told is a failure of the rule. */
Heard       *inside_exchange(Tester *t, const char *data, size_t size);
/* Our place there, which nobody serves; the caller's. */
char        *inside_location(const Tester *t);

/* -- Judging (judge.c) ------------------------------------------------------------------------- */

bool        expect_http(Tester *t, const Heard *reply, unsigned status);
/* HTTP 200, and the ReturnCode in the head. */
bool        expect_code(Tester *t, const Heard *reply, unsigned code);
/* "" when there is none. */
const char *head_of(const Heard *heard, const char *name);
/* The child of Body; NULL: no envelope or nothing in it. */
const XmlNode *payload(const Heard *heard);
/* The text of the first element of that local name in the payload; NULL: none. */
const char *payload_text(const Heard *heard, const char *name);
const XmlNode *find_element(const XmlNode *from, const char *name);
bool        is_device_id(const char *text);
bool        is_number(const char *text); /* 1..2^32-1, decimal, no leading zero */
/* The runs that most rows share: send the edited message over a pipe with a session, and compare
 * the status and the ReturnCode of the reply. */
void        run_row(Tester *t, const Rule *rule);
/* The same where 400 may be the status or the ReturnCode. */
void        run_row_refused(Tester *t, const Rule *rule);
/* As run_row() without opening a pipe, by a stranger. */
void        run_row_stranger(Tester *t, const Rule *rule);

/* -- Wire (wire.c) ----------------------------------------------------------------------------- */

int     wire_connect(Tester *t); /* -1: refused; inside TLS: to its port there */
/* Octets of the message that data begins; 0: more are needed, or it ends with the connection. */
size_t  wire_message_size(const GString *data);
bool    wire_write(int fd, const char *data, size_t size);
/* One reply; kept until the rule ends. */
Heard  *wire_read(Tester *t, int fd, unsigned timeout_ms);
/* Connects, writes, reads, closes. */
Heard  *wire_exchange(Tester *t, const char *data, size_t size);
/* True when the peer closed fd within that time. */
bool    wire_closed(Tester *t, int fd, unsigned timeout_ms);
/* Takes what comes for that long. */
void    wire_pause(Tester *t, unsigned ms);
int64_t wire_now_ms(void);
Heard  *heard_new(const char *data, size_t size);
void    heard_free(Heard *heard);
/* The first request to our LOCATION of that type and target since index since; NULL: none came in
 * time. */
Heard  *await_request(Tester *t, const char *type, const char *target, guint since,
                      unsigned timeout_ms);

/* -- Air (air.c): UDP -------------------------------------------------------------------------- */

bool     ether_open_mouth(Tester *t, GError **error);
/* Once; on t->interface_index. */
bool     ether_open_ear(Tester *t, GError **error);
/* Sends a search; edits as of a letter. Returns its SequenceId. */
uint32_t search(Tester *t, IgrsMessageType type, const char *target, unsigned mx,
                const Edit *edits);
/* For an answer that must come at all: devices may be busy, and so may be the machine of the tester.
 * How soon it has to come is search-mx-beyond's. */
#define ANSWER_MS 5000
/* The device's answer; NULL: none in time. */
Heard   *await_answer(Tester *t, uint32_t sequence, unsigned timeout_ms);
unsigned count_answers(const Tester *t, uint32_t sequence);
void     ether_say(Tester *t, const char *group, uint16_t port, const char *data, size_t size);
/* The letter of such a search, for those who send it elsewhere; the caller's. */
GString *search_letter(Tester *t, IgrsMessageType type, const char *target, unsigned mx,
                       const Edit *edits);
/* Every location that answers a search on the interfaces within that time: "location\tid\tname",
 * owned. */
GPtrArray *ether_look(const char *interface, unsigned ms);

/* -- Report (report.c) ------------------------------------------------------------------------- */

typedef enum { REPORT_LINES, REPORT_TAP, REPORT_JSON } ReportForm;
typedef struct {
    ReportForm form;
    unsigned passed, failed, skipped;
} Report;
void report_begin(Report *report, unsigned count, const Tester *t);
/* failure and skip: NULL: neither. */
void report_rule(Report *report, const Rule *rule, const char *failure, const char *skip);
void report_end(Report *report);
