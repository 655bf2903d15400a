import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** The project as it is uploaded: a zip as it lies there, or a folder with everything in it, zipped. */
export async function zipOfProject(path: string): Promise<Buffer> {
  if (path.endsWith('.zip')) return readFileSync(path);
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return zipOfFiles(
    Object.fromEntries(
      files.map(({ parentPath, name }) => [
        relative(path, join(parentPath, name)),
        readFileSync(join(parentPath, name)),
      ]),
    ),
  );
}

/** Contents by path inside the zip. */
export async function zipOfFiles(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  return buffer(zip.outputStream);
}
