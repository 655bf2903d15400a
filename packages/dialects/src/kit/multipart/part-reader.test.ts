import { describe, expect, it } from '@jest/globals';
import { RequestFault } from '../request-fault.js';
import { PartReader } from './part-reader.js';

interface Part {
  readonly name: string;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly text: string;
}

async function readAll(bytes: Buffer, boundary: string, chunkSize: number): Promise<readonly Part[]> {
  const reader = new PartReader(chunksOf(bytes, chunkSize), boundary);
  const parts: Part[] = [];
  for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
    const chunks: Buffer[] = [];
    for await (const chunk of reader.body()) chunks.push(Buffer.from(chunk));
    parts.push({ ...part, text: Buffer.concat(chunks).toString('latin1') });
  }
  return parts;
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const TWO = [
  { name: 'a', text: '1' },
  { name: 'file', fileName: 'x.zip', contentType: 'application/zip', text: 'PK' },
];
const A = 'Content-Disposition: form-data; name="a"';
const FILE = 'Content-Disposition: form-data; name="file"; filename="x.zip"\r\nContent-Type: application/zip';

const VARIANTS: readonly [title: string, boundary: string, body: string, parts: readonly Part[]][] = [
  ['the usual form', 'B', `--B\r\n${A}\r\n\r\n1\r\n--B\r\n${FILE}\r\n\r\nPK\r\n--B--\r\n`, TWO],
  ['no line break at the end', 'B', `--B\r\n${A}\r\n\r\n1\r\n--B\r\n${FILE}\r\n\r\nPK\r\n--B--`, TWO],
  ['a line break first', 'B', `\r\n--B\r\n${A}\r\n\r\n1\r\n--B\r\n${FILE}\r\n\r\nPK\r\n--B--`, TWO],
  ['a preamble and an epilogue', 'B', `hello --B\r\n--B\r\n${A}\r\n\r\n1\r\n--B--\r\nbye\r\n--B\r\n`, [TWO[0]!]],
  ['a dashed boundary', '----x', `------x\r\n${A}\r\n\r\n1\r\n------x\r\n${FILE}\r\n\r\nPK\r\n------x--`, TWO],
  ['plain line feeds', 'B', `--B\n${A}\n\n1\n--B\n${FILE.replace('\r', '')}\n\nPK\n--B--\n`, TWO],
  ['blanks behind a boundary', 'B', `--B \t\r\n${A}\r\n\r\n1\r\n--B--`, [TWO[0]!]],
  [
    'dispositions of multipart/mixed',
    'B',
    `--B\r\n${A.replace('form-data', 'attachment')}\r\n\r\n1\r\n--B\r\n${FILE.replace('form-data', 'attachment')}\r\n\r\nPK\r\n--B--`,
    TWO,
  ],
  [
    'parts with headers of their own',
    'B',
    `--B\r\n${A}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n1\r\n--B\r\n${FILE}\r\nContent-Length: 2\r\nContent-Transfer-Encoding: binary\r\n\r\nPK\r\n--B--`,
    [{ ...TWO[0]!, contentType: 'text/plain; charset=UTF-8' }, TWO[1]!],
  ],
  ['an empty body', 'B', `--B\r\n${A}\r\n\r\n\r\n--B--`, [{ name: 'a', text: '' }]],
  ['an empty body without its line break', 'B', `--B\r\n${A}\r\n\r\n--B--`, [{ name: 'a', text: '' }]],
  ['a part without headers', 'B', `--B\r\n\r\nx\r\n--B--`, [{ name: '', text: 'x' }]],
  [
    'data like a boundary',
    'B',
    `--B\r\n${A}\r\n\r\n1\r\n--Bx\r\n--\r\n-\r\n--B--`,
    [{ name: 'a', text: '1\r\n--Bx\r\n--\r\n-' }],
  ],
  ['data ending in carriage returns', 'B', `--B\r\n${A}\r\n\r\n1\r\r\n--B--`, [{ name: 'a', text: '1\r' }]],
  ['no parts', 'B', `--B--\r\n`, []],
  ['a name without quotes', 'B', `--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B--`, [TWO[0]!]],
  [
    'headers in any letter case, folded',
    'B',
    `--B\r\ncontent-DISPOSITION: form-data;\r\n  NAME="a"\r\n\r\n1\r\n--B--`,
    [TWO[0]!],
  ],
  [
    'a file name with its folder and escaped quotes',
    'B',
    `--B\r\nContent-Disposition: form-data; name="file"; filename="C:\\dir\\a\\"b.zip"\r\n\r\nPK\r\n--B--`,
    [{ name: 'file', fileName: 'a"b.zip', text: 'PK' }],
  ],
  [
    'an encoded file name',
    'B',
    `--B\r\nContent-Disposition: form-data; name="file"; filename="x"; filename*=UTF-8''na%C3%AFve.zip\r\n\r\nPK\r\n--B--`,
    [{ name: 'file', fileName: 'naïve.zip', text: 'PK' }],
  ],
];

describe('PartReader', () => {
  it.each(VARIANTS)('reads %s, however it is cut into chunks', async (_title, boundary, body, expected) => {
    const bytes = Buffer.from(body);
    for (const size of [1, 2, 3, 7, 16, bytes.length]) {
      expect(await readAll(bytes, boundary, size)).toEqual(expected);
    }
  });

  it('keeps the bytes of a file, whatever they are', async () => {
    const data = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256));
    const bytes = Buffer.concat([Buffer.from(`--B\r\n${FILE}\r\n\r\n`), data, Buffer.from('\r\n--B--\r\n')]);
    const [part] = await readAll(bytes, 'B', 4096);
    expect(Buffer.from(part?.text ?? '', 'latin1').equals(data)).toBe(true);
  });

  it('skips what is left of a part when the next one is asked for', async () => {
    const reader = new PartReader(
      chunksOf(Buffer.from(`--B\r\n${FILE}\r\n\r\nPKPKPK\r\n--B\r\n${A}\r\n\r\n1\r\n--B--`), 5),
      'B',
    );
    expect((await reader.next())?.name).toBe('file');
    expect((await reader.next())?.name).toBe('a');
    expect(await reader.next()).toBeUndefined();
  });

  it.each([
    ['never has the boundary', 'nothing here'],
    ['is empty', ''],
    ['ends in the headers', `--B\r\n${A}`],
    ['ends in the body', `--B\r\n${A}\r\n\r\n1`],
    ['ends at a boundary', `--B\r\n${A}\r\n\r\n1\r\n--B`],
    ['has headers without end', `--B\r\n${'x: y\r\n'.repeat(5000)}`],
    ['has a preamble without end', 'x'.repeat(200_000)],
  ])('refuses a body that %s', async (_title, body) => {
    await expect(readAll(Buffer.from(body), 'B', 1000)).rejects.toThrow(RequestFault);
  });
});
