import { pipeline } from 'node:stream/promises';
import { DomainError } from '@lockstep/domain';
import { RequestFault } from '../../kit/request-fault.js';
import type { UserExchange } from '../exchange.js';
import { setFlash } from '../flash-messages.js';
import { DOWNLOAD_TEXTS, wording } from '../messages.js';
import { redirect } from '../reply.js';

const LATEST = -1;

/** GET `download`: the zip of a version as it was uploaded. */
export async function downloadProject(exchange: UserExchange): Promise<void> {
  const { parameters, request, response, services, user } = exchange;
  const projectName = parameters.required('project');
  const wanted = parameters.int('version', LATEST);
  try {
    const { project, version, bytes } = await services.projects.download(user, {
      projectName,
      ...(wanted !== LATEST && { version: wanted }),
    });
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${headerSafe(version.fileName)}"`,
      'Content-Length': version.sizeBytes,
      version: version.version,
      projectId: project.id,
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(bytes, response);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'version.removed') throw new RequestFault(error.message, { cause: error });
    setFlash(exchange, 'failure', wording(error, DOWNLOAD_TEXTS));
    redirect(request, response, '/');
  }
}

/** Printable ASCII without quotes and backslashes. */
function headerSafe(fileName: string): string {
  return fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
}
