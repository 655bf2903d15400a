import { getHeapStatistics } from 'node:v8';
import { prettyJson } from '../../kit/pretty-json.js';
import type { Exchange } from '../exchange.js';
import { sendEmpty } from '../reply.js';

/** `/status`: a health check without login, GET only. Ends with CR LF, as Azkaban's does. */
export async function sendStatus({ options, request, response }: Exchange): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    sendEmpty(response, 405);
    return;
  }
  const [isDatabaseUp, executors] = await Promise.all([options.isDatabaseUp(), options.executors()]);
  const body = prettyJson({
    version: options.version || 'unknown',
    pid: String(process.pid),
    installationPath: options.installationPath,
    usedMemory: process.memoryUsage().heapUsed,
    xmx: getHeapStatistics().heap_size_limit,
    isDatabaseUp,
    executorStatusMap: new Map(
      executors.map(({ id, host, port, isActive }) => [String(id), { id, host, port, isActive }]),
    ),
  });
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(`${body}\r\n`);
}
