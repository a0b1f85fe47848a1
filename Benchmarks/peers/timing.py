"""What all peers share: a warm-up, then one timed round."""

import time


def rate(work, seconds, warm_up=0.5):
    """Repeats `work`, which returns how much of it was done, and gives work per second."""
    end = time.perf_counter() + warm_up
    while time.perf_counter() < end:
        work()
    done = 0
    start = time.perf_counter()
    while True:
        done += work()
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return done / elapsed
