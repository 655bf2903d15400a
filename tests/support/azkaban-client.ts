import { waitUntil } from './wait-until.js';
import { zipOf, type ProjectSources } from './zip-of.js';

/** A node of `fetchexecflow`, as far as tests look at it. */
export interface NodeView {
  readonly id: string;
  readonly nestedId: string;
  readonly status: string;
  readonly attempt: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly pastAttempts?: readonly { readonly attempt: number; readonly status: string }[];
  readonly nodes?: readonly NodeView[];
}

export interface ExecutionView {
  readonly execid: number;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly nodes: readonly NodeView[];
}

export interface LogPiece {
  readonly offset: number;
  /** Bytes, before the HTML escapes of `data`. */
  readonly length: number;
  readonly data: string;
}

type Parameters = Readonly<Record<string, string | number>>;

const FINISHED = ['SUCCEEDED', 'KILLED', 'FAILED', 'EXECUTION_STOPPED'];

/** A user of the Azkaban API, over HTTP and with a session, as a script would be. */
export class AzkabanClient {
  readonly url: string;
  readonly session: string;

  constructor(url: string, session: string) {
    this.url = url;
    this.session = session;
  }

  static async logIn(url: string, { user = 'azkaban', password = 'azkaban' } = {}): Promise<AzkabanClient> {
    const body = new URLSearchParams({ action: 'login', username: user, password });
    const answer = (await (await fetch(url, { method: 'POST', body })).json()) as Record<string, string>;
    const session = answer['session.id'];
    if (session === undefined) throw new Error(`The login failed: ${JSON.stringify(answer)}`);
    return new AzkabanClient(url, session);
  }

  /** The same session at another web server of the installation. */
  at(url: string): AzkabanClient {
    return new AzkabanClient(url, this.session);
  }

  post(path: string, parameters: Parameters): Promise<Response> {
    const body = new URLSearchParams({ 'session.id': this.session });
    for (const [name, value] of Object.entries(parameters)) body.append(name, String(value));
    return fetch(`${this.url}${path}`, { method: 'POST', body, redirect: 'manual' });
  }

  /** An ajax call; the answer as it is, errors included. */
  async ajax<Answer = Record<string, unknown>>(path: string, parameters: Parameters): Promise<Answer> {
    const response = await this.post(path, parameters);
    const text = await response.text();
    try {
      return JSON.parse(text) as Answer;
    } catch {
      throw new Error(`${path} ${JSON.stringify(parameters)} answered ${response.status} without JSON: ${text}`);
    }
  }

  /** Creates the project and uploads its first version. */
  async deploy(project: string, sources: ProjectSources): Promise<void> {
    const created = await this.ajax('/manager', { action: 'create', name: project, description: 'end-to-end test' });
    if (created['status'] !== 'success') throw new Error(`${project} was not created: ${JSON.stringify(created)}`);
    const answer = await this.upload(project, sources);
    if (answer['error'] !== undefined) throw new Error(`${project} was not taken: ${answer['error']}`);
  }

  async upload(project: string, sources: ProjectSources): Promise<Record<string, string>> {
    const form = new FormData();
    form.set('session.id', this.session);
    form.set('ajax', 'upload');
    form.set('project', project);
    form.set('file', new Blob([await zipOf(sources)], { type: 'application/zip' }), `${project}.zip`);
    const response = await fetch(`${this.url}/manager`, { method: 'POST', body: form });
    return (await response.json()) as Record<string, string>;
  }

  /** Submits the flow and returns the execution's id. */
  async execute(project: string, flow: string, parameters: Parameters = {}): Promise<number> {
    const answer = await this.ajax<{ execid?: number; error?: string }>('/executor', {
      ajax: 'executeFlow',
      project,
      flow,
      ...parameters,
    });
    if (answer.error !== undefined || answer.execid === undefined || answer.execid < 0) {
      throw new Error(`${flow} was not accepted: ${JSON.stringify(answer)}`);
    }
    return answer.execid;
  }

  execution(execid: number): Promise<ExecutionView> {
    return this.ajax<ExecutionView>('/executor', { ajax: 'fetchexecflow', execid });
  }

  /** Waits for the end, whatever it is. */
  finished(execid: number, { deadlineMs = 120_000 } = {}): Promise<ExecutionView> {
    return waitUntil(
      `execution ${execid} ends`,
      async () => {
        const view = await this.execution(execid);
        return FINISHED.includes(view.status) ? view : undefined;
      },
      { deadlineMs, everyMs: 100 },
    );
  }

  /** Waits until the job (by nested id) has that status. */
  jobBecomes(execid: number, nestedId: string, status: string): Promise<NodeView> {
    return waitUntil(`job ${nestedId} of execution ${execid} becomes ${status}`, async () => {
      const node = nodeOf(await this.execution(execid), nestedId);
      return node.status === status ? node : undefined;
    });
  }

  async run(project: string, flow: string, parameters: Parameters = {}): Promise<ExecutionView> {
    return this.finished(await this.execute(project, flow, parameters));
  }

  jobLog(
    execid: number,
    jobId: string,
    range: { offset: number; length: number; attempt?: number },
  ): Promise<LogPiece> {
    return this.ajax<LogPiece>('/executor', { ajax: 'fetchExecJobLogs', execid, jobId, ...range });
  }

  /** The whole log of a job as text, its escapes undone. */
  async wholeJobLog(execid: number, jobId: string, { attempt }: { attempt?: number } = {}): Promise<string> {
    const range = { offset: 0, length: 50_000_000, ...(attempt !== undefined && { attempt }) };
    return unescapeHtml((await this.jobLog(execid, jobId, range)).data);
  }

  async wholeFlowLog(execid: number): Promise<string> {
    const piece = await this.ajax<LogPiece>('/executor', {
      ajax: 'fetchExecFlowLogs',
      execid,
      offset: 0,
      length: 50_000_000,
    });
    return unescapeHtml(piece.data);
  }
}

/** A node of an execution by nested id (`sub:job`). */
export function nodeOf(execution: ExecutionView, nestedId: string): NodeView {
  const node = allNodes(execution.nodes).find((each) => each.nestedId === nestedId);
  if (!node) throw new Error(`Execution ${execution.execid} has no node ${nestedId}.`);
  return node;
}

/** Nested id → status of all nodes. */
export function statusesOf(execution: ExecutionView): Record<string, string> {
  return Object.fromEntries(allNodes(execution.nodes).map(({ nestedId, status }) => [nestedId, status]));
}

function allNodes(nodes: readonly NodeView[]): readonly NodeView[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.nodes ?? [])]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  auml: 'ä',
  uuml: 'ü',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  euro: '€',
};

/** Undoes the escapes of log data; of the named ones, those that occur in these tests. */
export function unescapeHtml(data: string): string {
  return data.replaceAll(/&(?:#(\d+)|(\w+));/g, (escape, code: string | undefined, name: string | undefined) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    const character = ENTITIES[name ?? ''];
    if (character === undefined) throw new Error(`${escape} stands in a log, and these tests do not know it.`);
    return character;
  });
}
