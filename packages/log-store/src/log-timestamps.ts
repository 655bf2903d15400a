/**
 * Makes the time stamps of log lines, `dd-MM-yyyy HH:mm:ss z`. The text of a second is made once, since a chatty worker
 * stamps a million lines in it.
 */
export function createLogTimestamps({ timeZone }: { readonly timeZone: string }): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const zoneName = createZoneNames(timeZone);
  let lastSecond = Number.NaN;
  let lastText = '';

  return (atMs) => {
    const second = Math.floor(atMs / 1000);
    if (second === lastSecond) return lastText;
    const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    lastSecond = second;
    lastText =
      `${part['day']}-${part['month']}-${part['year']} ` +
      `${part['hour']}:${part['minute']}:${part['second']} ${zoneName(atMs)}`;
    return lastText;
  };
}

/** Short names differ by locale: each knows those of its own region, and says `GMT+2` for the others. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

/** Zones no English locale has a short name for, though everybody there uses one. */
const KNOWN_ZONES: Readonly<Record<string, string>> = {
  'Asia/Shanghai': 'CST',
  'Asia/Taipei': 'CST',
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Singapore': 'SGT',
  'Asia/Kolkata': 'IST',
  'Asia/Calcutta': 'IST',
  'Europe/Moscow': 'MSK',
  'America/Sao_Paulo': 'BRT',
};

function createZoneNames(timeZone: string): (atMs: number) => string {
  const known = KNOWN_ZONES[timeZone];
  if (known !== undefined) return () => known;
  const formats = LOCALES.map((locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }));
  return (atMs) => {
    const names = formats.map(
      (format) => format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value,
    );
    return names.find((name) => name !== undefined && /^[A-Z]{2,5}$/.test(name)) ?? names[0] ?? timeZone;
  };
}
