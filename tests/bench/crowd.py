"""Two hundred IGRS devices on one link, in namespaces of 25: how soon a newcomer finds them all, also when every
fifth datagram and segment is lost, and what they cost duopingd while nothing happens."""
import json, os, subprocess, time

import duoping, upnplib
from marks import measure

HOSTS, EACH = 8, 25
DEVICES = HOSTS * EACH
STEADY_S = 60

def start(network, program):
    crowd = []
    for number in range(HOSTS):
        host = network.host(f'crowd{number}')
        crowd.append(duoping.Process([program, 'devices', str(EACH), host.interface, f'{0xb0000000 + number:08x}'], host))
    for process in crowd:
        duoping.wait_until(lambda: 'ready' in process.output(), 60, 'the devices are on the network')
    return crowd

def settle(crowd, most=300):
    """They have found each other: the whole crowd costs next to nothing."""
    spent, begin = sum(upnplib.cpu(p.pid) for p in crowd), time.monotonic()
    while time.monotonic() - begin < most:
        time.sleep(5)
        now = sum(upnplib.cpu(p.pid) for p in crowd)
        if now - spent < 1:
            return
        spent = now

def newcomer(program, host):
    out = subprocess.run([*host.prefix, program, 'newcomer', str(DEVICES), host.interface], check=True,
                         capture_output=True, text=True).stdout
    got = json.loads(out)
    if got['found'] < DEVICES:
        print(f'only {got["found"]} of {DEVICES} devices were found')
    return got['seconds']

def run(build, network, media):
    name = 'tests/bench/crowd'
    subprocess.run(['make', '-s', '-C', build, name], check=True)
    program = os.path.join(build, name)
    host = network.host('server')
    crowd = start(network, program)
    settle(crowd)
    for label, percent, most in ((f'{DEVICES} devices found by a newcomer', 0, 5), ('  at 20 % loss', 20, 10)):
        times = []
        for turn in range(3):
            guest = network.host(f'guest{percent}{turn}')
            if percent:
                network.lose(guest, percent)
            times.append(newcomer(program, guest))
            settle(crowd)
        measure(label, max(times), 's, worst of 3', most=most)
    server = duoping.Process([duoping.program('duopingd'), '-l', media, '-s', duoping.folder(), '-i', host.interface,
                              '--log-level', 'warning'], host)
    time.sleep(20)
    settle(crowd)
    begin = upnplib.cpu(server.pid)
    time.sleep(STEADY_S)
    measure(f'{DEVICES} devices, steady', 100 * (upnplib.cpu(server.pid) - begin) / STEADY_S, '% of a core', most=1)
    for process in [server, *crowd]:
        process.kill()
