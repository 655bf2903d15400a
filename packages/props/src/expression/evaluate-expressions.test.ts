import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PropertyError } from '../property-error.js';
import { evaluateExpressions } from './evaluate-expressions.js';

const BERLIN = { now: Date.parse('2024-03-31T15:04:05.067Z'), timeZone: 'Europe/Berlin', maxLength: 100_000 };

const evaluate = (value: string): string => evaluateExpressions(value, BERLIN);
const date = 'new("org.joda.time.DateTime")';

describe('evaluateExpressions', () => {
  it.each([
    ['$(1+10)', '11'],
    ['$($(1+3)*10)', '40'],
    ['$(7/2)', '3'],
    ['$(7/2.0)', '3.5'],
    ['$("2020"+1)', '2021'],
    ["$('a'+'b')", 'ab'],
    ['$("normal"+1)', 'normal1'],
    ["$(3>2?'y':'n')", 'y'],
    ["$('abc'.toUpperCase())", 'ABC'],
    ['$("10"-1)', '9'],
    ['$(1+undefinedName)', '1'],
    ['$(date)', '$(date)'],
    ['$(pwd)', '$(pwd)'],
    ['$(anyWord)', '$(anyWord)'],
    ['$(ls -l)', '0'],
    [`$(${date}.minusDays(1).toString("yyyy-MM-dd"))`, '2024-03-30'],
  ])('%s gives %s (the table of the reference)', (value, expected) => {
    expect(evaluate(value)).toBe(expected);
  });

  it.each([
    ['$(date +%Y)', /^Expression \$\(date \+%Y\) not well formed\. ./],
    ['$(cat f)', /^Expression \$\(cat f\) not well formed\. ./],
    ['$(seq 1 5)', /^Expression \$\(seq 1 5\) not well formed\. ./],
    ['$(1,2)', /^Expression \$\(1,2\) not well formed\. ./],
    ['echo $(1+1', /^Expression echo \$\(1\+1 not well formed\.$/],
    ['$((1)', /^Expression \$\(\(1\) not well formed\.$/],
    ['$(1/0)', /Division by zero/],
    ['$("abc"-1)', /Cannot calculate the text "abc" - 1/],
    ['$("abc">1)', /Cannot compare/],
    ["$('open)", /Cannot read/],
    ["$('a'.matches('b'))", /There is no method "matches" of a text here; there are: charAt, /],
    ['$(new("java.io.File","/etc/passwd").exists())', /There is no class "java\.io\.File" here/],
    [`$(${date}.getClass())`, /There is no method "getClass"/],
    [`$(${date}.withDayOfMonth(32))`, /Value 32 for dayOfMonth must be in the range \[1,31\]/],
    [`$(${date}.toString("yyyy b"))`, /Illegal pattern component: b/],
    [`$(${date}.plusDays("x"))`, /plusDays needs a whole number, not the text "x"/],
    [`$(${date}.plusYears(999999))`, /not a date/],
    [`$(${'('.repeat(50_000)}1${')'.repeat(50_000)})`, /nested more than/],
    [`$(${'-'.repeat(50_000)}1)`, /nested more than/],
    [`$('${'a'.repeat(1000)}'.replace('a','${'b'.repeat(1000)}'))`, /grows beyond/],
    [`$(${'9'.repeat(900)}*${'9'.repeat(900)})`, /more than 1000 digits/],
  ])('refuses %.60s', (value, message) => {
    expect(() => evaluate(value)).toThrow(PropertyError);
    expect(() => evaluate(value)).toThrow(message);
  });

  it.each([
    ['a $(1) b $(2) c', 'a 1 b 2 c'],
    ['no expression $ ( here', 'no expression $ ( here'],
    ['$(1+1) $(date)', '$(1+1) $(date)'],
    ['$(date) $(1+1)', '$(date) 2'],
    ['$()', '$()'],
    ['$(null)', '$(null)'],
    ["$('$'+'(1+1)')", '2'],
    ['$(08+1)', '9'],
    ['$(2147483647+1)', '2147483648'],
    ['$(1.0)', '1.0'],
    ['$(10.0*1000000)', '1.0E7'],
    ['$(0.1+0.2)', '0.30000000000000004'],
    ['$(-7/2)', '-3'],
    ['$(-7%3)', '-1'],
    ['$(2+3*4-(1-5))', '18'],
    ['$(7 div 2 + 7 mod 2)', '4'],
    ['$("1.5"+1)', '2.5'],
    ['$(1==1.0)', 'true'],
    ["$('a' eq 'a' and not ('b' ne 'b'))", 'true'],
    ['$(1 lt 2 && 2 le 2 || 3 gt 4)', 'true'],
    ['$(null==undefinedName)', 'true'],
    ['$(null<1)', 'false'],
    ['$(undefinedName ?: "default")', 'default'],
    ['$(undefinedName ? 1 : 2)', '2'],
    ['$(undefinedName.foo.bar())', '$(undefinedName.foo.bar())'],
    ['$(unknownFunction(1))', '$(unknownFunction(1))'],
    ['$(empty(""))', 'true'],
    ['$(size("abc"))', '3'],
    ["$('Hello'.substring(1,3).concat('!').length())", '3'],
    ["$(' a-b '.trim().replace('-','_'))", 'a_b'],
    ["$('a.b.c'.split('\\\\.')[1])", 'b'],
    ["$('x=1,2'.indexOf(','))", '3'],
    ["$('abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b'))", 'true'],
    ['$("it\\"s")', 'it"s'],
    ["$('日本'.length())", '2'],
  ])('%s gives %s', (value, expected) => {
    expect(evaluate(value)).toBe(expected);
  });

  it.each([
    [`${date}`, '2024-03-31T17:04:05.067+02:00'],
    [`${date}.toString()`, '2024-03-31T17:04:05.067+02:00'],
    [`${date}.minusMonths(1).toString("yyyyMMdd")`, '20240229'],
    [
      `${date}.plusYears(-1).minusWeeks(1).plusHours(7).minusMinutes(4).minusSeconds(5).toString("yyyy-MM-dd HH:mm:ss")`,
      '2023-03-25 00:00:00',
    ],
    [
      `${date}.withDayOfMonth(1).withTimeAtStartOfDay().toString("yyyy-MM-dd'T'HH:mm:ss.SSSZZ")`,
      '2024-03-01T00:00:00.000+01:00',
    ],
    [`${date}.dayOfMonth().withMaximumValue().getDayOfMonth()`, '31'],
    [`${date}.withMonthOfYear(2).toString("d MMMM yy")`, '29 February 24'],
    [
      `${date}.toString("EEE EEEE MMM d, ''yy 'o''clock' h a KK kk DDD e ww xxxx SS")`,
      "Sun Sunday Mar 31, '24 o'clock 5 PM 05 17 091 7 13 2024 06",
    ],
    [`${date}.getMillis()`, String(BERLIN.now)],
    [`${date}.year + "/" + ${date}.getDayOfWeek()`, '2024/7'],
    [`${date}.isAfter(${date}.minusDays(1)) && ${date}.minusDays(1) < ${date}`, 'true'],
    [`new("org.joda.time.DateTime", 0).toString("yyyy-MM-dd HH:mm")`, '1970-01-01 01:00'],
    [`new("org.joda.time.DateTime", "2020-02-29").plusYears(1).toString("yyyy-MM-dd")`, '2021-02-28'],
    [`new("org.joda.time.DateTime", 2020, 2, 29, 1, 2).toString("yyyyMMddHHmm")`, '202002290102'],
    [`${date}.withZone(org.joda.time.DateTimeZone.UTC).toString("HH:mm Z ZZZ")`, '15:04 +0000 UTC'],
    [`new("org.joda.time.DateTime", org.joda.time.DateTimeZone.forID("Asia/Tokyo")).toString("HH")`, '00'],
    [`new("org.joda.time.LocalDate").minusDays(31)`, '2024-02-29'],
    [`org.joda.time.DateTime.now().plusDays(1).toString("yyyy")`, '2024'],
    [`org.joda.time.format.DateTimeFormat.forPattern("yyyy/MM").print(${date})`, '2024/03'],
    ['new("java.util.Date").getTime()', String(BERLIN.now)],
    [
      'new("java.text.SimpleDateFormat","yyyy-MM-dd\'T\'HH:mm:ss.SSSXXX").format(new("java.util.Date"))',
      '2024-03-31T17:04:05.067+02:00',
    ],
    ['new("java.text.SimpleDateFormat","S u").format(new("java.util.Date", 7))', '7 4'],
    ['java.lang.System.currentTimeMillis()', String(BERLIN.now)],
    ['new("java.lang.System").currentTimeMillis() / 1000', String(Math.floor(BERLIN.now / 1000))],
  ])('knows dates: %s', (expression, expected) => {
    expect(evaluate(`$(${expression})`)).toBe(expected);
  });

  it('stops a value with endlessly many expressions', () => {
    expect(() => evaluate('$(1)'.repeat(1_001))).toThrow(/more than 1000 expressions/);
    // A result that is the expression itself again.
    const again = String.raw`$('\u0024(' + x + ')')`;
    expect(evaluate(again)).toBe('$()');
  });

  it('reads long texts and long runs of blanks in no time', () => {
    const long = 'x'.repeat(90_000);
    expect(evaluate(`$('${long}'.length())`)).toBe('90000');
    expect(evaluate(`$('a${' '.repeat(90_000)}b'.trim().length())`)).toBe('90002');
    expect(() => evaluate(`$('${long})`)).toThrow(PropertyError);
  }, 1_000);

  it('calculates integers as Java does', () => {
    const operator = fc.constantFrom('+', '-', '*', '/', '%');
    fc.assert(
      fc.property(
        fc.integer(),
        operator,
        fc.integer().filter((n) => n !== 0),
        (left, sign, right) => {
          const [a, b] = [BigInt(left), BigInt(right)];
          const expected = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b }[sign];
          expect(evaluate(`$(${left} ${sign} (${right}))`)).toBe(String(expected));
          expect(evaluate(`$("${left}" ${sign} "${right}")`)).toBe(String(expected));
        },
      ),
    );
  });

  it('keeps precedence and brackets, compared with JavaScript on integers', () => {
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.nat({ max: 9 }).map(String),
        fc.tuple(tie('tree'), fc.constantFrom(' + ', ' - ', ' * '), tie('tree')).map((parts) => parts.join('')),
        tie('tree').map((inner) => `(${inner})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the oracle is the point of this test
        expect(evaluate(`$(${text})`)).toBe(String((new Function(`return ${text}`) as () => number)() + 0));
      }),
    );
  });

  it('gives a text or a PropertyError for whatever it is handed', () => {
    const piece = fc.constantFrom(
      '$(',
      '(',
      ')',
      '1',
      '1.5',
      '"',
      "'",
      '+',
      '.',
      'new',
      ',',
      'x',
      ' ',
      '?',
      ':',
      '!',
      '[',
      ']',
      'size',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        try {
          expect(typeof evaluate(`$(${pieces.join('')})`)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(PropertyError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
