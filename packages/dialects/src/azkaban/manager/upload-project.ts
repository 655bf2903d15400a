import { DomainError, type Project } from '@lockstep/domain';
import type { ReceivedFile, ReceivedMultipart } from '../../kit/multipart/receive-multipart.js';
import { RequestFault } from '../../kit/request-fault.js';
import type { UserExchange } from '../exchange.js';
import { setFlash } from '../flash-messages.js';
import { UPLOAD_REFUSALS } from '../messages.js';
import { redirect, sendJson } from '../reply.js';
import { failureText, warningText } from './upload-report.js';

/** Ids of the answer are strings: that is how Azkaban sends them. */
interface UploadAnswer {
  readonly status: number;
  readonly error?: string;
  readonly warn?: string;
  readonly projectId?: string;
  readonly version?: string;
}

/** `ajax=upload`: JSON; see section 3.2.3 of the API reference for the status codes. */
export async function uploadByScript(exchange: UserExchange, form: ReceivedMultipart): Promise<void> {
  const { status, ...body } = await upload(exchange, form);
  sendJson(exchange.response, body, exchange.options.alwaysUpload200 ? 200 : status);
}

/** `action=upload`, from the browser's form: the outcome is shown on the project's page. */
export async function uploadByForm(exchange: UserExchange, form: ReceivedMultipart): Promise<void> {
  const { error, warn } = await upload(exchange, form);
  if (error !== undefined) setFlash(exchange, 'failure', error);
  if (warn !== undefined) setFlash(exchange, 'warn', warn);
  const project = encodeURIComponent(projectNameOf(exchange));
  redirect(exchange.request, exchange.response, `/manager?project=${project}`);
}

async function upload(exchange: UserExchange, { file }: ReceivedMultipart): Promise<UploadAnswer> {
  const projectName = projectNameOf(exchange);
  if (projectName === '') return { status: 400, error: 'No project name found.' };
  let project: Project;
  let checked: ReceivedFile;
  try {
    project = await exchange.services.projects.assertCanUpload(exchange.user, projectName);
    checked = checkFile(file, exchange.options.maxUploadBytes);
  } catch (error) {
    const refusal = error instanceof DomainError ? UPLOAD_REFUSALS[error.code] : undefined;
    if (refusal === undefined || !(error instanceof DomainError)) throw error;
    return { status: refusal.status, error: refusal.text(error.details) };
  }
  return install(exchange, { project, file: checked });
}

async function install(
  { options, services, user }: UserExchange,
  { project, file }: { project: Project; file: ReceivedFile },
): Promise<UploadAnswer> {
  const projectId = String(project.id);
  try {
    const { fileName, path } = file;
    const { version, warnings } = await services.projects.upload(user, { projectName: project.name, fileName, path });
    const warn = warningText(warnings);
    return { status: 200, ...(warn !== undefined && { warn }), projectId, version: String(version) };
  } catch (error) {
    const about = { project: project.name, user: user.name };
    if (!(error instanceof DomainError)) options.log.error({ err: error, ...about }, 'An upload failed.');
    else if (error.code === 'upload.bad-zip')
      options.log.info({ ...about, ...error.details }, 'A zip cannot be unpacked.');
    const version = String((await services.projects.findById(project.id))?.currentVersion ?? project.currentVersion);
    const status = error instanceof DomainError ? (UPLOAD_REFUSALS[error.code]?.status ?? 500) : 500;
    return { status, error: failureText(error), projectId, version };
  }
}

function checkFile(file: ReceivedFile | undefined, limit: number | undefined): ReceivedFile {
  if (file === undefined) throw new RequestFault("The upload has no part 'file' with a file name.");
  // What follows the last dot.
  const extension = /\.([^.]*)$/.exec(file.fileName)?.[1]?.toLowerCase() ?? '';
  if (extension !== 'zip') throw new DomainError('upload.bad-extension', { file: file.fileName, extension });
  const contentType = file.contentType ?? 'null';
  if (!/^application\/(?:zip|x-zip-compressed|octet-stream)/i.test(contentType)) {
    throw new DomainError('upload.bad-content-type', { contentType });
  }
  if (file.tooLarge) throw new DomainError('upload.too-large', { limit: limit ?? 0 });
  return file;
}

/** No name has a semicolon: what follows one is an attribute meant for the part (`MyProject;type/plain`). */
function projectNameOf({ parameters }: UserExchange): string {
  return (parameters.get('project') ?? '').replace(/;.*$/s, '').trim();
}
