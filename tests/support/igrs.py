"""A second, small IGRS device written from docs/igrs/PROFILE.md alone, to hold the one in C against: it
searches, opens pipes and sessions, invokes, and hears notifications; with a pairing key it opens and
serves authenticated pipes, with a certificate pipes inside TLS. Knows nothing of the C code."""
import base64, hashlib, hmac, http.client, http.server, os, socket, ssl, struct, subprocess, tempfile
import threading, time, uuid
import urllib.parse, xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

SPEC, SOAP = 'http://www.igrs.org/spec1.0', 'http://www.w3.org/2002/12/soap-envelope'
DEVICE_ID, NIL = 'urn:IGRS:Device:DeviceId:', 'urn:IGRS:Device:DeviceId:' + str(uuid.UUID(int=0))
SERVICE_TYPE = 'urn:IGRS:Service:ServiceType:%s:1'
GROUP, PORT = '239.255.255.250', 3880
NULL, PSK = 'urn:IGRS:DeviceSecurity:NULL', 'urn:IGRS:DeviceSecurity:PSK-HMAC-SHA256'
TLS, TLS_PSK = 'urn:IGRS:DeviceSecurity:TLS', 'urn:IGRS:DeviceSecurity:TLS-PSK-HMAC-SHA256'
HANDSHAKE = ('CreatePipeRequest', 'AuthenticateRequest', 'AuthenticateResultRequest')

ACTIONS = {  # messages that have a body, and their SOAP action
    name: f'"IGRS-{action}"' for name, action in [
        ('GetDeviceDescriptionRequest', 'GetDeviceDescription-Request'),
        ('GetServiceDescriptionRequest', 'GetServiceDescription-Request'),
        ('SearchDeviceRequestOnDevice', 'SearchDevice-Request-OnDevice'),
        ('SearchServiceRequestOnDevice', 'SearchService-Request-OnDevice'),
        ('SubscribeDeviceEventRequest', 'SubscribeDeviceEvent-Request'),
        ('RenewSubscriptionDeviceEventRequest', 'RenewSubscriptionDeviceEvent-Request'),
        ('SubscribeServiceEventRequest', 'SubscribeServiceEvent-Request'),
        ('UnSubscribeDeviceEventNotify', 'UnSubscribeDeviceEvent-Notify'),
        ('RegisterServiceNotify', 'RegisterService-Notify'),
        ('UnRegisterServiceNotify', 'UnRegisterService-Notify'),
        ('ApplySessionKeyRequest', 'ApplySessionKey-Request'),
        ('TransferSessionKeyRequest', 'TransferSessionKey-Request'),
        ('CreateSessionRequest', 'CreateSession-Request'),
        ('DestroySessionNotify', 'DestroySession-Notify'),
        ('InvokeServiceRequest', 'InvokeService-Request')]}

def local(tag):
    return tag.rsplit('}', 1)[-1]

def find(element, name):
    """The first element of that local name below element, itself included."""
    return next((e for e in element.iter() if local(e.tag) == name), None)

def text(element, name):
    found = find(element, name) if element is not None else None
    return None if found is None else found.text or ''

# -- Security (PROFILE section 4)

def mac(key, *parts):
    return hmac.new(key, b''.join(p if isinstance(p, bytes) else p.encode() for p in parts),
                    hashlib.sha256).digest()

def base64_of(octets):
    return base64.b64encode(octets).decode()

def certificate():
    """(context of a server, SHA-256) of a new certificate signed by itself."""
    with tempfile.TemporaryDirectory() as folder:
        crt, key = os.path.join(folder, 'crt'), os.path.join(folder, 'key')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                        '-nodes', '-keyout', key, '-out', crt, '-days', '30', '-subj', '/CN=device'],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(crt, key)
        with open(crt) as file:
            return context, hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest()

def connect(url, fingerprint):
    """Inside TLS, to whoever shows the certificate of that SHA-256, and to nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=60, context=context)
    connection.connect()
    shown = hashlib.sha256(connection.sock.getpeercert(True)).digest()
    if shown != fingerprint:
        connection.close()
        raise ConnectionError('another certificate')
    return connection

class Seal:
    """The key of an authenticated pipe, on the side of 'A' (who began it) or 'B'."""
    def __init__(self, key, na, nb, side):
        self.key, self.side, self.numbers = mac(key, 'igrs-pipe', na, nb), side, set()

    def sign(self, type, number, body=b'', side=None):
        return base64_of(mac(self.key, side or self.side, type, str(number), body))

    def is_signed(self, heads, body):
        """By the other side."""
        number = heads.get('01-SequenceId') or heads.get('01-AcknowledgeId')
        return heads.get('01-Signature') == self.sign(heads.get('01-IGRSMessageType'), number, body,
                                                      'B' if self.side == 'A' else 'A')

class Datagram:
    def __init__(self, data, source):
        head, _, self.body = data.partition(b'\r\n\r\n')
        self.source, lines = source, head.decode().split('\r\n')
        self.start, self.heads = lines[0], {}
        for line in lines[1:]:
            name, _, value = line.partition(':')
            self.heads.setdefault(name.strip().lower(), []).append(value.strip())

    def head(self, name):
        return self.heads.get(name.lower(), [None])[0]

    @property
    def type(self):
        return self.head('01-IGRSMessageType')

class Reply:
    def __init__(self, reply):
        self.status, self.heads, body = reply.status, reply.headers, reply.read()
        self.body = ET.fromstring(body) if body and 'xml' in self.heads.get('Content-Type', '') else None
        self.raw = body

    @property
    def code(self):
        code = self.heads.get('01-ReturnCode') or text(self.body, 'ReturnCode')
        return int(code) if code else None

class Listener:
    """What is multicast on the link, as it comes."""
    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(('', PORT))
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                               socket.inet_aton(GROUP) + socket.inet_aton(address))
        self.heard = []
        threading.Thread(target=self._listen, daemon=True).start()

    @classmethod
    def by_ipv6(cls, interface, group='ff02::c'):
        """The same on the link by IPv6."""
        self = cls.__new__(cls)
        index = socket.if_nametoindex(interface)
        self.socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.socket.bind(('::', PORT))
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                               socket.inet_pton(socket.AF_INET6, group) + struct.pack('@I', index))
        self.heard = []
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self):
        while True:
            data, source = self.socket.recvfrom(65536)
            self.heard.append(Datagram(data, source))

    def find(self, type, device_id=None):
        return [d for d in self.heard if d.type == type and
                (device_id is None or d.head('01-SourceDeviceId') == device_id)]

class Device:
    def __init__(self, address):
        self.address, self.id = address, DEVICE_ID + str(uuid.uuid4())
        self.sequence, self.notifications, self.server = 1000, [], None
        self.connections = {}
        self.key, self.seals = None, {}  # the pairing key; DeviceId -> Seal of the pipe to it
        self.context, self.fingerprint = None, None  # of our certificate, where we serve inside TLS
        self.came_inside = []  # (type, is it) of the same
        self.inside = {}  # DeviceId -> (location, SHA-256) of a pipe inside TLS
        self.heard = []  # (type, is it signed as it has to be; None: there is no seal) that came to serve()

    # -- Discovery

    def search(self, target='isdp:all', type='SearchDeviceRequest', seconds=2.5, mx=1, enough=None):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.address))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        sock.settimeout(0.2)
        self.sequence += 1
        sock.sendto('\r\n'.join([
            'M-SEARCH * HTTP/1.1', f'HOST: {GROUP}:{PORT}', 'MAN: "isdp:discover"', f'MX: {mx}',
            f'ST: {target}', f'MAN: "{SPEC}";ns=01', '01-IGRSVersion: IGRS/1.0',
            f'01-IGRSMessageType: {type}', f'01-SourceDeviceId: {self.id}',
            f'01-SequenceId: {self.sequence}', '', '']).encode(), (GROUP, PORT))
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end and not (enough and len(found) >= enough):
            try:
                found.append(Datagram(*sock.recvfrom(65536)))
            except socket.timeout:
                pass
        sock.close()
        return found

    # -- Requests

    def post(self, location, type, heads=(), body=None, target=NIL, sequence=None, raw_heads=None,
             signature=True, is_outside=False):
        """Sends one message to location; heads are further (name, value) of namespace 01. On an
        authenticated pipe it is signed; signature is what to say instead, or None for nothing. A pipe
        inside TLS goes there, unless is_outside says otherwise."""
        url = urllib.parse.urlsplit(location)
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        lines = [('Man', f'"{SPEC}";ns=01'), ('01-IGRSVersion', 'IGRS/1.0'),
                 ('01-IGRSMessageType', type), ('01-TargetDeviceId', target),
                 ('01-SourceDeviceId', self.id), ('01-SequenceId', str(sequence))]
        lines += [('01-' + name, value) for name, value in heads]
        data = b''
        if body is not None:
            data = (f'<?xml version="1.0" encoding="utf-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}" '
                    'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body>'
                    f'{body.format(sequence=sequence)}</SOAP-ENV:Body></SOAP-ENV:Envelope>').encode()
            lines += [('Content-Type', 'text/xml; charset=utf-8'), ('Man', f'"{SOAP}";ns=02'),
                      ('02-SoapAction', ACTIONS[type])]
        place = self.inside.get(target) if not is_outside else None
        if place:
            url = urllib.parse.urlsplit(place[0])
        seal = self.seals.get(target) if type not in HANDSHAKE else None
        if signature is True:
            signature = seal.sign(type, sequence, data) if seal else None
        if signature:
            lines.append(('01-Signature', signature))
        lines.append(('Content-Length', str(len(data))))
        connection = connect(url, place[1]) if place else \
            http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        try:
            connection.putrequest('M-POST', url.path, skip_accept_encoding=True)
            for name, value in raw_heads or lines:
                connection.putheader(name, value)
            connection.endheaders(data)
            reply = Reply(connection.getresponse())
        finally:
            connection.close()
        reply.sequence, reply.signature = sequence, signature
        is_sealed = seal and '01-IGRSMessageType' in reply.heads  # not the bare 200 of a notify
        reply.is_signed = seal.is_signed(reply.heads, reply.raw) if is_sealed else None
        return reply

    def open_pipe(self, location, target=NIL, offer=NULL):
        """Outside, and once more inside TLS where the peer chose that."""
        heads = [('DeviceSecurityId', offer)]
        if self.server:
            heads.append(('Location', self.location))
        self.inside.pop(target, None)
        reply = self.post(location, 'CreatePipeRequest', heads, target=target)
        choice = reply.heads.get('01-DeviceSecurityId')
        if reply.code != 200 or choice not in (TLS, TLS_PSK):
            return reply
        place = reply.heads['01-Location']
        assert place.startswith('https://') and \
            urllib.parse.urlsplit(place).hostname == urllib.parse.urlsplit(location).hostname, place
        self.inside[target] = place, base64.b64decode(reply.heads['01-Certificate'], validate=True)
        heads = [('DeviceSecurityId', offer), ('Location', self.inside_location),
                 ('Certificate', base64_of(self.fingerprint))]
        reply = self.post(location, 'CreatePipeRequest', heads, target=target)
        assert reply.heads.get('01-DeviceSecurityId') == choice, 'the choice is the same inside'
        return reply

    def open_secure_pipe(self, location, target, key=None, offer=PSK + ',' + NULL, transcript=None):
        """The whole handshake; the last reply, or the first that is a refusal. transcript is the
        offer to be signed when it is not the one that is sent."""
        key = key or self.key
        reply = self.open_pipe(location, target, offer)
        if reply.code != 200:
            return reply
        choice, na = reply.heads['01-DeviceSecurityId'], os.urandom(32)
        assert choice in (PSK, TLS_PSK), choice
        shown = (self.fingerprint, self.inside[target][1]) if choice == TLS_PSK else ()
        reply = self.post(location, 'AuthenticateRequest', [('Challenge', base64_of(na))], target=target)
        if reply.code != 200:
            return reply
        nb = base64.b64decode(reply.heads['01-Challenge'], validate=True)
        common = (transcript or offer, choice, self.id, target, na, nb, *shown)
        reply.is_proof = reply.heads['01-AuthData'] == base64_of(mac(key, 'igrs-B', *common))
        reply = self.post(location, 'AuthenticateResultRequest',
                          [('AuthData', base64_of(mac(key, 'igrs-A', *common)))], target=target)
        if reply.code != 200:
            return reply
        before, self.seals[target] = self.seals.get(target), Seal(key, na, nb, 'A')
        reply = self.post(location, 'CreatePipeResultRequest', target=target)
        if reply.code != 200:
            self.seals[target] = before
        return reply

    def open_session(self, location, service, client=17, target=NIL):
        return self.post(location, 'CreateSessionRequest', body=(
            f'<Session xmlns="{SPEC}"><SourceClientId>{client}</SourceClientId><TargetServiceId>{service}'
            '</TargetServiceId><SequenceId>{sequence}</SequenceId><UserInfo><SourceUserId>NULL'
            '</SourceUserId><ServiceSecurityId>urn:IGRS:ServiceSecurity:NULL</ServiceSecurityId><Token>'
            '</Token></UserInfo></Session>'), target=target)

    def close_session(self, location, service, client=17, target=NIL):
        return self.post(location, 'DestroySessionNotify', body=(
            f'<Session xmlns="{SPEC}"><SourceClientId>{client}</SourceClientId><TargetServiceId>{service}'
            '</TargetServiceId><SequenceId>{sequence}</SequenceId></Session>'), target=target)

    def invoke(self, location, service, service_type, operation, arguments, client=17, target=NIL):
        inner = ''.join(f'<{name}>{escape(str(value))}</{name}>' for name, value in arguments)
        inner = inner.replace('{', '{{').replace('}', '}}')
        return self.post(location, 'InvokeServiceRequest', body=(
            f'<Session xmlns="{SPEC}"><SourceClientId>{client}</SourceClientId><TargetServiceId>{service}'
            '</TargetServiceId><SequenceId>{sequence}</SequenceId><InvokeArguments>'
            f'<u:{operation} xmlns:u="{SERVICE_TYPE % service_type}">{inner}</u:{operation}>'
            '</InvokeArguments></Session>'), target=target)

    def subscribe(self, location, service, service_type, names, client=17, callback=None, target=NIL):
        inner = ''.join(f'<name>{name}</name>' for name in names)
        expires = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 300))
        return self.post(location, 'InvokeServiceRequest', body=(
            f'<Session xmlns="{SPEC}"><SourceClientId>{client}</SourceClientId><TargetServiceId>{service}'
            '</TargetServiceId><SequenceId>{sequence}</SequenceId><InvokeArguments>'
            f'<u:subscribe xmlns:u="{SERVICE_TYPE % service_type}"><subscribeExpression>'
            f'<subscribeServiceAttributeByNames>{inner}</subscribeServiceAttributeByNames>'
            f'</subscribeExpression><location>{callback or self.location}</location>'
            f'<expirationTime>{expires}</expirationTime></u:subscribe></InvokeArguments></Session>'),
            target=target)

    # -- The other direction

    def serve(self, description=None, with_tls=False):
        """Takes what a device is asked: pipes with and without security, keep-alive probes, sessions,
        SendNotification. What came is in self.heard and self.notifications, and whether it came inside
        TLS in self.came_inside; description is served by GET."""
        device = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                data = (description() if description else '').encode()
                self.send_response(200 if data else 404)
                self.send_header('Content-Type', 'text/xml; charset=utf-8')
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_M_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                is_inside = isinstance(self.connection, ssl.SSLSocket)
                type, heads, data = device._answer(self.headers, body, is_inside)
                number = self.headers['01-SequenceId']
                seal = device.seals.get(self.headers['01-SourceDeviceId'])
                self.send_response(200)
                self.send_header('Ext', '')
                if type:
                    lines = [('Man', f'"{SPEC}";ns=01'), ('01-IGRSVersion', 'IGRS/1.0'),
                             ('01-IGRSMessageType', type),
                             ('01-TargetDeviceId', self.headers['01-SourceDeviceId']),
                             ('01-SourceDeviceId', device.id), ('01-AcknowledgeId', number)]
                    lines += [('01-' + name, value) for name, value in heads]
                    if seal and type.replace('Response', 'Request') not in HANDSHAKE:
                        lines.append(('01-Signature', seal.sign(type, number, data)))
                    if data:
                        lines.append(('Content-Type', 'text/xml; charset=utf-8'))
                    for name, value in lines:
                        self.send_header(name, value)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        setattr(Handler, 'do_M-POST', Handler.do_M_POST)
        self.server = http.server.ThreadingHTTPServer((self.address, 0), Handler)
        self.location = f'http://{self.address}:{self.server.server_port}/IGRS'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        if with_tls:
            self.context, self.fingerprint = certificate()
            inside = http.server.ThreadingHTTPServer((self.address, 0), Handler)
            inside.socket = self.context.wrap_socket(inside.socket, server_side=True)
            self.inside_location = f'https://{self.address}:{inside.server_port}/IGRS'
            threading.Thread(target=inside.serve_forever, daemon=True).start()

    def _answer(self, heads, body, is_inside=False):
        """(type, further heads, body) of the answer to a message; (None, ...) to a notify."""
        type, peer = heads['01-IGRSMessageType'], heads['01-SourceDeviceId']
        code, more = 200, []
        if type == 'CreatePipeRequest':
            offer = heads['01-DeviceSecurityId']
            ways = [w for w, needs_key, needs_tls in ((TLS_PSK, True, True), (PSK, True, False),
                    (TLS, False, True), (NULL, False, False)) if w in offer.split(',') and
                    (self.key or not needs_key) and (self.context or not needs_tls)]
            choice = ways[0]
            self.pending = {'offer': offer, 'choice': choice, 'shown': ()}
            more = [('DeviceSecurityId', choice)]
            if choice in (TLS, TLS_PSK):
                more += [('Location', self.inside_location), ('Certificate', base64_of(self.fingerprint))]
            if choice in (TLS, TLS_PSK) and is_inside:
                shown = base64.b64decode(heads['01-Certificate'], validate=True)
                self.inside[peer] = heads['01-Location'], shown
                self.pending['shown'] = shown, self.fingerprint
        elif type == 'AuthenticateRequest':
            na, nb = base64.b64decode(heads['01-Challenge'], validate=True), os.urandom(32)
            common = (self.pending['offer'], self.pending['choice'], peer, self.id, na, nb, *self.pending['shown'])
            self.pending.update(common=common, na=na, nb=nb)
            more = [('Challenge', base64_of(nb)),
                    ('AuthData', base64_of(mac(self.key, 'igrs-B', *common)))]
        elif type == 'AuthenticateResultRequest':
            proof = base64_of(mac(self.key, 'igrs-A', *self.pending['common']))
            code = 200 if heads['01-AuthData'] == proof else 401
            if code == 200:
                self.seals[peer] = Seal(self.key, self.pending['na'], self.pending['nb'], 'B')
        seal = self.seals.get(peer) if type not in HANDSHAKE else None
        is_signed = seal.is_signed(heads, body) if seal else None
        if seal:
            is_signed = is_signed and heads['01-SequenceId'] not in seal.numbers
            seal.numbers.add(heads['01-SequenceId'])
        self.heard.append((type, is_signed))
        self.came_inside.append((type, is_inside))
        if type == 'SendNotification' and is_signed is not False:
            for attribute in (e for e in ET.fromstring(body).iter() if local(e.tag) == 'serviceAttribute'):
                value = find(attribute, 'value')
                self.notifications.append((text(attribute, 'name'), ''.join(value.itertext()),
                                           int(text(attribute, 'subscriptionId'))))
        if not type.endswith('Request'):
            return None, [], b''
        reply = type.replace('Request', 'Response')
        data = b''
        if type in ('CreateSessionRequest', 'InvokeServiceRequest'):
            code = 200 if type == 'CreateSessionRequest' else 405
            session = ET.fromstring(body)
            data = (f'<?xml version="1.0" encoding="utf-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}">'
                    f'<SOAP-ENV:Body><Session xmlns="{SPEC}"><SourceServiceId>'
                    f'{text(session, "TargetServiceId")}</SourceServiceId><TargetClientId>'
                    f'{text(session, "SourceClientId")}</TargetClientId><AcknowledgeId>'
                    f'{heads["01-SequenceId"]}</AcknowledgeId><ReturnCode>{code}</ReturnCode></Session>'
                    '</SOAP-ENV:Body></SOAP-ENV:Envelope>').encode()
        return reply, [('ReturnCode', str(code)), *more], data

    def advertise(self, device_type, name):
        """Says on the link that it is there; serve() comes first."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.address))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        self.sequence += 1
        sock.sendto('\r\n'.join([
            'NOTIFY * HTTP/1.1', f'HOST: {GROUP}:{PORT}', 'NTS: isdp:alive', f'NT: {device_type}',
            f'USN: {self.id}::{device_type}', f'LOCATION: {self.location}', 'CACHE-CONTROL: max-age=1800',
            f'MAN: "{SPEC}";ns=01', '01-IGRSVersion: IGRS/1.0',
            '01-IGRSMessageType: DeviceOnlineAdvertisement', f'01-SourceDeviceId: {self.id}',
            f'01-SequenceId: {self.sequence}', f'01-DeviceType: {device_type}', f'01-DeviceName: {name}',
            f'01-DeviceSecurityId: {(TLS_PSK + "," + PSK + "," + TLS) if self.context else PSK},{NULL}', '', '']).encode(), (GROUP, PORT))
        sock.close()
