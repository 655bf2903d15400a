import type { Exchange } from '../exchange.js';
import { redirect } from '../reply.js';
import { sessionIdOf } from './session-cookie.js';

/** `?logout` by GET, on any path, with or without a session. The browser keeps its cookie, as with Azkaban. */
export async function logout(exchange: Exchange): Promise<void> {
  const sessionId = sessionIdOf(exchange);
  if (sessionId !== undefined) await exchange.services.sessions.logout(sessionId);
  redirect(exchange.request, exchange.response, '/');
}
