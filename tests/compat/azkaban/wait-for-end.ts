import type { CompatServer } from './compat-server.js';

const FINAL = ['SUCCEEDED', 'FAILED', 'KILLED'];

/** Waits until the execution has ended, as pollers do; its final status. */
export async function waitForEnd({ api, session }: CompatServer, execid: number): Promise<string> {
  return waitForStatus({ api, session }, execid, (status) => FINAL.includes(status));
}

/** Polls until the status is one that was waited for; fails after a while. */
export async function waitForStatus(
  { api, session }: Pick<CompatServer, 'api' | 'session'>,
  execid: number,
  isWanted: (status: string) => boolean,
): Promise<string> {
  const deadline = performance.now() + 20_000;
  const form = { 'session.id': session, ajax: 'fetchexecflowupdate', execid, lastUpdateTime: 0 };
  for (;;) {
    const { status } = await api.json('/executor', { form });
    if (typeof status === 'string' && isWanted(status)) return status;
    if (performance.now() > deadline) throw new Error(`Execution ${execid} is still ${String(status)}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
