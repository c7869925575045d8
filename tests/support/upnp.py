"""A control point of UPnP in Python's own library, for tests: search, description, SOAP, DIDL-Lite, events.
Written from the specifications (UDA 1.1, ContentDirectory:1) and none of our code."""
import http.client, http.server, re, select, socket, struct, threading, time
import urllib.parse, urllib.request
import xml.etree.ElementTree as ET
from html import escape

GROUP = ('239.255.255.250', 1900)
DEVICE, SERVICE = '{urn:schemas-upnp-org:device-1-0}', '{urn:schemas-upnp-org:service-1-0}'
DC, UPNP = '{http://purl.org/dc/elements/1.1/}', '{urn:schemas-upnp-org:metadata-1-0/upnp/}'
DIDL = '{urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/}'

def heads_of(text):
    lines = text.decode('latin-1').split('\r\n')
    return {k.strip().lower(): v.strip() for k, _, v in (line.partition(':') for line in lines[1:] if line)}

def search(address, target='upnp:rootdevice', mx=1, source=None, seconds=None):
    """[(seconds, heads)] of every answer; address: our own on the interface, source: what to send from."""
    out = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        sock.bind((source or address, 0))
        begin = time.monotonic()
        sock.sendto(f'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\n'
                    f'MX: {mx}\r\nST: {target}\r\n\r\n'.encode(), GROUP)
        end = begin + (mx + 1 if seconds is None else seconds)
        while select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
            out.append((time.monotonic() - begin, heads_of(sock.recvfrom(4096)[0])))
    return out

def search6(interface, group='ff02::c', target='upnp:rootdevice', mx=1):
    """[heads] of every answer over IPv6; interface: its name."""
    index = socket.if_nametoindex(interface)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 2)
        sock.sendto(f'M-SEARCH * HTTP/1.1\r\nHOST: [{group}]:1900\r\nMAN: "ssdp:discover"\r\nMX: {mx}\r\n'
                    f'ST: {target}\r\n\r\n'.encode(), (group, 1900, 0, index))
        out, end = [], time.monotonic() + mx + 1
        while select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
            out.append(heads_of(sock.recvfrom(4096)[0]))
        return out

class Ear:
    """Hears what is announced to everybody; alone: on the interface of that address only."""
    def __init__(self, address, alone=False):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(('', 1900))
        self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                             socket.inet_aton(GROUP[0]) + socket.inet_aton(address))
        if alone:
            self.sock.setsockopt(socket.IPPROTO_IP, 49, 0) # IP_MULTICAST_ALL
        self.heard = []

    def hear(self):
        """All NOTIFYs so far."""
        while select.select([self.sock], [], [], 0)[0]:
            data = self.sock.recv(4096)
            if data.startswith(b'NOTIFY'):
                self.heard.append(heads_of(data))
        return self.heard

class UpnpError(Exception):
    def __init__(self, code, words):
        super().__init__(f'{code} {words}')
        self.code = code

class Device:
    """A device by the address of its description."""
    def __init__(self, location):
        self.location = location
        self.text = urllib.request.urlopen(location, timeout=60).read()
        device = ET.fromstring(self.text).find(DEVICE + 'device')
        at = lambda node, name: (node.findtext(DEVICE + name) or '').strip()
        self.udn, self.name, self.type = at(device, 'UDN'), at(device, 'friendlyName'), at(device, 'deviceType')
        self.services = {}
        for node in device.iter(DEVICE + 'service'):
            url = lambda name: urllib.parse.urljoin(location, at(node, name))
            self.services[at(node, 'serviceType').split(':')[3]] = Service(
                at(node, 'serviceType'), url('SCPDURL'), url('controlURL'), url('eventSubURL'))

    def __getattr__(self, name):
        try:
            return self.services[name]
        except KeyError:
            raise AttributeError(name)

class Service:
    def __init__(self, type, scpd, control, events):
        self.type, self.scpd, self.control, self.events = type, scpd, control, events

    def actions(self):
        """{name: [(argument, direction, variable)]}, {variable: (type, is evented)}"""
        root = ET.fromstring(urllib.request.urlopen(self.scpd, timeout=60).read())
        text = lambda node, name: node.findtext(SERVICE + name)
        actions = {text(a, 'name'): [(text(g, 'name'), text(g, 'direction'), text(g, 'relatedStateVariable'))
                                     for g in a.iter(SERVICE + 'argument')] for a in root.iter(SERVICE + 'action')}
        variables = {text(v, 'name'): (text(v, 'dataType'), v.get('sendEvents') == 'yes')
                     for v in root.iter(SERVICE + 'stateVariable')}
        return actions, variables

    def call(self, action, **arguments):
        """The out-arguments; UpnpError."""
        inside = ''.join(f'<{name}>{escape(str(value))}</{name}>' for name, value in arguments.items())
        body = ('<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
                's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
                f'<u:{action} xmlns:u="{self.type}">{inside}</u:{action}></s:Body></s:Envelope>').encode()
        request = urllib.request.Request(self.control, body, {
            'Content-Type': 'text/xml; charset="utf-8"', 'SOAPACTION': f'"{self.type}#{action}"'})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            text = error.read()
            code = re.search(rb'<errorCode>(\d+)', text)
            assert error.code == 500 and code, (error.code, text)
            words = re.search(rb'<errorDescription>([^<]*)', text)
            raise UpnpError(int(code[1]), words and words[1].decode()) from None
        answer = ET.fromstring(text).find('.//{%s}%sResponse' % (self.type, action))
        return {child.tag: child.text or '' for child in answer}

    def fails(self, action, **arguments):
        """The number of the error."""
        try:
            return f'no error but {self.call(action, **arguments)}'
        except UpnpError as error:
            return error.code

class Object:
    def __init__(self, node):
        self.node, self.id, self.parent = node, node.get('id'), node.get('parentID')
        self.is_container = node.tag == DIDL + 'container'
        self.title, self.kind = node.findtext(DC + 'title'), node.findtext(UPNP + 'class')
        self.count = node.get('childCount')
        self.resources = [(res.get('protocolInfo'), res.text, dict(res.attrib)) for res in node.iter(DIDL + 'res')]
        self.art = node.findtext(UPNP + 'albumArtURI')

def browse(directory, id='0', flag='BrowseDirectChildren', start=0, count=0, filter='*', sort=''):
    """(objects, total)"""
    return _page(directory.call('Browse', ObjectID=id, BrowseFlag=flag, Filter=filter, StartingIndex=start,
                                RequestedCount=count, SortCriteria=sort))

def find(directory, criteria, id='0', start=0, count=0, filter='*', sort=''):
    return _page(directory.call('Search', ContainerID=id, SearchCriteria=criteria, Filter=filter,
                                StartingIndex=start, RequestedCount=count, SortCriteria=sort))

def _page(out):
    objects = [Object(node) for node in ET.fromstring(out['Result'])]
    assert len(objects) == int(out['NumberReturned']), out
    return objects, int(out['TotalMatches'])

def walk(directory, page=50):
    """{id: Object} of all there is, every list read page by page and held against its count."""
    root, _ = browse(directory, '0', 'BrowseMetadata')
    seen, todo = {'0': root[0]}, ['0']
    assert root[0].parent == '-1', root[0].parent
    while todo:
        id, start = todo.pop(), 0
        while True:
            objects, total = browse(directory, id, start=start, count=page)
            start += len(objects)
            for found in objects:
                assert found.title and found.kind and found.kind.startswith('object.'), ET.tostring(found.node)
                assert not re.search('[%/&]', found.id), found.id
                if found.is_container and found.id not in seen:
                    todo.append(found.id)
                seen.setdefault(found.id, found)
            if start >= total or not objects:
                break
        assert start == total, (id, start, total)
        assert seen[id].count == str(total), (id, seen[id].count, total)
    return seen

class Subscriber:
    """Hears the events of services; values holds the latest of each variable."""
    def __init__(self, address):
        self.address, self.events, self.values = address, [], {}
        outer = self
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_NOTIFY(self):
                text = self.rfile.read(int(self.headers['Content-Length']))
                new = {child.tag: child.text or '' for child in ET.fromstring(text).iter() if len(child) == 0}
                outer.events.append((self.headers['SID'], int(self.headers['SEQ']), new))
                outer.values.update(new)
                self.send_response(200)
                self.send_header('Content-Length', '0')
                self.end_headers()
            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ask(self, service, method='SUBSCRIBE', **heads):
        """(status, heads) of one request to the event address."""
        url = urllib.parse.urlsplit(service.events)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        connection.request(method, url.path, headers={name: value for name, value in heads.items()})
        reply = connection.getresponse()
        reply.read()
        connection.close()
        return reply.status, reply.headers

    def subscribe(self, service, seconds=300):
        """The SID."""
        status, heads = self.ask(service, CALLBACK=f'<http://{self.address}:{self.server.server_port}/>',
                                 NT='upnp:event', TIMEOUT=f'Second-{seconds}')
        assert status == 200, status
        return heads['SID']
