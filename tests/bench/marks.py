"""The figures of a run: each is printed as one line, and whether it reaches its mark."""

results = [] # (what, share of the mark that is reached, whether it is a mark)

def better(ours, theirs, larger_is_better=True):
    return (ours / theirs if larger_is_better else theirs / ours) if ours and theirs else float('nan')

def compare(what, ours, theirs, unit, larger_is_better=True, mark=None, name='minidlna', ratio=None):
    """Both figures, how many times better ours is (unless ratio says it), and the times it should be."""
    ratio = better(ours, theirs, larger_is_better) if ratio is None else ratio
    results.append((what, ratio, mark))
    verdict = '' if mark is None else f'   mark {mark:g}x: ' + ('reached' if ratio >= mark else 'MISSED')
    print(f'{what:34} duoping {ours:10.2f}   {name} {theirs:10.2f} {unit:9} ratio {ratio:6.2f}x{verdict}',
          flush=True)

def measure(what, figure, unit, least=None, most=None):
    """One figure of ours alone, and the least or most it may be."""
    mark, verdict = least if most is None else most, ''
    if mark is not None:
        reached = figure >= mark if most is None else figure <= mark
        results.append((what, 1 if reached else 0, 1))
        verdict = f'   mark {"at least" if most is None else "at most"} {mark:g}: ' + ('reached' if reached else 'MISSED')
    print(f'{what:44} {figure:10.2f} {unit:14}{verdict}', flush=True)

def missed():
    return [what for what, share, mark in results if mark is not None and not share >= mark]
