import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Says in a few words why the server cannot do its work just now; undefined when it can. */
export type ReadinessCheck = () => Promise<string | undefined>;

export interface FrontDoor {
  readonly onRequest: RequestListener;
  /** From now on requests go to `app`, and readiness depends on the checks. */
  open(app: RequestListener, checks: readonly ReadinessCheck[]): void;
  /** From now on /health/ready says that the server stops, so that a load balancer looks elsewhere. */
  announceStop(): void;
}

/**
 * Stands before the application: answers the health endpoints, and everything else with 503 while the application is
 * still being started (the port is taken first, so that a taken one is noticed before anything is done).
 */
export function createFrontDoor(): FrontDoor {
  let app: RequestListener = answerStarting;
  let checks: readonly ReadinessCheck[] = [async () => 'Lockstep is starting'];
  return {
    onRequest(request, response) {
      const path = request.url?.split('?', 1)[0];
      if (path === '/health/live') answerJson(response, 200, { status: 'live' });
      else if (path === '/health/ready') void answerReady(response, checks);
      else app(request, response);
    },
    open(opened, openedChecks) {
      app = opened;
      checks = openedChecks;
    },
    announceStop() {
      checks = [async () => 'Lockstep is stopping'];
    },
  };
}

async function answerReady(response: ServerResponse, checks: readonly ReadinessCheck[]): Promise<void> {
  const reasons = (await Promise.all(checks.map((check) => check()))).filter((reason) => reason !== undefined);
  if (reasons.length === 0) answerJson(response, 200, { status: 'ready' });
  else answerJson(response, 503, { status: 'not-ready', reasons });
}

function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '1' });
  response.end('Lockstep is starting; try again in a moment.\n');
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
