"""Other people's media servers and renderers, each started on a host of its own; Skip where it is not installed.
They are started with as little configuration as they take, and end with the test."""
import contextlib, os, re, shutil
from duoping import *

def need(command, package=None):
    if not shutil.which(command):
        raise Skip(f'{package or command} is not installed')

def write(path, text):
    with open(path, 'w') as file:
        file.write(text)
    return path

def display():
    """The name of a display of X that nobody sees. It is numbered after this process: xvfb-run takes a number that
    another one may take meanwhile, and X by itself one that is free in this namespace alone."""
    need('Xvfb', 'xvfb')
    told, tell = os.pipe()
    name = f':{1000 + os.getpid()}'
    Process(['Xvfb', name, '-displayfd', str(tell), '-screen', '0', '800x600x24', '-nolisten', 'tcp', '-ac'], pass_fds=[tell])
    os.close(tell)
    with os.fdopen(told) as file:
        assert file.readline(), 'Xvfb has ended'
    return name

# -- Servers -------------------------------------------------------------------------------------

def minidlna(host, library, name='Mini 迷你'):
    need('minidlnad', 'minidlna')
    state = folder()
    configuration = write(os.path.join(state, 'minidlna.conf'),
        f'port=8200\nmedia_dir={library}\ndb_dir={state}\nlog_dir={state}\nnetwork_interface={host.interface}\n'
        f'friendly_name={name}\nnotify_interval=60\n')
    return Process(['minidlnad', '-S', '-f', configuration, '-P', os.path.join(state, 'pid')], host)

def gerbera(host, library, name='Gerbera'):
    need('gerbera')
    if host.namespace: # it wants to bind its IPv6 address, which a new network does not let it do at once
        run('ip', 'netns', 'exec', host.namespace, 'sysctl', '-qw', f'net.ipv6.conf.{host.interface}.disable_ipv6=1')
    home = folder()
    with open('/etc/gerbera/config.xml') as file: # its own begins with all it needs
        text = file.read()
    text = re.sub('<name>.*?</name>', f'<name>{name}</name>', text)
    text = re.sub('<home>.*?</home>', f'<home>{home}</home>', text)
    configuration = write(os.path.join(home, 'config.xml'), text)
    return Process(['gerbera', '-c', configuration, '-e', host.interface, '-p', '49200', '-a', library], host,
                   env={'HOME': home})

# -- Rygel, which is both ------------------------------------------------------------------------

RYGEL = '''[general]
ipv6=false
upnp-enabled=true
enable-transcoding=false
media-engine=librygel-media-engine-gst.so
port=0
interface={interface}
log-level=*:4
allow-upload=false
allow-deletion=false
[GstMediaEngine]
transcoders=
[Renderer]
image-timeout=15
[Tracker3]
enabled=false
[Tracker]
enabled=false
[MPRIS]
enabled=false
[External]
enabled=false
[MediaExport]
enabled={serves}
title={name}
uris={library}
extract-metadata=true
monitor-changes=true
monitor-grace-timeout=1
virtual-folders=false
[Playbin]
enabled={plays}
title={name}
'''

def rygel(host, name, library=None):
    """A server of library, or, without one, a renderer that keeps time and shows nothing."""
    need('rygel')
    home = folder()
    write(os.path.join(home, 'rygel.conf'), RYGEL.format(
        interface=host.interface, name=name, library=library or '', serves=str(library is not None).lower(),
        plays=str(library is None).lower()))
    return Process(['rygel'], host, env={
        'HOME': home, 'XDG_CONFIG_HOME': home, 'XDG_CACHE_HOME': home, 'XDG_DATA_HOME': home,
        'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nowhere', 'LD_PRELOAD': '',
        # playbin takes the sinks of highest rank: no display and no sound card are needed
        'GST_PLUGIN_FEATURE_RANK': 'fakevideosink:MAX,fakeaudiosink:MAX,pulsesink:NONE,alsasink:NONE'})

# -- gmediarender --------------------------------------------------------------------------------

@contextlib.contextmanager
def unreachable(host, ports):
    """Nobody gets through to these ports of host meanwhile; who tries does so again, as TCP does."""
    nft = lambda words: run('ip', 'netns', 'exec', host.namespace, 'nft', words)
    if not host.namespace or not shutil.which('nft'):
        yield
        return
    nft('add table inet shut; add chain inet shut in { type filter hook input priority 0; }; '
        f'add rule inet shut in iifname != "lo" tcp dport {ports} drop')
    try:
        yield
    finally:
        nft('delete table inet shut')

def gmediarender(host, name='Gramophone', options=(), is_awaited=True):
    """It announces itself before it is ready, and a question under way at that moment ends it (its own assertion,
    "open_transactions >= 1" of variable-container.c): so nobody is let in before it says that it is."""
    need('gmediarender')
    start = lambda: Process(['gmediarender', '-f', name, '-I', host.interface, '--gstout-audiosink', 'fakeaudiosink',
                             '--gstout-videosink', 'fakevideosink', *options], host)
    if not is_awaited:
        return start()
    with unreachable(host, '49152-49999'):
        process = start()
        wait_until(lambda: 'Ready for rendering' in process.output(), 60, f'{name} is ready')
    return process
