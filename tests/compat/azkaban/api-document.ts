import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SEEDS = fileURLToPath(new URL('../../../../shared/seeds', import.meta.url));

/** One call the published API document shows, with everything it shows of it. */
export interface DocumentedCall {
  /** Heading it stands under. */
  readonly section: string;
  /** What makes it this call: `ajax=getRunning`, `action=login`, `delete=true`. */
  readonly name: string;
  /** Its curl lines, as they stand there. */
  readonly commands: readonly string[];
  /** The sample answers of the section, as they stand there. */
  readonly samples: readonly string[];
}

/** The calls of the document in its order, or undefined where the document is not beside the repository. */
export function loadApiDocument(): readonly DocumentedCall[] | undefined {
  if (!existsSync(SEEDS)) return undefined;
  const file = readdirSync(SEEDS).find((name) => name.startsWith('004'));
  return file === undefined ? undefined : callsIn(readFileSync(join(SEEDS, file), 'utf8'));
}

function callsIn(text: string): readonly DocumentedCall[] {
  return sectionsOf(text).flatMap(({ title, body }) => {
    const blocks = codeBlocksOf(body);
    const commands = blocks.flatMap((block) => block.split('\n').filter((line) => line.startsWith('curl ')));
    const samples = blocks.filter((block) => !block.includes('curl '));
    const names = [...new Set(commands.map(nameOf))];
    return names.map((name) => ({
      section: title,
      name,
      commands: commands.filter((command) => nameOf(command) === name),
      // Where a section shows several calls, its answer belongs to the last.
      samples: name === names.at(-1) ? samples : [],
    }));
  });
}

/** A heading is a line with a line of dashes under it. */
function sectionsOf(text: string): readonly { title: string; body: string }[] {
  const [, ...pieces] = text.split(/^(.+)\n-{4,}\n/m);
  return pieces.flatMap((title, at) => (at % 2 === 0 ? [{ title, body: pieces[at + 1] ?? '' }] : []));
}

/** The indented text under each `code-block`, without its indentation. */
function codeBlocksOf(body: string): readonly string[] {
  return [...body.matchAll(/^\.\. code-block:: guess\n+((?:[ ]+.*\n|\n)+)/gm)].map(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .join('\n')
      .trim(),
  );
}

function nameOf(command: string): string {
  // The parameter that names a call, wherever it stands in the line.
  const name = /\b(?:ajax|action|delete)=\w+/.exec(command)?.[0];
  if (name === undefined) throw new Error(`No call is named in: ${command}`);
  return name;
}
