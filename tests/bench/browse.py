"""ContentDirectory of duopingd beside that of minidlna: the same questions in the same words, in turns; how soon a
search for servers is answered, and what makes no sense (bench_malformed.py)."""
import json, os, re, statistics, subprocess, sys, tempfile, time

import duoping, upnplib
from marks import compare, measure

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 3
ROLL = {'duoping': ('Folders/Pictures/Camera Roll', 'Folders/library/Pictures/Camera Roll'),
        'minidlna': ('Browse Folders/Pictures/Camera Roll', 'Browse Folders/library/Pictures/Camera Roll')}
EVERY = {'duoping': ('Pictures/All',), 'minidlna': ('Pictures/All Pictures',)}

def at(server, paths):
    """The container at the first of paths there is."""
    for path in paths:
        try:
            return server.upnp.walk(path)
        except KeyError:
            continue
    raise AssertionError(f'{server.name} has none of {paths}')

def questions(server):
    """[(what, action, times better it should be at 16 connections)]"""
    page = lambda id, start, count: ('Browse', [('ObjectID', id), ('BrowseFlag', 'BrowseDirectChildren'), ('Filter', '*'),
                                                ('StartingIndex', start), ('RequestedCount', count), ('SortCriteria', '')])
    search = lambda criteria: ('Search', [('ContainerID', '0'), ('SearchCriteria', criteria), ('Filter', '*'),
                                          ('StartingIndex', 0), ('RequestedCount', 50), ('SortCriteria', '')])
    roll, every = at(server, ROLL[server.name]), at(server, EVERY[server.name])
    total = server.upnp.browse(every, count=1)['total']
    return [('Browse 50', page(roll, 0, 50), 5), ('Browse 1000', page(roll, 0, 1000), 5),
            ('Browse 50, deep', page(every, total - 100, 50), 30),
            ('Search by title', search('dc:title contains "river"'), 50),
            ('Search by class', search('upnp:class derivedfrom "object.item.audioItem"'), 50)]

def load(server, action, connections, seconds):
    """What wrk counts, with the server's CPU milliseconds a request."""
    with tempfile.NamedTemporaryFile(suffix='.xml') as body:
        body.write(upnplib.envelope(server.upnp.cd_type, *action))
        body.flush()
        env = {**os.environ, 'SOAP_BODY': body.name, 'SOAP_ACTION': f'"{server.upnp.cd_type}#{action[0]}"'}
        before = upnplib.cpu(server.pid)
        done = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--timeout', '30s', '-s',
                               os.path.join(HERE, 'soap.lua'), server.upnp.cd_url], env=env, capture_output=True, text=True)
    counts = json.loads(re.search(r'JSON(\{.*\})', done.stdout)[1])
    assert not counts['err_status'], (server.name, counts)
    if not counts['n']: # slower than that
        return load(server, action, connections, 5 * seconds)
    counts['rate'] = counts['n'] / (counts['us'] / 1e6)
    counts['cpu_ms'] = 1000 * (upnplib.cpu(server.pid) - before) / counts['n']
    return counts

def run(servers, seconds):
    asked = {server.name: questions(server) for server in servers}
    for number, (what, _, mark) in enumerate(asked['duoping']):
        for connections in (1, 16):
            got = {server.name: [] for server in servers}
            for _ in range(ROUNDS):
                for server in servers:
                    got[server.name].append(load(server, asked[server.name][number][1], connections, seconds))
            middle = lambda name, key: statistics.median(counts[key] for counts in got[name])
            compare(f'{what}, {connections} at once', middle('duoping', 'rate'), middle('minidlna', 'rate'), 'req/s',
                    mark=mark if connections == 16 else None)
            compare('  CPU', middle('duoping', 'cpu_ms'), middle('minidlna', 'cpu_ms'), 'ms/req', False)
    ours = servers[0]
    crowded = [load(ours, asked['duoping'][0][1], 64, seconds)['p99_us'] / 1000 for _ in range(ROUNDS)]
    measure('Browse 50, 64 at once, p99', statistics.median(crowded), 'ms', most=15)

def discovery(servers, address):
    """M-SEARCH with MX 1, as a set waits for it."""
    for server in servers:
        times = []
        for _ in range(21):
            answers = upnplib.msearch(mx=1, timeout=2, ifaddr=address, want=server.host.address, first=True)
            times.append(1000 * answers[0][0] if answers else 2000)
            time.sleep(.05)
        most = 20 if server.name == 'duoping' else None
        measure(f'M-SEARCH, MX 1, {server.name}, p50', statistics.median(times), 'ms', most=most)

def malformed(network, library):
    """What is broken or hostile is answered at once and for what it is; nothing is told that should not be."""
    server = duoping.Server(network.host('odd'), library)
    server.wait_indexed(8)
    with tempfile.NamedTemporaryFile('r', suffix='.json') as out:
        subprocess.run([sys.executable, os.path.join(HERE, 'bench_malformed.py'), '--desc', server.url + '/upnp/description.xml',
                        '--pid', str(server.pid), '--json', out.name], check=True, stdout=subprocess.DEVNULL)
        cases = [json.loads(line) for line in out]
    server.stop()
    for case in cases:
        if case['alive'] is not True or case['leak'] or case['reply'].startswith('('):
            print(f'  {case["case"]}: {case["reply"]}, alive: {case["alive"]}, leak: {case["leak"]}')
    good = sum(c['alive'] is True and not c['leak'] and not c['reply'].startswith('(') for c in cases)
    measure('malformed requests that are answered', 100 * good / len(cases), '%', least=100)
    slowest = max(cases, key=lambda case: case['ms'])
    measure(f'  the slowest of {len(cases)}: {slowest["case"][:20]}', slowest['ms'], 'ms', most=100)
    measure('  memory after them', (cases[-1]['rss_kib'] - cases[0]['rss_kib']) / 1024, 'MiB more')
