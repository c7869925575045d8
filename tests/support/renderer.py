"""A MediaRenderer on paper that is as hard to please as real sets are: each habit is an attribute that a test may set
at any time. It keeps time, fetches nothing but what it is told to, and writes down what it is told."""
import http.client, http.server, re, socket, threading, time, urllib.parse, urllib.request
from html import escape, unescape
import upnp

TYPE = 'urn:schemas-upnp-org:device:MediaRenderer:1'
URNS = {name: f'urn:schemas-upnp-org:service:{name}:1' for name in ('AVTransport', 'RenderingControl', 'ConnectionManager')}

class Refusal(Exception):
    pass

class Server(http.server.ThreadingHTTPServer):
    """Ends with all its connections, as a device does that is switched off."""
    def __init__(self, *arguments):
        self.connections = set()
        super().__init__(*arguments)

    def process_request(self, request, address):
        self.connections.add(request)
        super().process_request(request, address)

    def shutdown_request(self, request):
        self.connections.discard(request)
        super().shutdown_request(request)

    def end(self):
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError: # it has ended meanwhile
                pass

    def handle_error(self, request, address):
        pass # a peer that hangs up is nothing to tell of

def kind_of(metadata):
    """Which rung of the ladder a description is from."""
    return 'none' if not metadata else 'full' if 'size=' in metadata else 'minimal'

class Renderer:
    def __init__(self, address, name, model='Hard to please', uuid=None, **habits):
        self.address, self.name, self.model = address, name, model
        self.uuid = uuid or f'5b2e1d7a-7f0e-4c1e-9d3a-{abs(hash(name)) % 10 ** 12:012d}'
        # Habits:
        self.events = 'plain'        # 'refused', 'silent', 'plain', 'doubled', 'instances'
        self.likes = ('video/mp4', 'video/x-matroska', 'audio/mpeg', 'audio/flac', 'image/jpeg')
        self.takes = ('full', 'minimal', 'none')
        self.shows = ('full', 'minimal', 'none') # what else it takes it does not play
        self.refuses = None          # the number it refuses every address with that is not in wanted
        self.wanted = ''             # a part of the addresses it takes
        self.is_curious = False      # fetches the beginning before it refuses
        self.not_ready = 0           # so many times Play is refused with 701
        self.unlisted = 0            # so many times Play is not among the actions; None: there is no such list
        self.next = None             # SetNextAVTransportURI: None, 'lies', 'works'
        self.volume_max = 100
        self.is_forgetful = False    # muted its volume is 0, and it stays so
        self.units = ('REL_TIME',)
        self.seconds = 20
        self.__dict__.update(habits)
        # State:
        self.told, self.asked = [], []
        self.state, self.health, self.uri, self.metadata, self.next_uri = 'NO_MEDIA_PRESENT', 'OK', '', '', ''
        self.volume, self.muted, self.base, self.since = 10, False, 0, time.monotonic()
        self.subscribers, self.lock, self.boot = {}, threading.RLock(), 1
        self.server = Server((address, 0), self.handler())
        for target in (self.server.serve_forever, self.live):
            threading.Thread(target=target, daemon=True).start()

    # -- The player ------------------------------------------------------------------------------

    def position(self):
        return self.base + (time.monotonic() - self.since if self.state == 'PLAYING' else 0)

    def be(self, state, position=None):
        """Its state from now on, and where it stands."""
        with self.lock:
            self.base, self.since = self.position() if position is None else position, time.monotonic()
            changed, self.state = state != self.state, state
        if changed:
            self.tell('AVTransport')

    def stand(self, before_end):
        """It is so many seconds before the end of what plays."""
        self.be(self.state, self.seconds - before_end)

    def press_stop(self):
        """Somebody with the remote control."""
        self.be('STOPPED', 0)

    def turn(self, volume):
        self.volume = volume
        self.tell('RenderingControl')

    def play_other(self, uri):
        """Another control point gives it something."""
        self.uri, self.metadata = uri, ''
        self.be('PLAYING', 0)
        self.tell('AVTransport')

    def live(self):
        while True:
            time.sleep(0.1)
            if self.state != 'PLAYING' or self.position() < self.seconds:
                continue
            if self.next == 'works' and self.next_uri:
                self.uri, self.metadata, self.next_uri = self.next_uri, '', ''
                self.be('PLAYING', 0)
                self.tell('AVTransport')
            else:
                self.be('STOPPED', 0)

    # -- Events ----------------------------------------------------------------------------------

    def changes(self, service):
        clock = lambda seconds: f'{int(seconds) // 3600}:{int(seconds) // 60 % 60:02d}:{int(seconds) % 60:02d}'
        values = ([('TransportState', '', self.state), ('TransportStatus', '', self.health),
                   ('AVTransportURI', '', self.uri), ('CurrentTrackURI', '', self.uri),
                   ('CurrentTrackDuration', '', clock(self.seconds if self.uri else 0))] if service == 'AVTransport' else
                  [('Volume', ' channel="Master"', self.volume), ('Volume', ' channel="LF"', 1),
                   ('Mute', ' channel="Master"', int(self.muted))])
        body = ''.join(f'<{name}{channel} val="{escape(str(value))}"/>' for name, channel, value in values)
        noise = '<TransportState val="STOPPED"/><Volume channel="Master" val="1"/><CurrentTrackURI val="http://noise/"/>'
        many = self.events == 'instances'
        return '<Event xmlns="urn:wrong">' + (f'<InstanceID val="7">{noise}</InstanceID>' if many else '') + \
            f'<InstanceID val="0">{body}</InstanceID>' + (f'<InstanceID val="9">{noise}</InstanceID>' if many else '') + \
            '</Event>'

    def tell(self, service, sid=None):
        if self.events in ('refused', 'silent'):
            return
        change = escape(self.changes(service))
        if self.events == 'doubled':
            change = escape(change)
        body = ('<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property><LastChange>'
                f'{change}</LastChange></e:property></e:propertyset>').encode()
        for other, subscriber in list(self.subscribers.items()):
            if subscriber['service'] == service and sid in (None, other):
                seq, subscriber['seq'] = subscriber['seq'], subscriber['seq'] + 1
                threading.Thread(target=self.notify, args=(subscriber['url'], other, seq, body), daemon=True).start()

    def notify(self, url, sid, seq, body):
        time.sleep(0.05 if seq == 0 else 0) # after the answer to SUBSCRIBE
        parts = urllib.parse.urlsplit(url)
        try:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60, source_address=(self.address, 0))
            connection.request('NOTIFY', parts.path, body, {
                'NT': 'upnp:event', 'NTS': 'upnp:propchange', 'SID': sid, 'SEQ': str(seq), 'Content-Type': 'text/xml'})
            connection.getresponse().read()
        except OSError:
            pass

    # -- Actions ---------------------------------------------------------------------------------

    def act(self, action, value):
        """The out-arguments; Refusal."""
        time_of = lambda seconds: f'{int(seconds) // 3600:02d}:{int(seconds) // 60 % 60:02d}:{int(seconds) % 60:02d}'
        if action == 'SetAVTransportURI':
            uri, metadata = value('CurrentURI'), value('CurrentURIMetaData')
            if self.is_curious:
                urllib.request.urlopen(urllib.request.Request(uri, headers={'Range': 'bytes=0-9'})).read()
            if self.refuses and (not self.wanted or self.wanted not in uri):
                raise Refusal(self.refuses)
            if kind_of(metadata) not in self.takes:
                raise Refusal(714)
            self.uri, self.metadata, self.health, self.next_uri = uri, metadata, 'OK', ''
            self.be('STOPPED', 0)
        elif action == 'SetNextAVTransportURI' and self.next:
            self.next_uri = value('NextURI')
        elif action == 'Play':
            if not self.uri or self.not_ready > 0:
                self.not_ready -= 1
                raise Refusal(701)
            if kind_of(self.metadata) not in self.shows:
                self.health = 'ERROR_OCCURRED'
            else:
                self.be('PLAYING')
        elif action == 'Pause':
            if self.state != 'PLAYING':
                raise Refusal(701)
            self.be('PAUSED_PLAYBACK')
        elif action == 'Stop':
            self.be('STOPPED' if self.uri else self.state, 0)
        elif action == 'Seek':
            if value('Unit') not in self.units:
                raise Refusal(710)
            if not re.fullmatch(r'\d+:\d\d:\d\d', value('Target')):
                raise Refusal(711)
            self.be(self.state, sum(int(p) * u for p, u in zip(value('Target').split(':'), (3600, 60, 1))))
        elif action == 'GetTransportInfo':
            return {'CurrentTransportState': self.state, 'CurrentTransportStatus': self.health, 'CurrentSpeed': 1}
        elif action == 'GetPositionInfo':
            return {'TrackURI': self.uri, 'TrackDuration': time_of(self.seconds if self.uri else 0),
                    'RelTime': time_of(self.position())}
        elif action == 'GetCurrentTransportActions' and self.unlisted is not None:
            self.unlisted -= 1
            return {'Actions': 'Stop' if self.unlisted >= 0 else 'PLAY,STOP'}
        elif action == 'GetVolume':
            return {'CurrentVolume': self.volume}
        elif action == 'GetMute':
            return {'CurrentMute': int(self.muted)}
        elif action == 'SetVolume':
            self.turn(int(value('DesiredVolume')))
        elif action == 'SetMute':
            self.muted = value('DesiredMute') == '1'
            if self.muted and self.is_forgetful:
                self.volume = 0
            self.tell('RenderingControl')
        elif action == 'GetProtocolInfo':
            return {'Source': '', 'Sink': ','.join(f'http-get:*:{mime}:*' for mime in self.likes)}
        else:
            raise Refusal(401)
        return {}

    # -- HTTP ------------------------------------------------------------------------------------

    def description(self):
        services = ''.join(
            f'<service><serviceType>{urn}</serviceType><serviceId>{name}</serviceId><SCPDURL>/{name}.xml</SCPDURL>'
            f'<controlURL>/{name}</controlURL><eventSubURL>/{name}</eventSubURL></service>' for name, urn in URNS.items())
        return (f'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>{TYPE}</deviceType>'
                f'<friendlyName>{self.name}</friendlyName><manufacturer>M</manufacturer><modelName>{self.model}</modelName>'
                f'<UDN>uuid:{self.uuid}</UDN><serviceList>{services}</serviceList></device></root>')

    def scpd(self):
        """One for all services: it lists the actions that differ, and the range of the volume."""
        actions = 'Play Stop SetAVTransportURI'.split() + (['SetNextAVTransportURI'] if self.next else [])
        return ('<scpd xmlns="urn:schemas-upnp-org:service-1-0"><actionList>' +
                ''.join(f'<action><name> {a} </name></action>' for a in actions) + '</actionList><serviceStateTable>'
                '<stateVariable><name>Volume</name><dataType>ui2</dataType><allowedValueRange><minimum>0</minimum>'
                f'<maximum>{self.volume_max}</maximum></allowedValueRange></stateVariable></serviceStateTable></scpd>')

    def handler(outer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                self.reply(200, outer.description() if self.path == '/d.xml' else outer.scpd())

            def do_SUBSCRIBE(self):
                if outer.events == 'refused':
                    return self.reply(501, '')
                sid, service = self.headers['SID'], self.path.strip('/')
                if sid is None:
                    sid = f'uuid:{len(outer.subscribers)}-{time.monotonic_ns()}'
                    outer.subscribers[sid] = {'service': service, 'seq': 0, 'url': self.headers['CALLBACK'].strip('<>')}
                    outer.tell(service, sid)
                elif sid not in outer.subscribers:
                    return self.reply(412, '')
                self.reply(200, '', SID=sid, TIMEOUT='Second-300')

            def do_UNSUBSCRIBE(self):
                outer.subscribers.pop(self.headers['SID'], None)
                self.reply(200, '')

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length'])).decode()
                urn, action = self.headers['SOAPACTION'].strip('"').split('#')
                value = lambda name: unescape((re.search(f'<{name}>(.*?)</{name}>', body, re.S) or ['', ''])[1])
                (outer.asked if action.startswith('Get') else outer.told).append(action)
                try:
                    out = ''.join(f'<{name}>{escape(str(text))}</{name}>' for name, text in outer.act(action, value).items())
                    status, inside = 200, f'<u:{action}Response xmlns:u="{urn}">{out}</u:{action}Response>'
                except Refusal as refusal:
                    status, inside = 500, ('<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring>'
                                           f'<detail><UPnPError><errorCode>{refusal}</errorCode></UPnPError></detail></s:Fault>')
                self.reply(status, '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
                                   f'{inside}</s:Body></s:Envelope>')

            def reply(self, status, text, **heads):
                self.send_response(status)
                self.send_header('Content-Type', 'text/xml')
                self.send_header('Content-Length', str(len(text.encode())))
                for name, value in heads.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass
        return Handler

    # -- SSDP ------------------------------------------------------------------------------------

    @property
    def location(self):
        return f'http://{self.address}:{self.server.server_port}/d.xml'

    def announce(self, kind='ssdp:alive', location=None):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.address))
            sock.sendto(f'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n'
                        f'LOCATION: {location or self.location}\r\nNT: {TYPE}\r\nNTS: {kind}\r\nBOOTID.UPNP.ORG: {self.boot}\r\n'
                        f'USN: uuid:{self.uuid}::{TYPE}\r\n\r\n'.encode(), upnp.GROUP)

    def restart(self):
        """It forgets its subscribers and what it played, at another port, and says so."""
        self.subscribers.clear()
        self.server.end()
        self.server = Server((self.address, 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.state, self.uri, self.boot = 'NO_MEDIA_PRESENT', '', self.boot + 1
        self.announce()
