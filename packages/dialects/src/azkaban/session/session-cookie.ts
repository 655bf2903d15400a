import type { Exchange } from '../exchange.js';
import { setCookie } from '../reply.js';

const SESSION_COOKIE = 'azkaban.browser.session.id';
const SESSION_PARAMETER = 'session.id';

/** The id a request comes with: a cookie that is not empty beats the parameter, even when it is stale. */
export function sessionIdOf({ cookies, parameters }: Exchange): string | undefined {
  return cookies.get(SESSION_COOKIE) || parameters.get(SESSION_PARAMETER) || undefined;
}

export function setSessionCookie({ response, options }: Exchange, sessionId: string): void {
  setCookie(response, SESSION_COOKIE, sessionId, options.sessionCookieSecure ? ';Secure' : '');
}
