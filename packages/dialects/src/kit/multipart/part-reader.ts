import { RequestFault } from '../request-fault.js';
import { type PartHeaders, parsePartHeaders } from './part-headers.js';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PREAMBLE_BYTES = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;

/**
 * Reads a multipart body part by part from a stream, holding no more than about one chunk in memory. It takes what the
 * usual parsers refuse and real clients send: text or a line break before the first boundary, boundaries that begin
 * with dashes, plain line feeds (when the first boundary line ends with one), any part headers.
 * Throws `RequestFault` (400) when the body is no multipart or ends too early.
 */
export class PartReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #dashBoundary: Buffer;
  #delimiter: Buffer;
  #pending: Buffer = Buffer.alloc(0);
  #sourceEnded = false;
  #state: 'preamble' | 'headers' | 'body' | 'end' = 'preamble';

  constructor(source: AsyncIterable<Buffer>, boundary: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#dashBoundary = Buffer.from(`--${boundary}`, 'latin1');
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Headers of the next part (what is left of the current one is skipped), or undefined after the last one. */
  async next(): Promise<PartHeaders | undefined> {
    if (this.#state === 'preamble') await this.#skipPreamble();
    if (this.#state === 'body') for await (const _ of this.body()) void _;
    return this.#state === 'end' ? undefined : this.#readHeaders();
  }

  /** Bytes of the current part. */
  async *body(): AsyncGenerator<Buffer> {
    while (this.#state === 'body') {
      const at = this.#pending.indexOf(this.#delimiter);
      if (at === -1) {
        const keep = Math.min(this.#pending.length, this.#delimiter.length - 1);
        const ready = this.#take(this.#pending.length - keep);
        if (ready.length > 0) yield ready;
        await this.#needMore();
      } else {
        if (at > 0) yield this.#take(at);
        if (!(await this.#passDelimiter(this.#delimiter.length))) yield this.#take(this.#delimiter.length);
      }
    }
  }

  /** Reads to the end of the request, so that an answer can be sent on the connection. */
  async drain(): Promise<void> {
    this.#pending = Buffer.alloc(0);
    this.#state = 'end';
    while (!this.#sourceEnded) await this.#read();
  }

  async #skipPreamble(): Promise<void> {
    let from = 0;
    while (this.#state === 'preamble') {
      const at = this.#pending.indexOf(this.#dashBoundary, from);
      if (at === -1) {
        if (this.#pending.length > MAX_PREAMBLE_BYTES) throw notMultipart();
        await this.#needMore();
      } else if (at > 0 && this.#pending[at - 1] !== LF) {
        from = at + 1;
      } else {
        this.#take(at);
        from = (await this.#passDelimiter(this.#dashBoundary.length)) ? 0 : 1;
      }
    }
  }

  /** Steps over the delimiter that `pending` begins with; false when it only looks like one (its line goes on). */
  async #passDelimiter(length: number): Promise<boolean> {
    let end = length;
    const byteAt = async (index: number): Promise<number | undefined> => {
      while (this.#pending.length <= index && !this.#sourceEnded) await this.#read();
      return this.#pending[index];
    };
    if ((await byteAt(end)) === DASH && (await byteAt(end + 1)) === DASH) {
      await this.drain();
      return true;
    }
    while (((await byteAt(end)) === 0x20 || this.#pending[end] === 0x09) && end < length + MAX_HEADER_BYTES) end++;
    const isCrLf = (await byteAt(end)) === CR && (await byteAt(end + 1)) === LF;
    if (!isCrLf && this.#pending[end] !== LF) {
      if (this.#sourceEnded && end >= this.#pending.length) throw endedEarly();
      return false;
    }
    if (this.#state === 'preamble' && !isCrLf) this.#delimiter = Buffer.concat([Buffer.from('\n'), this.#dashBoundary]);
    this.#take(end + (isCrLf ? 2 : 1));
    this.#state = 'headers';
    return true;
  }

  async #readHeaders(): Promise<PartHeaders> {
    let end = endOfHeaders(this.#pending);
    while (end === undefined && this.#pending.length <= MAX_HEADER_BYTES) {
      await this.#needMore();
      end = endOfHeaders(this.#pending);
    }
    if (end === undefined || end.at > MAX_HEADER_BYTES) throw tooManyHeaders();
    const headers = parsePartHeaders(this.#take(end.at).toString('utf8'));
    this.#take(end.length);
    this.#state = 'body';
    await this.#endEmptyBody();
    return headers;
  }

  /** A part without a body may have its boundary directly behind the blank line. */
  async #endEmptyBody(): Promise<void> {
    while (this.#pending.length < this.#dashBoundary.length && !this.#sourceEnded) {
      if (!this.#dashBoundary.subarray(0, this.#pending.length).equals(this.#pending)) return;
      await this.#read();
    }
    if (this.#pending.subarray(0, this.#dashBoundary.length).equals(this.#dashBoundary)) {
      await this.#passDelimiter(this.#dashBoundary.length);
    }
  }

  #take(length: number): Buffer {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  async #needMore(): Promise<void> {
    if (this.#sourceEnded) throw this.#state === 'preamble' ? notMultipart() : endedEarly();
    await this.#read();
  }

  async #read(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) this.#sourceEnded = true;
    else if (this.#state !== 'end')
      this.#pending = this.#pending.length === 0 ? next.value : Buffer.concat([this.#pending, next.value]);
  }
}

/** Where the header block ends: a blank line, at once or after some headers. */
function endOfHeaders(bytes: Buffer): { at: number; length: number } | undefined {
  if (bytes[0] === LF) return { at: 0, length: 1 };
  if (bytes[0] === CR && bytes[1] === LF) return { at: 0, length: 2 };
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf !== -1 && (lf === -1 || crlf < lf)) return { at: crlf, length: 4 };
  return lf === -1 ? undefined : { at: lf, length: 2 };
}

function tooManyHeaders(): RequestFault {
  return new RequestFault(`A part of the request has more than ${MAX_HEADER_BYTES} bytes of headers.`, { status: 400 });
}

function notMultipart(): RequestFault {
  return new RequestFault('The body has no part: its boundary does not occur in it.', { status: 400 });
}

function endedEarly(): RequestFault {
  return new RequestFault('The body ended before its last boundary; the request was cut off.', { status: 400 });
}
