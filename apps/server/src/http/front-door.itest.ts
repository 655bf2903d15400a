import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFrontDoor, type FrontDoor } from './front-door.js';
import { listen, type Listener } from './listen.js';

describe('createFrontDoor', () => {
  let door: FrontDoor;
  let listener: Listener;
  beforeEach(async () => {
    door = createFrontDoor();
    listener = await listen({ host: '127.0.0.1', port: 0, onRequest: door.onRequest });
  });
  afterEach(() => listener.stop(0));

  const ask = (path: string) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const asking = request(`${listener.url}${path}`, { agent: false }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode, body }));
      });
      asking.on('error', reject).end();
    });

  it('lives but is not ready while the application is being started, and says so to everybody', async () => {
    expect(await ask('/health/live')).toEqual({ status: 200, body: '{"status":"live"}\n' });
    expect(await ask('/health/ready')).toMatchObject({
      status: 503,
      body: expect.stringContaining('Lockstep is starting'),
    });
    expect(await ask('/manager')).toMatchObject({ status: 503 });
  });

  it('hands requests to the application once it is open, and says why it is not ready', async () => {
    let problem: string | undefined = undefined;
    door.open((_, response) => void response.end('application'), [async () => problem]);
    expect(await ask('/manager?a=b')).toEqual({ status: 200, body: 'application' });
    expect(await ask('/health/ready')).toEqual({ status: 200, body: '{"status":"ready"}\n' });
    problem = 'The database does not answer';
    expect(await ask('/health/ready?x')).toEqual({
      status: 503,
      body: '{"status":"not-ready","reasons":["The database does not answer"]}\n',
    });
  });

  it('is no longer ready when it is about to stop, but still answers', async () => {
    door.open((_, response) => void response.end('application'), []);
    door.announceStop();
    expect(await ask('/health/ready')).toMatchObject({ status: 503 });
    expect(await ask('/')).toEqual({ status: 200, body: 'application' });
  });
});
