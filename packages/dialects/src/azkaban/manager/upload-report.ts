import { DomainError } from '@lockstep/domain';
import { UploadRejected } from '@lockstep/services';

/** Name of the one validator there is, which reads the project; part of the text clients see. */
const VALIDATOR = 'Directory Flow';
const MAX_REPORT_LENGTH = 4000;
const MAX_MESSAGE_LENGTH = 512;

/** The key `warn` of an upload; undefined without warnings. */
export function warningText(warnings: readonly string[]): string | undefined {
  return warnings.length === 0 ? undefined : reportText('warnings', warnings);
}

/** The key `error` of an upload that failed while its file was read or stored. */
export function failureText(error: unknown): string {
  if (!(error instanceof DomainError)) return 'Server Encounter an unknown Error. <br>';
  if (error instanceof UploadRejected) return reportText('errors', error.report.errors);
  // Azkaban's words for every archive it cannot unpack; the reason is in the server's log.
  const message = error.code === 'upload.bad-zip' ? 'Error unzipping file.' : error.message;
  return `Installation Failed.<br>${shortened(message)}`;
}

function reportText(kind: 'errors' | 'warnings', messages: readonly string[]): string {
  const lines = [...new Set(messages)].sort().map((message) => `${message}<br>`);
  return `Validator ${VALIDATOR} reports ${kind}:<br><br>${lines.join('')}`.slice(0, MAX_REPORT_LENGTH);
}

function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  return `${message.slice(0, MAX_MESSAGE_LENGTH)}<br>Too many errors to display.<br>`;
}
