import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieLine } from '../kit/cookies.js';
import { type JsonObject, prettyJson } from '../kit/pretty-json.js';

const JSON_TYPE = 'application/json';
const JSON_UTF8_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=UTF-8';
/** What servlet containers send with every cookie, to the letter. */
const LONG_AGO = 'Thu, 01-Jan-1970 00:00:00 GMT';

export function sendJson(response: ServerResponse, body: JsonObject, status = 200): void {
  end(response, { status, contentType: JSON_TYPE, body: prettyJson(body) });
}

/** Log answers are the only ones that name their character set. */
export function sendUtf8Json(response: ServerResponse, body: JsonObject): void {
  end(response, { status: 200, contentType: JSON_UTF8_TYPE, body: prettyJson(body) });
}

/** On one line and without a content type, as Azkaban answers `create` and a POST whose session has ended. */
export function sendCompactJson(response: ServerResponse, body: Readonly<Record<string, string>>): void {
  sendText(response, JSON.stringify(body));
}

/** Bare text without a content type. */
export function sendText(response: ServerResponse, body: string): void {
  end(response, { status: 200, body });
}

export function sendEmpty(response: ServerResponse, status = 200): void {
  end(response, { status, body: '' });
}

export function sendHtml(response: ServerResponse, body: string): void {
  end(response, { status: 200, contentType: HTML_TYPE, body });
}

/** 302 to a path of this server, made absolute from the Host header when that is a plain host. */
export function redirect(request: IncomingMessage, response: ServerResponse, path: string): void {
  response.setHeader('Location', `${originOf(request)}${path}`);
  sendEmpty(response, 302);
}

export function setCookie(response: ServerResponse, name: string, value: string, attributes?: string): void {
  response.appendHeader('Set-Cookie', cookieLine(name, value, attributes));
  response.setHeader('Expires', LONG_AGO);
}

function end(
  response: ServerResponse,
  { status, contentType, body }: { status: number; contentType?: string; body: string },
): void {
  response.statusCode = status;
  if (contentType !== undefined) response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function originOf(request: IncomingMessage): string {
  const { host } = request.headers;
  // A name or address, perhaps in brackets, perhaps with a port; anything else is not repeated to the client.
  if (host === undefined || !/^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.test(host)) return '';
  const isSecure = 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
  return `${isSecure ? 'https' : 'http'}://${host}`;
}
