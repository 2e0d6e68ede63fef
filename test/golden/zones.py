#!/usr/bin/env python3
"""Our time zones against the tz database, through python's zoneinfo: every change of the offset
from 2007 to 2037, and every quarter of an hour of the walls on the days of a change.

    zones.py PROGRAM    (exit 77: there is no tz database here)
"""
import datetime
import subprocess
import sys
import zoneinfo

UTC = datetime.timezone.utc
FIRST = datetime.datetime(2007, 1, 1, tzinfo=UTC)
LAST = datetime.datetime(2038, 1, 1, tzinfo=UTC)
STEP = datetime.timedelta(minutes=30)
EPOCH = datetime.date(1970, 1, 1)


def changes(name):
    """Each instant of a new offset: "ZONE SECONDS MINUTES"."""
    zone, at, before = zoneinfo.ZoneInfo(name), FIRST, None
    while at < LAST:
        offset = at.astimezone(zone).utcoffset()
        if offset != before:
            yield f'{name} {int(at.timestamp())} {int(offset.total_seconds()) // 60}'
        # a day at a time while nothing changes
        day = at + datetime.timedelta(days=1)
        if offset == before and day < LAST and day.astimezone(zone).utcoffset() == offset:
            at = day
        else:
            at += STEP
        before = offset


def instant(name, day, minute):
    """Of a minute on the wall: the first of two; a skipped one is the change itself."""
    zone = zoneinfo.ZoneInfo(name)
    wall = datetime.datetime.combine(EPOCH + datetime.timedelta(days=day), datetime.time())
    wall += datetime.timedelta(minutes=minute)
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return int(at.timestamp())
    while at.astimezone(zone).utcoffset() == (at - STEP).astimezone(zone).utcoffset():
        at -= datetime.timedelta(minutes=1)
    while (at - datetime.timedelta(minutes=1)).astimezone(zone).utcoffset() == \
            at.astimezone(zone).utcoffset():
        at -= datetime.timedelta(minutes=1)
    return int(at.timestamp())


def main():
    try:
        zoneinfo.ZoneInfo('Pacific/Marquesas')
    except zoneinfo.ZoneInfoNotFoundError:
        print('no tz database here')
        return 77
    said = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    lines = said.splitlines()
    names = list(dict.fromkeys(x.split()[0] for x in lines if not x.startswith('wall')))
    wrong = 0
    for name in names:
        ours = [x for x in lines if x.split()[0] == name]
        theirs = list(changes(name))
        if ours != theirs:
            wrong += 1
            print(f'FAILED: {name}: ours {ours[:6]}, theirs {theirs[:6]}')
    walls = [x.split() for x in lines if x.startswith('wall')]
    for _, name, day, minute, seconds in walls:
        if instant(name, int(day), int(minute)) != int(seconds):
            wrong += 1
            print(f'FAILED: {name} day {day} minute {minute}: {seconds}')
    print(f'{len(names)} zones, {len(lines) - len(walls)} changes, {len(walls)} walls: {wrong} wrong')
    return 1 if wrong or len(names) < 16 or len(walls) < 10000 else 0


if __name__ == '__main__':
    sys.exit(main())
