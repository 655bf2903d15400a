import { describe, expect, it } from '@jest/globals';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { aUser, aWorld, ADMIN, OWNER, someOptions } from '../fakes/a-service-world.js';
import type { World } from '../fakes/a-service-world.js';
import type { JobExplanation } from '../services.js';

const FLOW = { projectName: 'etl', flowId: 'nightly' };

describe('explaining a job before a run', () => {
  it('shows what the options of the request would mean, and which outputs are to come', async () => {
    const { services } = await aWorldOfTwoJobs();
    const options = someOptions({ flowParameters: { region: 'eu' }, runtimeProperties: { b: { size: '9' } } });
    const explanation = await services.projects.explainJob(OWNER, { ...FLOW, nestedId: 'b', options });
    expect(explanation).toMatchObject({ ...{ flowId: 'nightly', nestedId: 'b', attempt: 0 }, outputsToCome: ['a'] });
    expect(propertyOf(explanation, 'region')).toMatchObject({ value: 'eu', origin: { kind: 'flow-parameter' } });
    expect(propertyOf(explanation, 'size')).toMatchObject({
      value: '9',
      origin: { kind: 'runtime', nestedId: 'b' },
      overrides: [{ value: '1', origin: { kind: 'job', nestedId: 'b' } }],
    });
    expect(propertyOf(explanation, 'azkaban.flow.execid')).toMatchObject({ knownAtRunTime: true });
  });

  it('masks secrets', async () => {
    const { services } = await aWorldOfTwoJobs();
    const explanation = await services.projects.explainJob(OWNER, { ...FLOW, nestedId: 'b', options: someOptions() });
    expect(propertyOf(explanation, 'command')).toMatchObject({ value: 'load -p[MASKED]' });
    expect(JSON.stringify(explanation)).not.toContain('hush-1');
  });

  it('drops what the user may not set, as a submission does', async () => {
    const { services } = await aWorldOfTwoJobs();
    const options = someOptions({ flowParameters: { 'azkaban.flow.submituser': 'root' } });
    const ofOwner = await services.projects.explainJob(OWNER, { ...FLOW, nestedId: 'b', options });
    expect(propertyOf(ofOwner, 'azkaban.flow.submituser')?.value).toBe('owner');
    const ofAdmin = await services.projects.explainJob(ADMIN, { ...FLOW, nestedId: 'b', options });
    expect(propertyOf(ofAdmin, 'azkaban.flow.submituser')?.value).toBe('root');
  });

  it('shows what the workers give to every job', async () => {
    const { services } = await aWorldOfTwoJobs({
      workerDefaults: async () => ({
        timezone: 'Asia/Tokyo',
        webServerUrl: 'http://lockstep.test:8081',
        globalProperties: { everywhere: 'yes' },
        pluginDefaultsOf: (type: string) => ({ 'made.for': type }),
      }),
    });
    const explanation = await services.projects.explainJob(OWNER, { ...FLOW, nestedId: 'b', options: someOptions() });
    expect(propertyOf(explanation, 'everywhere')?.value).toBe('yes');
    expect(propertyOf(explanation, 'made.for')?.value).toBe('command');
    expect(propertyOf(explanation, 'azkaban.flow.start.timezone')?.value).toBe('Asia/Tokyo');
    expect(propertyOf(explanation, 'azkaban.url')?.value).toBe('http://lockstep.test:8081');
  });

  it.each([
    ['project.not-found', { projectName: 'gone' }],
    ['flow.not-found', { flowId: 'gone' }],
    ['job.not-found', { nestedId: 'gone' }],
    ['job.not-found', { nestedId: '' }],
  ])('throws %s', async (code, parts) => {
    const { services } = await aWorldOfTwoJobs();
    const request = { ...FLOW, nestedId: 'b', options: someOptions(), ...parts };
    await expect(services.projects.explainJob(OWNER, request)).rejects.toMatchObject({ code });
  });

  it('needs READ', async () => {
    const { services } = await aWorldOfTwoJobs();
    const request = { ...FLOW, nestedId: 'b', options: someOptions() };
    await expect(services.projects.explainJob(aUser('nobody'), request)).rejects.toMatchObject({
      code: 'permission.missing',
    });
  });
});

describe('explaining a job of an execution', () => {
  it('shows each attempt with the outputs its predecessors had given by then', async () => {
    const world = await aWorldOfTwoJobs();
    const { id } = await world.addExecution({ projectName: 'etl', status: 'RUNNING', startedAt: 10 });
    const a = { executionId: id, nestedId: 'a' };
    const b = { executionId: id, nestedId: 'b' };
    world.addAttempt({ ...a, status: 'SUCCEEDED', startedAt: 10, endedAt: 20, outputs: { rows: '1' } });
    world.addAttempt({ ...b, status: 'FAILED', startedAt: 20, endedAt: 30 });
    world.addAttempt({ ...a, attempt: 1, status: 'SUCCEEDED', startedAt: 40, endedAt: 50, outputs: { rows: '2' } });
    world.addAttempt({ ...b, attempt: 1, status: 'RUNNING', startedAt: 50 });

    const first = await world.services.executions.explainJob(OWNER, { ...b, attempt: 0 });
    expect(propertyOf(first, 'rows')).toMatchObject({ value: '1', origin: { kind: 'output', job: 'a' } });
    expect(propertyOf(first, 'azkaban.job.attempt')?.value).toBe('0');
    const current = await world.services.executions.explainJob(OWNER, b);
    expect(current).toMatchObject({ attempt: 1, outputsToCome: [] });
    expect(propertyOf(current, 'rows')?.value).toBe('2');
    expect(propertyOf(current, 'azkaban.flow.execid')).toMatchObject({ value: String(id), knownAtRunTime: false });
    expect(JSON.stringify(current)).not.toContain('hush-1');
  });

  it('says whose outputs are to come while the job waits', async () => {
    const world = await aWorldOfTwoJobs();
    const { id: executionId } = await world.addExecution({ projectName: 'etl' });
    world.addAttempt({ executionId, nestedId: 'a', status: 'RUNNING', startedAt: 10 });
    const waiting = await world.services.executions.explainJob(OWNER, { executionId, nestedId: 'b' });
    expect(waiting.outputsToCome).toEqual(['a']);
  });

  it.each([
    ['job.not-found', { nestedId: 'gone' }],
    ['attempt.not-found', { attempt: 4 }],
    ['execution.not-found', { executionId: 99 }],
  ])('throws %s', async (code, parts) => {
    const world = await aWorldOfTwoJobs();
    const { id } = await world.addExecution({ projectName: 'etl' });
    const request = { executionId: id, nestedId: 'b', ...parts };
    await expect(world.services.executions.explainJob(OWNER, request)).rejects.toMatchObject({ code });
  });
});

function propertyOf({ properties }: JobExplanation, key: string) {
  return properties.find((property) => property.key === key);
}

async function aWorldOfTwoJobs(dependencies: Parameters<typeof aWorld>[1] = {}): Promise<World> {
  const world = aWorld({}, dependencies);
  const flow = aFlow('nightly')
    .job('a')
    .job('b', { needs: ['a'] });
  const definition = aDefinition([flow], {
    jobs: {
      a: { properties: { type: 'command' }, source: 'a.job' },
      b: {
        properties: { type: 'command', command: 'load -p${db.password}', 'db.password': 'hush-1', size: '1' },
        source: 'b.job',
      },
    },
  });
  await world.addProject({ name: 'etl', definition });
  return world;
}
