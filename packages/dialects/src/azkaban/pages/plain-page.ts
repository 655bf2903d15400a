import { escapeHtml } from '../../kit/escape-html.js';
import type { Exchange } from '../exchange.js';
import { sendPage } from './page.js';

export interface PlainTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | PlainLink)[])[];
}

export interface PlainLink {
  readonly text: string;
  readonly href: string;
}

/** A page of a title, an optional table of texts and links, and an optional message. */
export function sendPlainPage(
  exchange: Exchange,
  { title, table, error }: { title: string; table?: PlainTable; error?: string },
): void {
  const content = `<h1>${escapeHtml(title)}</h1>\n${table === undefined ? '' : renderTable(table)}`;
  sendPage(exchange, { content, ...(error !== undefined && { error }) });
}

function renderTable({ head, rows }: PlainTable): string {
  const headCells = head.map((text) => `<th>${escapeHtml(text)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${row.map((cell) => `<td>${renderCell(cell)}</td>`).join('')}</tr>`);
  return `<table>\n<tr>${headCells}</tr>\n${lines.join('\n')}\n</table>\n`;
}

function renderCell(cell: string | PlainLink): string {
  if (typeof cell === 'string') return escapeHtml(cell);
  return `<a href="${escapeHtml(cell.href)}">${escapeHtml(cell.text)}</a>`;
}
