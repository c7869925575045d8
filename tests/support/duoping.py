"""What the tests that run whole programs share: a small network of hosts made of network namespaces
(or loopback where those are not allowed), the programs on it, the API, and TAP."""
import atexit, ctypes, http.client, json, os, random, re, shutil, signal, socket, subprocess, sys, tempfile
import threading, time
import traceback, urllib.parse
import igrs

TOP = os.environ.get('TOP_SRCDIR', os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.environ.get('TOP_BUILDDIR', os.path.join(TOP, 'build', 'check'))
HTTP_PORT = 8380

# A server of Python's library looks up the name of its host, for many seconds where no name server is reached.
socket.getfqdn = lambda name='': name


# -- TAP ------------------------------------------------------------------------------------------

class Skip(Exception):
    pass

def proves(side, part, what, package=None):
    """A decorator: the test is a row of docs/interop.md. side: server, screen or controller; part: whose
    program it is, and package its Debian name, whose version is told; what: what was seen to work."""
    def mark(test):
        test.row = {'side': side, 'part': part, 'what': what, 'package': package}
        return test
    return mark

def tell_proofs(tests, outcomes):
    """Appends the rows of this script to those of the run (tests/support/write-interop makes the page)."""
    script = os.path.basename(sys.argv[0])
    rows = [{**test.row, 'test': f'tests/{os.path.basename(os.path.dirname(os.path.abspath(sys.argv[0])))}/{script}',
             'outcome': outcomes.get(test.__name__, 'not run')} for test in tests if hasattr(test, 'row')]
    if rows:
        place = os.path.join(BUILD, 'tests', 'interop')
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, f'{script}.json'), 'w') as file:
            json.dump(rows, file, indent=1, ensure_ascii=False)

def main(*tests):
    """Runs each function as one test; what it raises is its failure, told as diagnostics."""
    outcomes = {}
    wanted, failed = sys.argv[1:], 0
    tests = [t for t in tests if not wanted or t.__name__ in wanted]
    print(f'1..{len(tests)}', flush=True)
    for number, test in enumerate(tests, 1):
        title = test.__name__.removeprefix('test_').replace('_', ' ')
        try:
            test()
            outcomes[test.__name__] = 'yes'
            print(f'ok {number} - {title}', flush=True)
        except Skip as reason:
            outcomes[test.__name__] = str(reason)
            print(f'ok {number} - {title} # SKIP {reason}', flush=True)
        except BaseException as error:
            failed += 1
            outcomes[test.__name__] = 'failed'
            for line in traceback.format_exc().splitlines():
                print('#', line)
            print(f'not ok {number} - {title}', flush=True)
            if isinstance(error, KeyboardInterrupt):
                break
    if not wanted:
        tell_proofs(tests, outcomes)
    sys.exit(1 if failed else 0)

PATIENCE = 4 # a busy machine is slow; only what never comes is a failure
PATIENCE_S = 60 # at the least

def wait_until(condition, seconds=15, what=None):
    """Asks condition() again and again until it is true, and returns what it gave. It should take
    no more than seconds on an idle machine; how busy this one is nobody knows."""
    bound = max(PATIENCE * seconds, PATIENCE_S)
    end = time.monotonic() + bound
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f'not within {bound} s: {what or condition.__doc__ or "condition"}')
        time.sleep(0.05)


# -- Processes ------------------------------------------------------------------------------------

_processes = []

class Process:
    """One program, its standard error kept in a file. Ended with the test."""
    def __init__(self, command, host=None, env=None, name=None, pass_fds=()):
        self.name = name or os.path.basename(command[0])
        self.log = tempfile.NamedTemporaryFile('w+', prefix=f'{self.name}-', suffix='.log', delete=False)
        prefix = host.prefix if host else []
        self.popen = subprocess.Popen(prefix + command, stdin=subprocess.DEVNULL, stdout=self.log,
                                      stderr=self.log, env={**os.environ, **(env or {})}, pass_fds=pass_fds)
        _processes.append(self)

    @property
    def pid(self):
        return self.popen.pid # `ip netns exec` becomes the program itself

    def children(self):
        path = f'/proc/{self.pid}/task'
        found = []
        for task in os.listdir(path):
            try:
                with open(f'{path}/{task}/children') as file:
                    found += map(int, file.read().split())
            except FileNotFoundError:
                pass # a thread that has just ended
        return found

    def output(self):
        with open(self.log.name, errors='replace') as file:
            return file.read()

    def kill(self):
        self.popen.kill()
        self.popen.wait()

    def stop(self, number=signal.SIGTERM, seconds=60):
        """Asks it to end (contract: within 2 s on an idle machine); its exit status."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f'{self.name} did not stop within {seconds} s')

def _end_processes():
    for process in _processes:
        if process.popen.poll() is None:
            process.kill()
        bad = re.search(r'AddressSanitizer|runtime error:|LeakSanitizer|CRITICAL', process.output())
        if bad or os.environ.get('VERBOSE'):
            for line in process.output().splitlines()[-60:]:
                print(f'# {process.name}: {line}')
        os.unlink(process.log.name)
atexit.register(_end_processes)


# -- Hosts ----------------------------------------------------------------------------------------

def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

class Host:
    def __init__(self, namespace, address, interface):
        self.namespace, self.address, self.interface = namespace, address, interface
        self.prefix = ['ip', 'netns', 'exec', namespace] if namespace else []

    def link_address(self):
        """Its link-local address of IPv6, as soon as nobody else has claimed it; None till then. libupnp does
        not start without."""
        told = json.loads(subprocess.run(['ip', '-n', self.namespace, '-j', '-6', 'addr', 'show', 'dev', self.interface,
                                          'scope', 'link'], capture_output=True, check=True).stdout)
        return next((a['local'] for link in told for a in link.get('addr_info', [])
                     if 'local' in a and not a.get('tentative')), None)

def as_nobody(home, *command):
    """A command line that runs as nobody: some programs refuse to run as root."""
    os.chmod(home, 0o777)
    return ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'env', f'HOME={home}', *command]

class Network:
    """Hosts on one link: each a namespace with one interface, joined by a bridge in a namespace of
    its own. This process itself becomes the host "phone". Where namespaces are not allowed every
    host is loopback."""
    def __init__(self):
        self.id = f'dp{os.getpid()}'
        self.namespaces, self.count = [], 0
        try:
            self._bridge()
            self.is_real = True
        except (subprocess.CalledProcessError, FileNotFoundError):
            self.is_real = False
        atexit.register(self.close)
        if self.is_real:
            self.phone = self.host('phone')
            self._enter(self.phone)
        else:
            self.phone = self.host('phone')

    def _bridge(self):
        name = f'{self.id}-net'
        run('ip', 'netns', 'add', name)
        self.namespaces.append(name)
        run('ip', '-n', name, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0')
        run('ip', '-n', name, 'link', 'set', 'br0', 'up')

    def host(self, name):
        if not self.is_real:
            return Host(None, '127.0.0.1', 'lo')
        self.count += 1
        namespace, address = f'{self.id}-{name}', f'10.77.0.{self.count}'
        run('ip', 'netns', 'add', namespace)
        self.namespaces.append(namespace)
        port = f'p{self.count}'
        run('ip', 'link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port,
            'netns', f'{self.id}-net')
        run('ip', '-n', f'{self.id}-net', 'link', 'set', port, 'master', 'br0', 'up')
        run('ip', '-n', namespace, 'addr', 'add', f'{address}/24', 'dev', 'eth0')
        run('ip', '-n', namespace, 'link', 'set', 'lo', 'up')
        run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up')
        run('ip', '-n', namespace, 'route', 'add', 'default', 'via', '10.77.0.254')
        return Host(namespace, address, 'eth0')

    def drop(self, host, which):
        """Drops what arrives at host and matches which (an nft expression)."""
        run('ip', 'netns', 'exec', host.namespace, 'nft', 'add table inet loss; add chain inet loss in '
            f'{{ type filter hook input priority 0; }}; add rule inet loss in iifname "eth0" {which} drop')

    def lose(self, host, percent):
        """Drops that share of what arrives at host."""
        self.drop(host, f'numgen random mod 100 < {percent}')

    @staticmethod
    def _enter(host):
        with open(f'/run/netns/{host.namespace}') as file:
            if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0x40000000) != 0: # CLONE_NEWNET
                raise OSError(ctypes.get_errno(), 'setns')

    def close(self):
        _end = [p for p in _processes if p.popen.poll() is None]
        for process in _end:
            process.kill()
        for namespace in self.namespaces:
            subprocess.run(['ip', 'netns', 'del', namespace], stderr=subprocess.DEVNULL)
        self.namespaces = []


class Wire:
    """What passes the bridge between the hosts, heard from inside of it."""
    def __init__(self, network):
        here = os.open('/proc/self/ns/net', os.O_RDONLY)
        network._enter(Host(f'{network.id}-net', None, None))
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        ctypes.CDLL(None).setns(here, 0x40000000)
        os.close(here)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
        self.socket.settimeout(0.2)

    def octets(self, hosts, seconds=1):
        """What hosts sent each other by TCP meanwhile, segment by segment."""
        found, end = {}, time.monotonic() + seconds
        addresses = {socket.inet_aton(h.address) for h in hosts}
        while time.monotonic() < end:
            try:
                frame = self.socket.recv(65536)
            except socket.timeout:
                continue
            if frame[12:14] != b'\x08\0' or frame[23] != 6 or not {frame[26:30], frame[30:34]} <= addresses:
                continue
            packet = frame[14:]
            at = (packet[0] & 15) * 4
            data = packet[at + (packet[at + 12] >> 4) * 4:]
            found[packet[at:]] = data # each is heard at two ports of the bridge
        return list(found.values())

    def heads(self, hosts, seconds=1):
        """The heads of the IGRS messages among them."""
        return [igrs.Datagram(data, None) for data in self.octets(hosts, seconds) if b'01-IGRSMessageType: ' in data]


# -- Programs -------------------------------------------------------------------------------------

def program(name):
    path = os.path.join(BUILD, name)
    if not os.access(path, os.X_OK):
        raise AssertionError(f'{path} is not built')
    return path

def folder():
    path = tempfile.mkdtemp(prefix='duoping-test-')
    atexit.register(shutil.rmtree, path, True)
    return path

def media():
    """The folder of real media (tests/support/make-media), made once a build."""
    if not shutil.which('ffmpeg'):
        raise Skip('ffmpeg is not installed')
    path = os.path.join(os.path.abspath(BUILD), 'tests', 'media')
    subprocess.run([os.path.join(TOP, 'tests', 'support', 'make-media'), path], check=True)
    return path

SECURE = bool(os.environ.get('SECURE')) # whole journeys once more over authenticated pipes
TLS = bool(os.environ.get('TLS')) # and by a device of ours that offers TLS, too
PLAIN = bool(os.environ.get('PLAIN')) # and by a server that does not

def share_key(*states):
    """Gives the programs with these state folders one pairing key; the key."""
    key = os.urandom(32)
    for state in states:
        os.makedirs(os.path.join(state, 'keys'), 0o700, exist_ok=True)
        with open(os.open(os.path.join(state, 'keys', 'any'), os.O_WRONLY | os.O_CREAT, 0o600), 'w') as file:
            file.write(key.hex())
    return key

KILLS = os.environ.get('KILLS', '').split() # kinds of worker that are killed all the time, while journeys run

class Server(Process):
    """duopingd on a host, with its API."""
    def __init__(self, host, library, state=None, options=(), wait=True):
        self.host, self.library, self.state = host, library, state or folder()
        super().__init__([program('duopingd'), '-l', library, '-s', self.state, '-i', host.interface,
                          '--name', 'Store', '--log-level', 'info', *options], host)
        if KILLS:
            threading.Thread(target=self.kill_workers, daemon=True).start()
        if wait:
            self.wait_ready()

    def workers(self, *kinds):
        """The children that serve these kinds of job."""
        found = []
        for pid in self.children():
            try:
                with open(f'/proc/{pid}/cmdline') as file:
                    role = file.read().rpartition('--serve=')[2].rstrip('\0')
            except OSError:
                continue
            if role in kinds:
                found.append(pid)
        return found

    def kill_workers(self):
        while self.popen.poll() is None:
            time.sleep(1) # that often one of them dies
            try:
                for pid in self.workers(*KILLS):
                    os.kill(pid, signal.SIGKILL)
            except OSError:
                pass

    def wait_ready(self):
        def is_ready():
            if self.popen.poll() is not None:
                raise AssertionError(f'duopingd ended:\n{self.output()}')
            try:
                return self.request('GET', '/healthz')[0] == 200
            except OSError:
                return False
        wait_until(is_ready, 20, 'duopingd answers')

    @property
    def url(self):
        return f'http://{self.host.address}:{HTTP_PORT}'

    def request(self, method, path, body=None, heads=None, seconds=60):
        """(status, heads, body) of one request to the server."""
        connection = http.client.HTTPConnection(self.host.address, HTTP_PORT, timeout=seconds)
        try:
            heads = dict(heads or {})
            if body is not None and not isinstance(body, bytes):
                body, heads['Content-Type'] = json.dumps(body).encode(), 'application/json'
            connection.request(method, path, body, heads)
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def api(self, method, path, body=None, expect=None):
        status, _, text = self.request(method, '/api/v1' + path, body)
        value = json.loads(text) if text else None
        if expect is None:
            assert 200 <= status < 300, f'{method} {path}: {status} {value}'
            return value
        assert status == expect, f'{method} {path}: {status} {value}, expected {expect}'
        return value

    def get(self, path):
        return self.api('GET', path)

    def search(self, words):
        return self.get('/library/search?limit=50&q=' + urllib.parse.quote(words))['items']

    def wait_indexed(self, items, seconds=30):
        def is_indexed():
            server = self.get('/server')
            return server['library']['items'] == items and server['scan']['state'] == 'idle'
        wait_until(is_indexed, seconds, f'{items} items indexed')

    def screen(self, name, seconds=15):
        return wait_until(lambda: next((s for s in self.get('/screens') if s['name'] == name), None),
                          seconds, f'screen {name} is listed')

# GLib's own leaks (tests/lsan.supp) are told by frames that only this finds in programs of GStreamer.
SLOW_UNWIND = {'ASAN_OPTIONS': 'fast_unwind_on_malloc=0:handle_abort=1'}

class Television(Process):
    """duoping-tv on a host, with sinks that keep real time and show nothing."""
    def __init__(self, host, name='Living room', state=None, options=()):
        self.host, self.title = host, name
        super().__init__([program('duoping-tv'), '--name', name, '-s', state or folder(), '-i',
                          host.interface, '--video-sink', 'fakevideosink sync=true', '--audio-sink',
                          'fakeaudiosink sync=true', *options], host, SLOW_UNWIND)

def x_screen(size):
    """An X11 screen of its own: what a program on it needs in its environment. Its number is drawn: a server
    that looks for a free one (-displayfd) sees only those of its network namespace, and takes their sockets."""
    while True:
        number = random.randrange(100, 50000)
        socket_path = f'/tmp/.X11-unix/X{number}'
        if os.path.exists(socket_path):
            continue
        server = Process(['Xvfb', f':{number}', '-screen', '0', f'{size}x24', '-noreset', '-nolisten', 'tcp'])
        wait_until(lambda: os.path.exists(socket_path) or server.popen.poll() is not None, 15, 'there is a screen')
        if server.popen.poll() is None:
            atexit.register(server.stop) # it takes its files along
            return {'DISPLAY': f':{number}'}

def duoping(*arguments, server=None, expect=0, host=None):
    """Runs the command line program; its standard output."""
    command = [program('duoping')]
    if server:
        command += ['--server', server.url]
    done = subprocess.run((host.prefix if host else []) + command + list(arguments), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    assert done.returncode == expect, f'duoping {arguments}: {done.returncode}: {done.stderr}'
    return done.stdout
