import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestServer, startTestServer } from '../fakes/test-server.js';

describe('the schemas of project files', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('are read without login', async () => {
    const { status, headers, text } = await server.call('/schemas/flow-2.0.json');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/schema+json');
    expect(JSON.parse(text)).toEqual({ title: 'Flow 2.0 file' });
  });

  it.each([
    ['GET', '/schemas/flow-3.0.json'],
    ['GET', '/schemas/'],
    ['DELETE', '/schemas/flow-2.0.json'],
  ])('leave %s %s to the other APIs', async (method, path) => {
    const { headers } = await server.call(path, { method });
    expect(headers['content-type']).not.toBe('application/schema+json');
  });
});
