import { randomBytes } from 'node:crypto';
import { escapeHtml, escapeMessage } from '../../kit/escape-html.js';
import type { Exchange } from '../exchange.js';
import { type FlashMessage, takeFlash } from '../flash-messages.js';
import { sendHtml, setCookie } from '../reply.js';

const ALERT_CLASS = { success: 'alert-success', warn: 'alert-warning', failure: 'alert-danger' } as const;

/** Sends a page in the common frame. `content` is HTML already; messages for the user come above it. */
export function sendPage(
  exchange: Exchange,
  { content, error, scripts = '' }: { content: string; error?: string; scripts?: string },
): void {
  const { cookies, options, response } = exchange;
  const flash = takeFlash(exchange);
  const alerts: readonly FlashMessage[] = error === undefined ? flash : [...flash, { kind: 'failure', text: error }];
  // A servlet container gives every browser one; it carries no meaning.
  if (!cookies.has('JSESSIONID')) setCookie(response, 'JSESSIONID', `node0${randomBytes(16).toString('hex')}.node0`);
  sendHtml(
    response,
    `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Azkaban Web Client</title>
  <link rel="shortcut icon" href="/favicon.ico">
  <link rel="stylesheet" type="text/css" href="/css/azkaban.css">
${scripts}</head>
<body>
<header style="border-color: ${escapeHtml(options.color)}">
  <strong>${escapeHtml(options.name)}</strong> <span>${escapeHtml(options.label)}</span> <small>${escapeHtml(options.version)}</small>
  <nav>
    <a href="/index">Projects</a> <a href="/schedule">Scheduling</a> <a href="/executor">Executing</a>
    <a href="/history">History</a> <a href="/?logout">Logout</a>
  </nav>
</header>
${alerts.map(renderAlert).join('')}${content}
</body>
</html>
`,
  );
}

function renderAlert({ kind, text }: FlashMessage): string {
  return `<div class="alert ${ALERT_CLASS[kind]}">${escapeMessage(text)}</div>\n`;
}
