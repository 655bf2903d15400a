import { IANAZone } from 'luxon';

/**
 * A moment as the clock on the wall shows it, kept as the milliseconds it would have in UTC: 2027-03-28 02:30 on the
 * wall is `Date.UTC(2027, 2, 28, 2, 30)`, in whichever zone the wall stands.
 */
export type WallTime = number;

export interface WallClock {
  /** What the wall shows at an instant (epoch ms). */
  showing(instant: number): WallTime;
  /** The instant (epoch ms) of a time on the wall; the later one, in standard time, where the wall shows it twice. */
  instantOf(wall: WallTime): number;
  /** The time itself; one that the wall skips in spring moves on by as much as the clock jumps. */
  existing(wall: WallTime): WallTime;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Both answers are those of `java.util.GregorianCalendar` (lenient), on which Quartz counts. */
export function createWallClock(timezone: string): WallClock {
  const zone = IANAZone.create(timezone);
  if (!zone.isValid) {
    throw new RangeError(`Time zone "${timezone}" is unknown; use a name such as "Europe/Berlin" or "UTC".`);
  }
  const offsetAt = (instant: number): number => zone.offset(instant) * MINUTE_MS;

  function instantOf(wall: WallTime): number {
    // A day to either side is beyond any offset, so these two are what the zone had and will have around that time.
    const before = offsetAt(wall - DAY_MS);
    const after = offsetAt(wall + DAY_MS);
    if (before === after) return wall - before;
    const later = wall - Math.min(before, after);
    const earlier = wall - Math.max(before, after);
    if (later + offsetAt(later) === wall) return later;
    if (earlier + offsetAt(earlier) === wall) return earlier;
    return wall - before;
  }

  return {
    showing: (instant) => instant + offsetAt(instant),
    instantOf,
    existing: (wall) => {
      const instant = instantOf(wall);
      return instant + offsetAt(instant);
    },
  };
}
