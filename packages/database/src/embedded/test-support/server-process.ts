import { createInterface } from 'node:readline';
import type { EmbeddedPostgresOptions } from '../embedded-postgres.js';
import type { EmbeddedPostgresError } from '../errors.js';
import { joinEmbeddedPostgres, startEmbeddedPostgres } from '../start-embedded-postgres.js';

// A process that starts or joins the server of a data folder, tells how it went in one line of JSON, and stops at the end
// of its input.
const [verb, options] = process.argv.slice(2) as ['start' | 'join', string];

try {
  const open = verb === 'join' ? joinEmbeddedPostgres : startEmbeddedPostgres;
  const server = await open(JSON.parse(options) as EmbeddedPostgresOptions);
  const { role, port, connectionString } = server;
  console.log(JSON.stringify({ role, port, connectionString }));
  createInterface({ input: process.stdin }).on('close', () => void server.stop().then(() => process.exit(0)));
} catch (error) {
  const { problem, message } = error as EmbeddedPostgresError;
  console.log(JSON.stringify({ problem: problem ?? 'other', message }));
}
