"""A large file by HTTP: duopingd beside minidlna and Debian's nginx, who take turns, and what connections weigh
that only wait."""
import json, os, socket, statistics, subprocess, sys, tempfile, time

import duoping, upnplib
from marks import better, compare, measure

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 5
# Small rounds in turns suffer alike from what else the machine does.
SIZES = ['--single-bytes', str(2 << 30), '--per-stream', str(32 << 20), '--runs', '1']

class Nginx:
    """With the settings that Debian ships, but for where it listens, serves and writes."""
    name = 'nginx'
    def __init__(self, host, folder, work):
        self.host, self.folder = host, folder
        state = os.path.join(work, 'state-nginx')
        os.makedirs(state, exist_ok=True)
        config = os.path.join(state, 'nginx.conf')
        scratch = ''.join(f'{kind}_temp_path {state}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        with open(config, 'w') as file:
            file.write('user root; daemon off; worker_processes auto; events { worker_connections 768; }\n'
                       f'pid {state}/pid; error_log {state}/error.log;\n'
                       f'http {{ sendfile on; tcp_nopush on; types_hash_max_size 2048; access_log {state}/access.log;\n'
                       f'{scratch} types {{ video/mp4 mp4; }} default_type application/octet-stream;\n'
                       f'server {{ listen 8090; root {folder}; }} }}\n')
        self.process = duoping.Process(['nginx', '-c', config], host)
        self.pid = self.process.pid

    def large_url(self):
        return f'http://{self.host.address}:8090/Videos/Large/large-4g.mp4'

def once(server, case):
    with tempfile.NamedTemporaryFile('r', suffix='.json') as out:
        subprocess.run([sys.executable, os.path.join(HERE, 'bench_stream.py'), '--url', server.large_url(), '--pid',
                        str(server.pid), '--cases', case, *SIZES, '--json', out.name], check=True, stdout=subprocess.DEVNULL)
        return next(r for r in map(json.loads, out) if 'MBps' in r)

def turns(servers, case):
    """What each round gave, by the server's name; they change places from round to round."""
    return [{server.name: once(server, case) for server in servers[::1 if number % 2 else -1]}
            for number in range(ROUNDS)]

def middle(rounds, name, key):
    return statistics.median(r[name][key] for r in rounds)

def hold(label, rounds, name, key, unit, larger_is_better=True, mark=None):
    """The medians, and the median of how many times better ours was in each round."""
    ratio = statistics.median(better(r['duoping'][key], r[name][key], larger_is_better) for r in rounds)
    compare(label, middle(rounds, 'duoping', key), middle(rounds, name, key), unit, mark=mark, name=name, ratio=ratio)

def run(servers, work, large):
    nginx = Nginx(servers[0].host, large, work)
    try:
        beside(servers + [nginx])
    finally:
        nginx.process.stop() # killed, it would leave its workers behind

def beside(servers):
    for case, label, is_held_to_nginx in (('single', 'single stream', True), ('range', '1 MiB ranges', False),
                                          ('streams', '64 streams', True)):
        rounds = turns(servers, case)
        for server in servers[1:]:
            name, is_mark = server.name, is_held_to_nginx and server.name == 'nginx'
            hold(label, rounds, name, 'MBps', 'MB/s', mark=0.95 if is_mark else None)
            hold('  CPU', rounds, name, 'cpu_s_per_GB', 's/GB', False, mark=0.909 if is_mark else None)
            if case == 'streams':
                hold('  first byte, median', rounds, name, 'first_byte_p50_ms', 'ms', False)
                hold('  peak PSS', rounds, name, 'peak_pss_kib', 'KiB', False)
            if case == 'range':
                hold('  p50', rounds, name, 'p50_ms', 'ms', False)
        if case == 'range':
            measure('1 MiB ranges, p50', middle(rounds, 'duoping', 'p50_ms'), 'ms', most=0.7)
        if case == 'streams':
            measure('64 streams, first byte, p50', middle(rounds, 'duoping', 'first_byte_p50_ms'), 'ms', most=30)

def idle(server, network, connections=1000, per_address=50):
    """Kept connections that asked once; from several addresses, since one may not hold so many."""
    host, held = server.host, []
    network._enter(host)
    before = upnplib.rss(server.pid, True)
    try:
        for number in range(connections):
            held.append(socket.create_connection(('127.0.0.1', duoping.HTTP_PORT), 30,
                                                 (f'127.0.1.{1 + number // per_address}', 0)))
            held[-1].sendall(b'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
            assert held[-1].recv(4096).startswith(b'HTTP/1.1 200'), 'an idle connection was refused'
        time.sleep(2)
        alive = sum(is_open(s) for s in held)
        assert alive == connections, f'{alive} of {connections} connections are kept'
        after = upnplib.rss(server.pid, True)
    finally:
        for s in held:
            s.close()
        network._enter(network.phone)
    measure(f'{connections:,} idle connections: growth', (after - before) / 1024, 'MiB PSS')
    measure('  duopingd as a whole', after / 1024, 'MiB PSS', most=30)

def is_open(s):
    s.setblocking(False)
    try:
        return s.recv(1, socket.MSG_PEEK) != b''
    except BlockingIOError:
        return True
