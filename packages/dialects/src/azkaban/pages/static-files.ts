import type { ServerResponse } from 'node:http';

/** Posts the form and opens the same address again; shows the reason when the server refuses. */
const LOGIN_SCRIPT = `document.addEventListener('DOMContentLoaded', () => {
  const form = document.getElementById('login-form');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set('action', 'login');
    const message = document.getElementById('error-msg');
    try {
      const answer = await (await fetch('/', { method: 'POST', body })).json();
      if (answer.error) message.textContent = answer.error;
      else window.location.reload();
    } catch {
      message.textContent = 'The server does not answer. Try again.';
    }
  });
});
`;

const STYLE = `body { font-family: sans-serif; margin: 0; }
header { border-top: 6px solid; padding: 8px 16px; background: #f5f5f5; }
header nav { float: right; }
body > :not(header) { margin: 16px; }
.alert { padding: 8px 16px; border: 1px solid; border-radius: 4px; }
.alert-success { color: #2d6a30; } .alert-warning { color: #8a6d3b; } .alert-danger, .error { color: #a94442; }
#project-list { list-style: none; padding: 0; }
table { border-collapse: collapse; } th, td { padding: 4px 8px; border: 1px solid #ddd; text-align: left; }
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 8h4l4-5h4M6 8l4 5h4" fill="none" stroke="#06c" stroke-width="2"/></svg>`;

const FILES: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['/js/azkaban/view/login.js', { type: 'text/javascript; charset=UTF-8', text: LOGIN_SCRIPT }],
  ['/css/azkaban.css', { type: 'text/css; charset=UTF-8', text: STYLE }],
  ['/favicon.ico', { type: 'image/svg+xml', text: ICON }],
]);

/** Files a browser may have without logging in. */
export function isStaticPath(path: string): boolean {
  return path === '/favicon.ico' || /^\/(?:css|js|images|fonts)\//.test(path);
}

export function sendStaticFile(response: ServerResponse, path: string): void {
  const file = FILES.get(path);
  if (file === undefined) {
    response.writeHead(404, { 'Content-Length': 0 }).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': Buffer.byteLength(file.text),
    'Cache-Control': 'public, max-age=3600',
  });
  response.end(file.text);
}
