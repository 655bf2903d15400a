import type { ServerResponse } from 'node:http';
import { DomainError } from '@lockstep/domain';
import { escapeMessage } from './escape-html.js';
import { HTTP_STATUS } from './http-status.js';
import type { Log } from './log.js';
import { RequestFault } from './request-fault.js';

/**
 * Answers a fault with an HTML page that has the sentence in its title and its body. Never a stack trace; an error that
 * is no `RequestFault` is logged whole and shown as a server error.
 */
export function sendFault(
  response: ServerResponse,
  error: unknown,
  { log, method, path }: { log: Log; method: string; path: string },
): void {
  const fault = error instanceof RequestFault ? error : asFault(error);
  if (fault === undefined) log.error({ err: error, method, path }, `${method} ${path} failed.`);
  const { status, message } = fault ?? { status: 500, message: 'The server could not answer; its log says why.' };
  const title = escapeMessage(`Error ${status} ${message}`);
  const page = `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<title>${title}</title>
</head>
<body>
<h2>HTTP ERROR ${status}</h2>
<p>${escapeMessage(message)}</p>
</body>
</html>
`;
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=UTF-8',
    'Cache-Control': 'must-revalidate,no-cache,no-store',
    'Content-Length': Buffer.byteLength(page),
  });
  response.end(page);
}

/** Errors of the domain nobody has put into words before, and those express blames on the client (4xx). */
function asFault(error: unknown): { status: number; message: string } | undefined {
  if (error instanceof DomainError) return { status: HTTP_STATUS[error.kind], message: error.message };
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? { status: error.status, message: 'Bad request.' } : undefined;
}
