/* soap.h -- SOAP envelopes, for IGRS and for UPnP
 *
 * IGRS puts one element of its own into an envelope of the 2002 draft of SOAP 1.2 (FACTS.md 2.4);
 * UPnP an action or a fault into one of SOAP 1.1 (UDA 1.1, 3.2). Every envelope namespace is read.
 * An operation and an action have the same form: an element with one child for each argument. */
#pragma once

#include "wire/xml.h"

#define SOAP_NS_1_1 "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP_NS_DRAFT "http://www.w3.org/2002/12/soap-envelope"
#define SOAP_NS_1_2 "http://www.w3.org/2003/05/soap-envelope"
#define SOAP_NS_ENCODING "http://schemas.xmlsoap.org/soap/encoding/"
#define SOAP_ARGUMENTS_MAX 1024

bool soap_is_envelope_namespace(const char *uri);

/* -- Operations ------------------------------------------------------------------------------ */

typedef struct {
    char *name;
    char *value; /* never NULL */
    bool is_xml; /* value is XML (xml_inner) instead of text */
} SoapArgument;

typedef struct {
    char *name;
    char *namespace;      /* NULL: none */
    GPtrArray *arguments; /* SoapArgument, in order; a name may repeat */
} SoapCall;

SoapCall   *soap_call_new(const char *namespace, const char *name);
void        soap_call_free(SoapCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SoapCall, soap_call_free)
void        soap_call_add(SoapCall *call, const char *name, const char *value);
void        soap_call_take(SoapCall *call, const char *name, char *value); /* takes value over */
void soap_call_take_xml(SoapCall *call, const char *name, char *xml);      /* well-formed content */
/* The first of that name; NULL: none. */
const SoapArgument *soap_call_argument(const SoapCall *call, const char *name);
/* Its value; NULL: none. */
const char *soap_call_value(const SoapCall *call, const char *name);

/* For whoever asks over a wire: called once, later. answer holds the out-arguments and is NULL when
 * error is set; both borrowed. */
typedef void (*SoapAnswered)(const SoapCall *answer, const GError *error, gpointer user_data);

void        soap_call_write(const SoapCall *call, XmlWriter *writer);
/* DUO_ERROR_TOO_LARGE beyond SOAP_ARGUMENTS_MAX. */
SoapCall   *soap_call_read(const XmlNode *node, GError **error);

/* -- The envelope of IGRS -------------------------------------------------------------------- */

void           soap_write_start(XmlWriter *writer); /* declaration, Envelope, Body */
void           soap_write_end(XmlWriter *writer);
/* The one child of Body. DUO_ERROR_INVALID: not an envelope, or nothing in it. */
const XmlNode *soap_body(const XmlDocument *document, GError **error);

/* -- The messages of UPnP -------------------------------------------------------------------- */

typedef struct {
    int code;          /* errorCode; 0: not a UPnPError */
    char *description; /* errorDescription, else faultstring; NULL: none */
} SoapFault;

void      soap_fault_clear(SoapFault *fault);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SoapFault, soap_fault_clear)
GString  *soap_encode(const SoapCall *call); /* the caller's */
GString  *soap_encode_fault(int code, const char *description);
/* The action or the response; for a Fault NULL without an error, and fault is filled (zeroed
 * first). Errors: those of xml_parse() and soap_body(). */
SoapCall *soap_decode(const char *data, size_t size, SoapFault *fault, GError **error);
