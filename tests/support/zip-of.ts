import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Name of a file in the zip → its text, or a job's properties by name. */
export type ProjectSources = Readonly<Record<string, string | Readonly<Record<string, string | number>>>>;

/** A project zip; a file given as an object becomes a properties file (`{ type: 'noop' }`). */
export async function zipOf(sources: ProjectSources): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, source] of Object.entries(sources)) {
    zip.addBuffer(Buffer.from(typeof source === 'string' ? source : propertiesText(source)), name);
  }
  zip.end();
  return buffer(zip.outputStream);
}

function propertiesText(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');
}
