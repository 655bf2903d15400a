import type { Exchange } from '../exchange.js';
import { sendLoginPage } from '../pages/login-page.js';
import { sendCompactJson, sendJson, sendText } from '../reply.js';

/** The different ways of saying "not logged in", all with status 200; clients tell them apart and log in again. */
export function refuseGet(exchange: Exchange): void {
  if (exchange.parameters.has('ajax')) sendJson(exchange.response, { error: 'session' });
  else sendLoginPage(exchange);
}

export function refusePost(exchange: Exchange): void {
  if (exchange.request.headers['x-requested-with'] !== 'XMLHttpRequest') {
    sendLoginPage(exchange);
    return;
  }
  sendCompactJson(exchange.response, {
    action: 'login',
    message: 'Invalid Session. Need to re-login',
    status: 'error',
  });
}

export function refuseMultipart(exchange: Exchange): void {
  sendText(exchange.response, 'Login error. Need username and password');
}

export function refuseCredentials(exchange: Exchange, reason: string): void {
  sendText(exchange.response, `Login error: ${reason}`);
}

export function refusePasswordInQuery(exchange: Exchange): void {
  sendText(exchange.response, 'Login error. Must pass username and password in request body');
}
