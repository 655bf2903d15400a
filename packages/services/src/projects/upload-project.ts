import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { DomainError } from '@lockstep/domain';
import type { Project, ProjectDefinition, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import type { UploadOutcome } from '../services.js';
import { assertCanUpload } from './assert-can-upload.js';
import { dropOldVersions } from './drop-old-versions.js';
import { storeDependencies } from './store-dependencies.js';
import { UploadRejected } from './upload-rejected.js';

interface CheckedZip {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly definition: ProjectDefinition;
  readonly warnings: readonly string[];
}

/**
 * Stores the zip at `path` as the next version and makes it the current one. WRITE. Executions that run keep the version
 * they started with. On any error nothing is stored and no version number is used.
 * Throws what `assertCanUpload` throws, then `upload.*`; with `upload.rejected` an `UploadRejected`.
 */
export async function uploadProject(
  context: ServiceContext,
  user: User,
  upload: { projectName: string; fileName: string; path: string },
): Promise<UploadOutcome> {
  const project = await assertCanUpload(context, user, upload.projectName);
  const zip = await checkZip(context, upload);
  const { version, warnings } = await storeVersion(context, { project, user, zip });
  await dropOldVersions(context, { project, user, currentVersion: version });
  const stored = await context.stores.projects.findById(project.id);
  return {
    project: stored ?? { ...project, currentVersion: version },
    version,
    warnings: [...zip.warnings, ...warnings],
  };
}

async function checkZip(
  { limits, readProjectZip }: ServiceContext,
  { path, fileName: givenName }: { path: string; fileName: string },
): Promise<CheckedZip> {
  const fileName = withoutFolders(givenName);
  assertNamedZip(fileName);
  const { size: sizeBytes } = await stat(path);
  if (sizeBytes > limits.uploadMaxBytes) throw new DomainError('upload.too-large', { limit: limits.uploadMaxBytes });

  const { definition, errors, warnings, fatal } = await readProjectZip({ zipPath: path });
  if (fatal !== undefined) throw new DomainError('upload.unusable-project', { reason: fatal });
  if (errors.length > 0) throw new UploadRejected({ errors, warnings });
  return { path, fileName, sizeBytes, definition, warnings };
}

function assertNamedZip(fileName: string): void {
  // What follows the last dot, also where it is the first character.
  const extension = /\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (extension !== 'zip') throw new DomainError('upload.bad-extension', { file: fileName, extension });
}

/** Old browsers send the whole path, in either system's spelling. */
function withoutFolders(fileName: string): string {
  return basename(fileName.replaceAll('\\', '/'));
}

/** One transaction for bytes and version, so that a failure leaves neither. The file is read twice: the bytes are kept by their hash. */
async function storeVersion(
  { unitOfWork, clock }: ServiceContext,
  { project, user, zip }: { project: Project; user: User; zip: CheckedZip },
): Promise<{ version: number; warnings: readonly string[] }> {
  const contentHash = await hashFile(zip.path);
  return unitOfWork.transaction(async (stores) => {
    const at = clock.now();
    await stores.projectFiles.write(contentHash, bytesOf(zip.path));
    const version = await stores.projects.addVersion({
      projectId: project.id,
      uploadedAt: at,
      uploadedBy: user.name,
      fileName: zip.fileName,
      sizeBytes: zip.sizeBytes,
      contentHash,
      flowIds: startableFlows(zip.definition),
      definition: zip.definition,
    });
    await stores.projects.addEvent({
      projectId: project.id,
      at,
      user: user.name,
      type: 'UPLOADED',
      message: `Uploaded project files zip ${zip.fileName}`,
    });
    return { version, warnings: await storeDependencies(stores, { project, definition: zip.definition }) };
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of bytesOf(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** Opens the file only when somebody reads: a store that has these bytes already leaves no open file behind. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  for await (const bytes of createReadStream(path)) yield bytes as Uint8Array;
}

function startableFlows({ flows }: ProjectDefinition): readonly string[] {
  return Object.values(flows)
    .filter((flow) => !flow.embedded)
    .map((flow) => flow.id);
}
