import type { CompatServer } from './compat-server.js';
import { zipOfFiles } from './zip-of-project.js';

/**
 * Two equal projects: `demo`, which tests leave alone once it is set up, and `busy`, in which they start and change
 * things. `quick` and `failing` end by themselves, `held` runs until it is killed, `outer` embeds `quick`.
 */
export async function uploadDemoProjects(server: CompatServer): Promise<void> {
  const zip = await zipOfFiles({
    // The backslash of the command is doubled in the file, as property files want it.
    'first.job': `type=command\ncommand=echo first line\ncommand.1=printf "%s\\\\n" '<b> & "quoted" \u00e4'\n`,
    'quick.job': 'type=noop\ndependencies=first\nfailure.emails=ops@example.com\n',
    'failing.job': 'type=test\nfail=true\nretries=1\nretry.backoff=1\n',
    'held.job': 'type=test\n',
    'inner.job': 'type=flow\nflow.name=quick\n',
    'outer.job': 'type=noop\ndependencies=inner\n',
  });
  for (const name of ['demo', 'busy']) {
    const answer = await server.upload({ name, zip });
    if (answer.status !== 200) throw new Error(`Project ${name}: ${answer.text}`);
  }
}

/** Starts a flow; the execution id. */
export async function startFlow(
  { api, session }: CompatServer,
  flow: { readonly project: string; readonly flow: string; readonly [option: string]: string },
): Promise<number> {
  const form = { 'session.id': session, ajax: 'executeFlow', concurrentOption: 'ignore', ...flow };
  const answer = await api.json('/executor', { form });
  if (typeof answer['execid'] !== 'number') throw new Error(`${flow.flow} does not start: ${JSON.stringify(answer)}`);
  return answer['execid'];
}
