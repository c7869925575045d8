"""A television of long ago: a UPnP renderer that takes what its list says, fetches what it is given and
keeps it, so that a test can look at what arrived."""
import http.client, http.server, re, socket, threading, urllib.parse, uuid
import upnp

AVT, CM = 'urn:schemas-upnp-org:service:AVTransport:1', 'urn:schemas-upnp-org:service:ConnectionManager:1'

class OldSet:
    def __init__(self, network, name, sinks):
        self.network, self.name, self.id = network, name, str(uuid.uuid4())
        self.sinks = ','.join(f'http-get:*:{mime}:*' for mime in sinks)
        self.uri, self.metadata, self.state, self.told = '', '', 'NO_MEDIA_PRESENT', []
        self.fetched, self.heads, self.status, self.is_done = bytearray(), {}, None, threading.Event()
        set_ = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_GET(self):
                self.reply(200, set_.description())
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length'])).decode()
                action = self.headers['SOAPACTION'].strip('"').split('#')[1]
                value = lambda name: (re.search(f'<{name}>(.*?)</{name}>', body, re.S) or ['', ''])[1]
                service = CM if 'ConnectionManager' in self.headers['SOAPACTION'] else AVT
                out = set_.act(action, value)
                if out is None:
                    self.reply(500, envelope('<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError'
                        '</faultstring><detail><UPnPError><errorCode>401</errorCode></UPnPError></detail></s:Fault>'))
                else:
                    self.reply(200, envelope(f'<u:{action}Response xmlns:u="{service}">{out}</u:{action}Response>'))
            def reply(self, status, text):
                self.send_response(status)
                self.send_header('Content-Type', 'text/xml')
                self.send_header('Content-Length', str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())
            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((network.phone.address, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.announce()

    def description(self):
        service = lambda kind, at: (f'<service><serviceType>{kind}</serviceType><serviceId>{at}</serviceId>'
            f'<SCPDURL>/s</SCPDURL><controlURL>/{at}</controlURL><eventSubURL>/e</eventSubURL></service>')
        return ('<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
            '<deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType>'
            f'<friendlyName>{self.name}</friendlyName><manufacturer>M</manufacturer><modelName>Old</modelName>'
            f'<UDN>uuid:{self.id}</UDN><serviceList>{service(AVT, "avt")}{service(CM, "cm")}</serviceList>'
            '</device></root>')

    def announce(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self.network.phone.address))
            target = 'urn:schemas-upnp-org:device:MediaRenderer:1'
            location = f'http://{self.network.phone.address}:{self.server.server_port}/d.xml'
            sock.sendto(f'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n'
                        f'LOCATION: {location}\r\nNT: {target}\r\nNTS: ssdp:alive\r\nUSN: uuid:{self.id}::{target}'
                        '\r\n\r\n'.encode(), upnp.GROUP)

    def act(self, action, value):
        self.told.append(action)
        if action == 'SetAVTransportURI':
            self.metadata = value('CurrentURIMetaData')
            self.uri, self.state = value('CurrentURI').replace('&amp;', '&'), 'STOPPED'
        elif action == 'Play':
            self.state = 'PLAYING'
            threading.Thread(target=self.fetch, args=(self.uri,), daemon=True).start()
        elif action == 'Stop':
            self.state = 'STOPPED'
        elif action == 'GetTransportInfo':
            return f'<CurrentTransportState>{self.state}</CurrentTransportState>'
        elif action == 'GetPositionInfo':
            return f'<TrackURI>{self.uri}</TrackURI><RelTime>0:00:01</RelTime>'
        elif action == 'GetProtocolInfo':
            return f'<Source></Source><Sink>{self.sinks}</Sink>'
        elif action.startswith('Get'):
            return None
        return ''

    def fetch(self, uri):
        self.fetched, self.status = bytearray(), None
        self.is_done.clear()
        parts = urllib.parse.urlsplit(uri)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        try:
            connection.request('GET', parts.path + ('?' + parts.query if parts.query else ''),
                               headers=heads_of('imageItem' in self.metadata))
            reply = connection.getresponse()
            self.status, self.heads = reply.status, dict(reply.headers)
            while block := reply.read1(65536):
                self.fetched += block
        except (OSError, http.client.HTTPException) as error:
            self.status = error
        finally:
            connection.close()
            self.is_done.set()

def heads_of(is_picture):
    """What a set asks with: DLNA has another mode for pictures (guidelines 7.4.1.3.28)."""
    return {'getcontentFeatures.dlna.org': '1', 'transferMode.dlna.org': 'Interactive' if is_picture else 'Streaming'}

def envelope(inside):
    return f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{inside}</s:Body></s:Envelope>'
