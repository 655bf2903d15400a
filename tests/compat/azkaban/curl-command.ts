import type { Call } from './azkaban-api.js';
import { multipart, type Part } from './multipart.js';

/** What the options of a curl line add up to. */
interface Line {
  url: string;
  isGet: boolean;
  readonly headers: Record<string, string>;
  readonly data: string[];
  readonly parts: Part[];
}

/** The file a line uploads, by the name it has there. */
export type FilesOfCurl = Readonly<Record<string, Buffer>>;

/** The request curl would send for a line, on whatever host: the forms the document uses, and no others. */
export function requestOfCurl(
  command: string,
  files: FilesOfCurl = {},
): { readonly path: string; readonly call: Call } {
  const [, ...words] = wordsOf(command);
  const line: Line = { url: '', isGet: false, headers: {}, data: [], parts: [] };
  while (words.length > 0) take(words, line, files);
  const path = line.url.replace(/^https?:\/\/[^/]+/, '') || '/';
  if (line.parts.length > 0) return { path, call: formOf(line) };
  const data = line.data.join('&');
  if (line.isGet) return { path: `${path}?${data}`, call: { headers: line.headers } };
  return { path, call: { method: 'POST', headers: line.headers, form: data } };
}

function take(words: string[], line: Line, files: FilesOfCurl): void {
  const word = words.shift() ?? '';
  const value = (): string => words.shift() ?? '';
  switch (word) {
    case '-k':
    case '-i':
      return;
    case '-X':
      return void value();
    case '--get':
      line.isGet = true;
      return;
    case '-d':
    case '--data':
      return void line.data.push(value());
    case '-b':
      line.headers['Cookie'] = value();
      return;
    case '-H': {
      const [name = '', text = ''] = value().split(': ');
      line.headers[name] = text;
      return;
    }
    case '--form':
      return void line.parts.push(partOf(value(), files));
    default:
      if (word.startsWith('-')) throw new Error(`What does curl do with ${word}?`);
      line.url = word;
  }
}

/** `name=value`, or `name=@file;type=…`. An attribute curl does not know is dropped, as curl does. */
function partOf(text: string, files: FilesOfCurl): Part {
  const [, name = '', rest = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  const [content = '', ...attributes] = rest.split(';');
  if (!content.startsWith('@')) return { name, content };
  const fileName = content.slice(1);
  const file = files[fileName];
  if (file === undefined) throw new Error(`There is no file ${fileName}.`);
  const type = attributes.find((attribute) => attribute.startsWith('type='))?.slice('type='.length);
  return { name, content: file, fileName, ...(type !== undefined && { type }) };
}

/** With `multipart/mixed` forced on it, curl calls every part an attachment. */
function formOf({ headers, parts }: Line): Call {
  const isMixed = headers['Content-Type'] === 'multipart/mixed';
  return isMixed ? multipart(parts, { subtype: 'mixed', disposition: 'attachment' }) : multipart(parts);
}

/** Words as a shell splits them: quotes of both kinds, nothing else. */
function wordsOf(command: string): string[] {
  const pieces = /(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g;
  const words: string[] = [];
  let end = -1;
  for (const match of command.matchAll(pieces)) {
    const text = match[1] ?? match[2] ?? match[3] ?? '';
    if (match.index === end) words[words.length - 1] += text;
    else words.push(text);
    end = match.index + match[0].length;
  }
  return words;
}
