import yazl from 'yazl';

/** The few Azkaban calls a benchmark needs, over keep-alive connections. */
export async function connect(url) {
  const login = await post(url, '/', { action: 'login', username: 'azkaban', password: 'azkaban' });
  const session = login['session.id'];
  const call = (path, parameters) => post(url, path, { 'session.id': session, ...parameters });
  return {
    async createProject(name, files) {
      await call('/manager?action=create', { name, description: 'benchmark' });
      const form = new FormData();
      form.set('session.id', session);
      form.set('ajax', 'upload');
      form.set('project', name);
      form.set('file', new Blob([await zip(files)], { type: 'application/zip' }), `${name}.zip`);
      const response = await (await fetch(`${url}/manager`, { method: 'POST', body: form })).json();
      if (response.error) throw new Error(response.error);
    },
    async execute(project, flow) {
      const response = await call('/executor', {
        ajax: 'executeFlow',
        project,
        flow,
        concurrentOption: 'ignore',
      });
      if (response.error) throw new Error(response.error);
      return response.execid;
    },
    fetchExecution: (execid) => call('/executor', { ajax: 'fetchexecflow', execid: String(execid) }),
    /** Resolves once nothing of the flow runs any more; asks with the cheapest call there is, every 20 ms. */
    async waitUntilIdle(project, flow) {
      for (;;) {
        const { execIds } = await call('/executor', { ajax: 'getRunning', project, flow });
        if (execIds === undefined) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    /** Resolves with the execution once it has ended; rejects when it did not succeed. */
    async waitFor(execid) {
      for (;;) {
        const update = await call('/executor', {
          ajax: 'fetchexecflowupdate',
          execid: String(execid),
          lastUpdateTime: String(Number.MAX_SAFE_INTEGER),
        });
        if (['SUCCEEDED', 'FAILED', 'KILLED'].includes(update.status)) {
          if (update.status !== 'SUCCEEDED') throw new Error(`Execution ${execid} ended ${update.status}.`);
          return update;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

async function post(url, path, parameters) {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 200)}`);
  return text === '' ? {} : JSON.parse(text);
}

async function zip(files) {
  const archive = new yazl.ZipFile();
  for (const [name, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), name);
  archive.end();
  const pieces = [];
  for await (const piece of archive.outputStream) pieces.push(piece);
  return Buffer.concat(pieces);
}
