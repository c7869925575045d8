"""The kinds of file of the matrix (tests/journeys/test-matrix): every row of make-formats that holds pictures or
sound which a decoder can show, of films that tell by themselves whether they arrived well (arrived.py); and films
as people have them: turned, of many channels, of odd sizes, with subtitles."""
import concurrent.futures, importlib.machinery, importlib.util, os, re
import arrived

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 6

def load(name):
    loader = importlib.machinery.SourceFileLoader(name.replace('-', '_'), os.path.join(HERE, name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module

formats = load('make-formats')

def telling(words):
    """The same file, longer, and of what tells of itself."""
    words, films = re.subn(r'(testsrc2=\S+):duration=2', lambda m: f'{m[1]}:duration={SECONDS},{arrived.FLASH}', words)
    words = words.replace(':duration=2', f':duration={SECONDS}')
    tone = f'sine=frequency=1000:duration={SECONDS}:sample_rate=48000,{arrived.TONE}'
    return re.sub(r'sine=\S+', lambda _: tone, words) if films else words

def film(size='320x180', rate='25', pictures=''):
    return (f'-f lavfi -i testsrc2=size={size}:rate={rate}:duration={SECONDS},{arrived.FLASH}{pictures} '
            f'-f lavfi -i sine=frequency=1000:duration={SECONDS}:sample_rate=48000,{arrived.TONE}')

X264, X265, AAC, HDR = formats.X264, formats.X265, formats.AAC, formats.HDR
HLG = HDR.replace('smpte2084', 'arib-std-b67')
SRT = '1\n00:00:00,500 --> 00:00:05,500\n字幕 here\n'
FILMS = {
    'ac3-5.1.mkv': film() + X264 + ' -c:a ac3 -ac 6', 'eac3-5.1.mkv': film() + X264 + ' -c:a eac3 -ac 6',
    'dts-5.1.mkv': film() + X264 + ' -c:a dca -strict -2 -ac 6', 'aac-5.1.mp4': film() + X264 + AAC + ' -ac 6',
    'truehd-5.1.mkv': film() + X264 + ' -c:a truehd -strict -2 -ac 6',
    'flac-5.1.mkv': film() + X264 + ' -c:a flac -ac 6', 'opus-5.1.mkv': film() + X264 + ' -c:a libopus -ac 6',
    'mono.mp4': film() + X264 + AAC + ' -ac 1',
    'odd-444.mkv': film('321x181') + ' -pix_fmt yuv444p -c:v libx264 -preset ultrafast' + AAC,
    'odd.webm': film('321x181') + ' -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus',
    'odd.avi': film('321x181') + ' -c:v mpeg4 -c:a libmp3lame', 'ten-bits.mkv':
    film() + ' -pix_fmt yuv420p10le -c:v libx264 -preset ultrafast -profile:v high10' + AAC,
    'wide.mkv': film('352x288', pictures=',setsar=16/11') + X264 + AAC,
    'large.mp4': film('2560x1440') + X264 + AAC, 'tall.mp4': film('180x320') + X264 + AAC,
    'rate-10.mkv': film(rate='10') + X264 + AAC, 'rate-60.mp4': film(rate='60') + X264 + AAC,
    'rate-ntsc.mkv': film(rate='30000/1001') + X264 + AAC, 'rate-120.mp4': film(rate='120') + X264 + AAC,
    'rate-varies.mkv': film(pictures=r",select='not(between(mod(n\,25)\,5\,14))'") + ' -vsync vfr' + X264 + AAC,
    'rate-varies.mp4': film(pictures=r",select='not(between(mod(n\,25)\,5\,14))'") + ' -vsync vfr' + X264 + AAC,
    'fields.ts': film('720x576') + ' -c:v mpeg2video -flags +ilme+ildct -top 1 -c:a mp2',
    'fields.mkv': film('720x576') + X264 + ' -flags +ilme+ildct -x264opts tff=1 -c:a ac3',
    'b-frames.mkv': film() + ' -pix_fmt yuv420p -c:v libx264 -bf 3 -g 50' + AAC,
    'b-frames.avi': film() + ' -c:v mpeg4 -bf 2 -c:a libmp3lame',
    'hlg.mkv': film() + HLG + X265 + AAC, 'hdr-large.mp4': film('1920x1080') + HDR + X265 + AAC,
    'silent.mp4': film() + X264 + ' -an', 'silent.webm': film() + ' -c:v libvpx -deadline realtime -an',
    'late-clock.ts': film() + X264 + AAC + ' -output_ts_offset 40000',
}
MADE_OF = { # and those that are made of others
    'late-sound.mkv': '-i {0}/avc.mkv -itsoffset 1 -i {0}/avc.mkv -map 0:v -map 1:a -c copy',
    'srt.mkv': '-i {0}/avc.mkv -i {0}/many.srt -map 0 -map 1 -c copy -c:s srt -metadata:s:s:0 language=chi',
    'ass.mkv': '-i {0}/avc.mkv -i {0}/many.srt -map 0 -map 1 -c copy -c:s ass -disposition:s:0 default',
    'beside.mkv': '-i {0}/avc.mkv -c copy', # its subtitles lie beside it
    'turn90-hevc.mp4': '-i {0}/hevc.mp4 -c copy -metadata:s:v rotate=90',
}
WRITTEN = {'silence.dsf': formats.dsf, 'silence.ape': formats.ape}

def tell(table):
    return {name: telling(words) for name, words in table.items()}

ROWS = {**tell(formats.AUDIO), **tell(formats.VIDEO), **formats.IMAGE, **FILMS, **formats.LATER, **MADE_OF}
NAMES = sorted([*ROWS, *formats.EXIF, *WRITTEN, 'song.mpc', 'still.heic'])

def needed(names):
    """Those, and what they are made of."""
    all_ = set(names)
    for name in names:
        all_ |= needed(re.findall(r'\{0\}/(\S+\.\S+)', ROWS.get(name, '')))
        all_ |= {'base.jpg'} if name in formats.EXIF else {'pcm16.wav'} if name == 'song.mpc' else set()
        all_ |= {'plain.png'} if name == 'still.heic' else set()
    return all_ - {'many.srt', 'many.ffmeta'}

def make_one(folder, name):
    path = os.path.join(folder, name)
    if name in ROWS:
        arrived.ffmpeg(*ROWS[name].format(folder).split() if '{0}' in ROWS[name] else ROWS[name].split(), path)
    elif name in WRITTEN:
        WRITTEN[name](path)
    elif name in formats.EXIF:
        formats.run('exiftool', '-q', '-n', *formats.EXIF[name], '-o', path, os.path.join(folder, 'base.jpg'))
    elif name == 'song.mpc':
        formats.musepack(path, os.path.join(folder, 'pcm16.wav'))
    else:
        formats.run('heif-enc', '-q', '50', '-o', path, os.path.join(folder, 'plain.png'))

def make(folder, names):
    """Puts those files there, and what they are made of; all their names."""
    for name, text in (('many.srt', SRT), ('beside.srt', SRT), ('many.ffmeta', formats.CHAPTERS)):
        with open(os.path.join(folder, name), 'w') as file:
            file.write(text)
    names = needed(names)
    is_late = lambda name: '{0}' in ROWS.get(name, '{0}')
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for late in (False, True):
            list(pool.map(lambda name: make_one(folder, name), [n for n in sorted(names) if is_late(n) == late]))
    os.unlink(os.path.join(folder, 'many.srt'))
    os.unlink(os.path.join(folder, 'many.ffmeta'))
    return names
