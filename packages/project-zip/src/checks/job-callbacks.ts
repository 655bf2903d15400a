import type { Properties } from '@lockstep/domain';
import { propertyOf } from '@lockstep/props';
import type { LoadLimits } from '../load-options.js';

/** Problems of `job.notification.<event>.<n>.…`, in the words of Azkaban's JobCallbackValidator. */
export function checkCallbacks(
  properties: Properties,
  { maxCallbacks, maxCallbackBodyLength }: Pick<LoadLimits, 'maxCallbacks' | 'maxCallbackBodyLength'>,
): readonly string[] {
  return CALLBACK_EVENTS.flatMap((event) => {
    const read = (sequence: number, part: string) =>
      propertyOf(properties, `job.notification.${event}.${sequence}.${part}`);
    const messages: string[] = [];
    if (read(0, 'url') !== undefined) messages.push('Sequence number starts at 1, not 0');
    for (let sequence = 1; sequence <= maxCallbacks; sequence++) {
      const url = read(sequence, 'url');
      if (url === undefined || url === '') break; // A gap ends the sequence; what follows is never called.
      const message = methodProblem({
        url,
        method: read(sequence, 'method') ?? 'GET',
        body: read(sequence, 'body') ?? '',
        maxBodyLength: maxCallbackBodyLength,
      });
      if (message !== undefined) messages.push(message);
    }
    return messages;
  });
}

const CALLBACK_EVENTS = ['started', 'success', 'failure', 'completed'] as const;

interface Callback {
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly maxBodyLength: number;
}

function methodProblem({ url, method, body, maxBodyLength }: Callback): string | undefined {
  if (method === 'GET') return undefined;
  if (method !== 'POST') return `Unsupported request method: ${method} Only POST and GET are supported`;
  if (body === '') return `No POST body was specified for job callback '${url}'`;
  if (body.length <= maxBodyLength) return undefined;
  return `POST body length is : ${body.length} which is larger than supported length of ${maxBodyLength}`;
}
