"""A second, small IGRS device written from igrs/PROFILE.md alone, to hold the one in C against: it
searches, opens pipes and sessions, invokes, and hears notifications. Knows nothing of the C code."""
import http.client, http.server, socket, struct, threading, time, uuid
import urllib.parse, xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

SPEC, SOAP = 'http://www.igrs.org/spec1.0', 'http://www.w3.org/2002/12/soap-envelope'
DEVICE_ID, NIL = 'urn:IGRS:Device:DeviceId:', 'urn:IGRS:Device:DeviceId:' + str(uuid.UUID(int=0))
SERVICE_TYPE = 'urn:IGRS:Service:ServiceType:%s:1'
GROUP, PORT = '239.255.255.250', 3880

ACTIONS = {  # messages that have a body, and their SOAP action
    name: f'"IGRS-{action}"' for name, action in [
        ('GetDeviceDescriptionRequest', 'GetDeviceDescription-Request'),
        ('GetServiceDescriptionRequest', 'GetServiceDescription-Request'),
        ('SearchDeviceRequestOnDevice', 'SearchDevice-Request-OnDevice'),
        ('SearchServiceRequestOnDevice', 'SearchService-Request-OnDevice'),
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

    def post(self, location, type, heads=(), body=None, target=NIL, sequence=None, raw_heads=None):
        """Sends one message to location; heads are further (name, value) of namespace 01."""
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
        lines.append(('Content-Length', str(len(data))))
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
        try:
            connection.putrequest('M-POST', url.path, skip_accept_encoding=True)
            for name, value in raw_heads or lines:
                connection.putheader(name, value)
            connection.endheaders(data)
            reply = Reply(connection.getresponse())
        finally:
            connection.close()
        reply.sequence = sequence
        return reply

    def open_pipe(self, location, target=NIL):
        heads = [('DeviceSecurityId', 'urn:IGRS:DeviceSecurity:NULL')]
        if self.server:
            heads.append(('Location', self.location))
        return self.post(location, 'CreatePipeRequest', heads, target=target)

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

    def serve(self):
        """Takes SendNotification and keep-alive probes; what came is in self.notifications."""
        device = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_M_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                type, sequence = self.headers['01-IGRSMessageType'], self.headers['01-SequenceId']
                self.send_response(200)
                self.send_header('Ext', '')
                if type == 'DeviceOnlineDetectionRequest':
                    for name, value in [('Man', f'"{SPEC}";ns=01'), ('01-IGRSVersion', 'IGRS/1.0'),
                                        ('01-IGRSMessageType', 'DeviceOnlineDetectionResponse'),
                                        ('01-TargetDeviceId', self.headers['01-SourceDeviceId']),
                                        ('01-SourceDeviceId', device.id),
                                        ('01-AcknowledgeId', sequence), ('01-ReturnCode', '200')]:
                        self.send_header(name, value)
                self.send_header('Content-Length', '0')
                self.end_headers()
                if type == 'SendNotification':
                    root = ET.fromstring(body)
                    for attribute in (e for e in root.iter() if local(e.tag) == 'serviceAttribute'):
                        value = find(attribute, 'value')
                        device.notifications.append(
                            (text(attribute, 'name'), ''.join(value.itertext()),
                             int(text(attribute, 'subscriptionId'))))

            def log_message(self, *_):
                pass

        setattr(Handler, 'do_M-POST', Handler.do_M_POST)
        self.server = http.server.ThreadingHTTPServer((self.address, 0), Handler)
        self.location = f'http://{self.address}:{self.server.server_port}/IGRS'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
