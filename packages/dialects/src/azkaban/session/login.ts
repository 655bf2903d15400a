import { DomainError } from '@lockstep/domain';
import type { Exchange } from '../exchange.js';
import { loginError } from '../messages.js';
import { sendJson } from '../reply.js';
import { clientAddress } from './client-address.js';
import { setSessionCookie } from './session-cookie.js';

/** `action=login` by POST, on any path. */
export async function login(exchange: Exchange): Promise<void> {
  const { parameters, request, response, services } = exchange;
  const username = parameters.get('username');
  const password = parameters.get('password');
  if (username === undefined || password === undefined) {
    sendJson(response, { error: 'Incorrect Login.' });
    return;
  }
  try {
    const session = await services.sessions.login({ username, password, address: clientAddress(request) });
    setSessionCookie(exchange, session.id);
    sendJson(response, { 'session.id': session.id, status: 'success' });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    sendJson(response, { error: loginError(error) });
  }
}
