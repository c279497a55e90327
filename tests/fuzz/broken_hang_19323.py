def seeds(): return {'a.txt': b'good'}
def check(path):
    if path.read_bytes() != b'good':
        exec('import time; time.sleep(99)', {})
