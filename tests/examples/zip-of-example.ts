import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** What is no part of the project: what it is expected to do, and what belongs to the installation. */
const LEFT_OUT = /^(?:expected\.json|README\.md|plugins\/.*)$/;

/** The project as somebody would zip it, with the modes of its files. */
export async function zipOfExample(folder: string): Promise<Buffer> {
  const zip = new ZipFile();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file);
    if (!entry.isFile() || LEFT_OUT.test(path)) continue;
    zip.addBuffer(readFileSync(file), path, { mode: statSync(file).mode });
  }
  zip.end();
  return buffer(zip.outputStream);
}
