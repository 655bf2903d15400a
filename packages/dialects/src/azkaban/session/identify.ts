import { DomainError, type User } from '@lockstep/domain';
import type { Exchange } from '../exchange.js';
import { loginReason } from '../messages.js';
import { sessionIdOf } from './session-cookie.js';

export type Identification =
  | { readonly result: 'user'; readonly user: User }
  /** Neither a living session nor name and password. */
  | { readonly result: 'nobody' }
  | { readonly result: 'refused'; readonly reason: string };

export async function identifyBySession(exchange: Exchange): Promise<Identification> {
  const sessionId = sessionIdOf(exchange);
  const session = sessionId === undefined ? undefined : await exchange.services.sessions.find(sessionId);
  return session === undefined ? { result: 'nobody' } : { result: 'user', user: session.user };
}

/** By session, or by `username` and `password` for this one request: nothing is stored, no cookie is set. */
export async function identifyBySessionOrPassword(exchange: Exchange): Promise<Identification> {
  const bySession = await identifyBySession(exchange);
  return bySession.result === 'nobody' ? identifyByPassword(exchange) : bySession;
}

async function identifyByPassword({ parameters, services }: Exchange): Promise<Identification> {
  const username = parameters.get('username');
  const password = parameters.get('password');
  if (username === undefined || password === undefined) return { result: 'nobody' };
  try {
    return { result: 'user', user: await services.sessions.authenticate({ username, password }) };
  } catch (error) {
    if (error instanceof DomainError) return { result: 'refused', reason: loginReason(error) };
    throw error;
  }
}
