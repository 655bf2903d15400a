import type { ReceivedMultipart } from '../../kit/multipart/receive-multipart.js';
import type { UserExchange } from '../exchange.js';
import { sendEmpty, sendJson } from '../reply.js';
import { uploadByForm, uploadByScript } from './upload-project.js';

/** A multipart POST. Only uploads to `/manager` mean anything; `ajax=upload` may stand in a part or in the address. */
export async function handleMultipartForm(exchange: UserExchange, form: ReceivedMultipart): Promise<void> {
  const { parameters, path, response } = exchange;
  if (path !== '/manager') return sendEmpty(response);
  const ajax = parameters.get('ajax');
  if (ajax === 'upload') return uploadByScript(exchange, form);
  if (ajax !== undefined) return sendJson(response, {});
  if (parameters.get('action') === 'upload') return uploadByForm(exchange, form);
  return sendEmpty(response);
}
