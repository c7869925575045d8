"""Films that tell by themselves whether they arrived well, and what looks at what arrived: every two
seconds a flash and a tone together, and a picture that is another one each second."""
import functools, json, re, struct, subprocess

FLASH = r"drawbox=t=fill:c=white:enable='lt(mod(t\,2)\,0.12)'"
TONE = r"volume='if(lt(mod(t\,2)\,0.12)\,1\,0.0001)':eval=frame"
EVERY_S = 2 # flashes and tones
SYNC_S = 0.08 # that far sound and picture may be apart
WIDTH, HEIGHT = 16, 9 # a picture is remembered in so many grey levels

def ask(*command):
    """What a program prints, and what it says."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    said = done.stderr.decode(errors='replace')
    assert done.returncode == 0, f'{command[0]}: {said[-600:]}'
    return done.stdout, said

def run(*command):
    return ask(*command)[0]

def ffmpeg(*arguments):
    run('ffmpeg', '-nostdin', '-loglevel', 'error', '-y', *arguments)

def make_film(path, arguments, size='640x360', rate='25', seconds=12, channels=2, pictures=''):
    """A film; arguments are ffmpeg's for the encoders."""
    ffmpeg('-f', 'lavfi', '-i', f'testsrc2=size={size}:rate={rate}:duration={seconds},{FLASH}{pictures}',
           '-f', 'lavfi', '-i', f'sine=frequency=1000:sample_rate=48000:duration={seconds},{TONE}',
           '-ac', str(channels), *arguments.split(), path)
    return path

def make_drawn_subtitles(path, width, height, times):
    """A PGS stream: a white box over the middle of the picture while each (from, to) lasts, in seconds."""
    w, h = width // 2 & ~1, height // 4 & ~1
    x, y = (width - w) // 2, height - h * 2
    def segment(kind, seconds, body):
        return b'PG' + struct.pack('>IIBH', int(seconds * 90000), 0, kind, len(body)) + body
    line = b'\0' + struct.pack('>H', 0xc000 | w) + b'\1' + b'\0\0'
    window = struct.pack('>BBHHHH', 1, 0, x, y, w, h)
    out = b''
    for n, (start, end) in enumerate(times):
        data = struct.pack('>HH', w, h) + line * h
        out += segment(0x16, start, struct.pack('>HHBHBBBB', width, height, 0x10, 2 * n, 0x80, 0, 0, 1) +
                       struct.pack('>HBBHH', 0, 0, 0, x, y))
        out += segment(0x17, start, window) + segment(0x14, start, bytes([0, 0, 1, 235, 128, 128, 255]))
        out += segment(0x15, start, struct.pack('>HBB', 0, 0, 0xc0) + len(data).to_bytes(3, 'big') + data)
        out += segment(0x80, start, b'')
        out += segment(0x16, end, struct.pack('>HHBHBBBB', width, height, 0x10, 2 * n + 1, 0, 0, 0, 0))
        out += segment(0x17, end, window) + segment(0x80, end, b'')
    with open(path, 'wb') as file:
        file.write(out)
    return path

def make_sound(path, arguments, seconds=8):
    ffmpeg('-f', 'lavfi', '-i', f'sine=frequency=440:sample_rate=44100:duration={seconds}', '-ac', '2',
           *arguments.split(), path)
    return path

def facts(path):
    """Streams by their type, and the container, as ffprobe has them."""
    found = json.loads(run('ffprobe', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', path))
    streams = [s for s in found['streams'] if not s['disposition'].get('attached_pic')]
    return {**{s['codec_type']: s for s in reversed(streams)}, 'format': found['format']}

# Times as they are in the file. Of a transport stream FFmpeg (5.1) takes what is decoded of it to begin when the rest
# begins, unless it is to be shifted anyway.
TIMES = ('-itsoffset', '1', '-copyts')

class Decoded:
    """A file, decoded once: each picture as a few grey levels, and how loud it is when; times are the file's own, and a
    second."""
    def __init__(self, path):
        self.path = path

    @functools.cached_property
    def facts(self):
        return facts(self.path)

    @functools.cached_property
    def pictures(self):
        """(time, grey levels) of each picture."""
        octets, said = ask('ffmpeg', '-nostdin', '-hide_banner', *TIMES, '-i', self.path, '-map', '0:V:0', '-vsync',
                           'passthrough', '-vf', f'scale={WIDTH}:{HEIGHT}:flags=area,format=gray,showinfo',
                           '-f', 'rawvideo', '-')
        size = WIDTH * HEIGHT
        return [(float(time), octets[at * size:(at + 1) * size])
                for at, time in enumerate(re.findall(r'Parsed_showinfo\S* @ .* pts_time:(\S+)', said))]

    @functools.cached_property
    def levels(self):
        """(time, loudness in dB), two hundred a second."""
        text = run('ffmpeg', '-nostdin', '-loglevel', 'error', *TIMES, '-i', self.path, '-vn', '-sn', '-dn', '-af',
                   'aformat=channel_layouts=mono,asetnsamples=240,astats=metadata=1:reset=1,'
                   'ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-', '-f', 'null', '-').decode()
        rows = re.findall(r'pts_time:(\S+)\n\S+RMS_level=(\S+)', text)
        return [(float(time), -200.0 if level in ('-inf', 'nan') else float(level)) for time, level in rows]

    @property
    def tones(self):
        """When a tone begins."""
        return begins([(time, level > -40) for time, level in self.levels])

    @property
    def flashes(self):
        return begins([(time, sum(grey) > 210 * len(grey)) for time, grey in self.pictures])

    @property
    def seconds(self):
        """How long it plays, by what is in it: of pictures where there are any."""
        times = [time for time, _ in (self.pictures if 'video' in self.facts else self.levels)]
        return (times[-1] - times[0]) * len(times) / max(len(times) - 1, 1)

    def picture(self, at):
        """The picture at that time after the first."""
        wanted = self.pictures[0][0] + at + 0.001
        return [grey for time, grey in self.pictures if time <= wanted][-1]

    @property
    def lags(self):
        """How much later than each flash the tone next to it is, in seconds."""
        assert self.flashes and self.tones, (self.flashes, self.tones)
        return [min((tone - flash for tone in self.tones), key=abs) for flash in self.flashes]

    @property
    def worst_sync(self):
        """The largest distance in seconds between a flash and the tone next to it."""
        return max(map(abs, self.lags))

    def drift(self, before):
        """How far in seconds sound and picture were moved against each other since."""
        was = before.lags[0]
        return max(abs((lag - was + EVERY_S / 2) % EVERY_S - EVERY_S / 2) for lag in self.lags)

def begins(rows):
    """The times of (time, is so) at which it begins to be so."""
    return [time for (_, before), (time, now) in zip(rows, rows[1:]) if now and not before]

def distance(a, b):
    """Mean difference of grey levels, 0 to 255."""
    assert len(a) == len(b) > 0, (len(a), len(b))
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)

def likeness(a, b):
    """How much two pictures are the same but for their brightness and contrast, up to 1."""
    mean = lambda grey: sum(grey) / len(grey)
    left, right = [x - mean(a) for x in a], [y - mean(b) for y in b]
    norm = (sum(x * x for x in left) * sum(y * y for y in right)) ** 0.5
    return sum(x * y for x, y in zip(left, right)) / norm if norm else 1.0
