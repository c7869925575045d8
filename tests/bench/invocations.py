"""IGRS by pipe: how soon a client is in session and answered, how many invocations a second the server takes,
and what a thousand sessions weigh. Everything on the loopback of a network namespace."""
import json, os, shutil, subprocess, tempfile, time

import duoping, igrs, upnplib
from marks import measure

PORT, SESSIONS = 3880, 16
DIRECTORY = 1 # ServiceId of AVContentDirectory (PROFILE section 7)
BROWSE = [('ObjectID', '0'), ('BrowseFlag', 'BrowseDirectChildren'), ('Filter', '*'), ('StartingIndex', '0'),
          ('RequestedCount', '5'), ('SortCriteria', '')]

def invocation(peer, client, operation, arguments):
    """The octets of one InvokeServiceRequest."""
    inner = ''.join(f'<{name}>{value}</{name}>' for name, value in arguments)
    body = (f'<?xml version="1.0" encoding="utf-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="{igrs.SOAP}"><SOAP-ENV:Body>'
            f'<Session xmlns="{igrs.SPEC}"><SourceClientId>{client}</SourceClientId><TargetServiceId>{DIRECTORY}'
            '</TargetServiceId><SequenceId>4711</SequenceId><InvokeArguments>'
            f'<u:{operation} xmlns:u="{igrs.SERVICE_TYPE % "AVContentDirectory"}">{inner}</u:{operation}>'
            '</InvokeArguments></Session></SOAP-ENV:Body></SOAP-ENV:Envelope>')
    return (f'M-POST /IGRS HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nMan: "{igrs.SPEC}";ns=01\r\n01-IGRSVersion: IGRS/1.0\r\n'
            f'01-IGRSMessageType: InvokeServiceRequest\r\n01-TargetDeviceId: {igrs.NIL}\r\n'
            f'01-SourceDeviceId: {peer.id}\r\n01-SequenceId: 4711\r\nContent-Type: text/xml; charset=utf-8\r\n'
            f'Man: "{igrs.SOAP}";ns=02\r\n02-SoapAction: {igrs.ACTIONS["InvokeServiceRequest"]}\r\n'
            f'Content-Length: {len(body)}\r\n\r\n{body}').encode()

def enter(location, devices, clients):
    """That many devices with a pipe, each with that many sessions."""
    peers = [igrs.Device('127.0.0.1') for _ in range(devices)]
    for peer in peers:
        assert peer.open_pipe(location).code == 200
        for client in range(1, clients + 1):
            assert peer.open_session(location, DIRECTORY, client).code == 200
    return peers

def invoke_with_wrk(host, server, peers, operation, arguments, seconds):
    with tempfile.TemporaryDirectory() as place:
        names = []
        for number, peer in enumerate(peers):
            names.append(os.path.join(place, str(number)))
            with open(names[-1], 'wb') as file:
                file.write(invocation(peer, 1, operation, arguments))
        script = os.path.join(os.path.dirname(__file__), 'invoke.lua')
        before = upnplib.cpu(server.pid)
        done = subprocess.run([*host.prefix, 'wrk', '-t1', f'-c{SESSIONS}', f'-d{seconds}s', '-s', script,
                               f'http://127.0.0.1:{PORT}'], env={**os.environ, 'REQUESTS': ' '.join(names)},
                              capture_output=True, text=True)
        assert 'JSON' in done.stdout, done.stdout + done.stderr
        got = json.loads(done.stdout.split('JSON')[1])
        assert got['errors'] == 0, done.stdout
        return got['n'] / (got['us'] / 1e6), 1e6 * (upnplib.cpu(server.pid) - before) / got['n'], got['p99_us'] / 1e3

def check(location, peers, operation, arguments):
    """Every session is served, before and after: a refusal would be answered fast too."""
    for peer in peers:
        reply = peer.invoke(location, DIRECTORY, 'AVContentDirectory', operation, arguments, client=1)
        assert reply.code == 200 and igrs.find(reply.body, operation + 'Response') is not None, reply.raw

def rates(host, server, location, seconds):
    peers = enter(location, SESSIONS, 1)
    for operation, arguments in (('GetSystemUpdateID', []), ('Browse', BROWSE)):
        check(location, peers, operation, arguments)
        runs = sorted(invoke_with_wrk(host, server, peers, operation, arguments, seconds) for _ in range(3))
        check(location, peers, operation, arguments)
        rate, cpu, p99 = runs[1]
        measure(f'{operation}, {SESSIONS} sessions, wrk', rate, 'invocations/s', least=8000)
        measure('  CPU', cpu, 'us each')
        measure('  p99', p99, 'ms')
    for peer in peers:
        peer.post(location, 'DetachPipeNotify')

def weight(server, location):
    before = upnplib.rss(server.pid, True)
    enter(location, 20, 50)
    after = upnplib.rss(server.pid, True)
    measure('20 pipes, 1,000 sessions: growth', (after - before) / 1024, 'MiB PSS')
    measure('  duopingd as a whole', after / 1024, 'MiB PSS', most=40)

def by_our_client(build, host):
    program = 'tests/bench/client'
    subprocess.run(['make', '-s', '-C', build, program], check=True)
    runs = []
    for _ in range(3):
        out = subprocess.run([*host.prefix, os.path.join(build, program), '1000'], capture_output=True, text=True)
        assert out.returncode == 0, out.stderr
        runs.append(json.loads(out.stdout))
    got = {key: sorted(run[key] for run in runs)[1] for key in runs[0]}
    measure('pipe + description + session, p50', got['enter_p50_ms'], 'ms')
    measure('pipe + description + session, p99', got['enter_p99_ms'], 'ms', most=10)
    measure('invocation by our client, p50', got['invoke_p50_ms'], 'ms', most=0.4)
    measure('invocation by our client, p99', got['invoke_p99_ms'], 'ms')

def run(build, network, media, seconds):
    host = network.host('loop')
    host.address, host.interface = '127.0.0.1', 'lo'
    state = tempfile.mkdtemp(prefix='duoping-bench-')
    network._enter(host)
    server = duoping.Process([duoping.program('duopingd'), '-l', media, '-s', state, '-i', 'lo', '--log-level', 'warning'],
                             host)
    try:
        location = f'http://127.0.0.1:{PORT}/IGRS'
        duoping.wait_until(lambda: answers(location), 30, 'duopingd answers')
        time.sleep(3) # what it indexes and finds at its start is over
        by_our_client(build, host)
        rates(host, server, location, seconds)
        weight(server, location)
    finally:
        server.stop()
        network._enter(network.phone)
        shutil.rmtree(state, True)

def answers(location):
    import urllib.request
    try:
        return urllib.request.urlopen(location, timeout=1).status == 200
    except OSError:
        return False
