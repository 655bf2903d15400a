import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Permission, Project, User } from '@lockstep/domain';
import { aUser, aWorld, someOptions } from './fakes/a-service-world.js';
import type { World } from './fakes/a-service-world.js';

/** Every call that asks for a permission on a project, and which one. */
const CALLS: readonly [call: string, needs: Permission, act: (call: Call) => Promise<unknown>][] = [
  ['projects.remove', 'ADMIN', ({ services, user, project }) => services.projects.remove(user, project.name)],
  ['projects.upload', 'WRITE', ({ services, user, project }) => services.projects.upload(user, zipFor(project))],
  [
    'projects.assertCanUpload',
    'WRITE',
    ({ services, user, project }) => services.projects.assertCanUpload(user, project.name),
  ],
  [
    'projects.changeDescription',
    'WRITE',
    ({ services, user, project }) => services.projects.changeDescription(user, project, 'new'),
  ],
  [
    'projects.download',
    'READ',
    ({ services, user, project }) => services.projects.download(user, { projectName: project.name }),
  ],
  ['projects.definition', 'READ', ({ services, user, project }) => services.projects.definition(user, project)],
  ['projects.flow', 'READ', ({ services, user, project }) => services.projects.flow(user, project, 'nightly')],
  [
    'projects.events',
    'READ',
    ({ services, user, project }) => services.projects.events(user, project, { skip: 0, limit: 9 }),
  ],
  [
    'executions.submit',
    'EXECUTE',
    ({ services, user, project }) => services.executions.submit(user, submissionOf(project)),
  ],
  [
    'executions.running',
    'EXECUTE',
    ({ services, user, project }) => services.executions.running(user, flowOf(project)),
  ],
  ['executions.cancel', 'EXECUTE', ({ services, user, id }) => services.executions.cancel(user, id)],
  ['executions.pause', 'EXECUTE', ({ services, user, id }) => services.executions.pause(user, id)],
  ['executions.resume', 'EXECUTE', ({ services, user, id }) => services.executions.resume(user, id)],
  ['executions.retryFailed', 'EXECUTE', ({ services, user, id }) => services.executions.retryFailed(user, id)],
  ['executions.find', 'READ', ({ services, user, id }) => services.executions.find(user, id)],
  ['executions.detail', 'READ', ({ services, user, id }) => services.executions.detail(user, id)],
  [
    'executions.listOfFlow',
    'READ',
    ({ services, user, project }) => services.executions.listOfFlow(user, flowOf(project), PAGE),
  ],
  [
    'executions.lastSuccessfulOfFlow',
    'READ',
    ({ services, user, project }) => services.executions.lastSuccessfulOfFlow(user, flowOf(project)),
  ],
  ['logs.flowLog', 'READ', ({ services, user, id }) => services.logs.flowLog(user, { executionId: id, ...RANGE })],
  [
    'logs.jobLog',
    'READ',
    ({ services, user, id }) => services.logs.jobLog(user, { executionId: id, nestedId: 'a', ...RANGE }),
  ],
];

/** Who asks, and which permissions that gives on the project `own` (by its entries) and on `foreign` (by roles only). */
const USERS: readonly [who: string, user: User, own: readonly Permission[], foreign: readonly Permission[]][] = [
  ['a stranger', aUser('stranger'), [], []],
  ['a user with READ', aUser('may-read'), ['READ'], []],
  ['a user with WRITE', aUser('may-write'), ['WRITE'], []],
  ['a user with EXECUTE', aUser('may-execute'), ['EXECUTE'], []],
  ['a user with SCHEDULE', aUser('may-schedule'), ['SCHEDULE'], []],
  ['a user with ADMIN on the project', aUser('may-all'), ['ADMIN'], []],
  ['a member of a group with READ', aUser('member', [], ['crew']), ['READ'], []],
  ['a role with READ', aUser('r', ['reader']), ['READ'], ['READ']],
  ['a role with WRITE', aUser('w', ['writer']), ['WRITE'], ['WRITE']],
  ['a role with EXECUTE', aUser('e', ['executor']), ['EXECUTE'], ['EXECUTE']],
  ['an administrator', aUser('root', ['admin']), ['ADMIN'], ['ADMIN']],
  ['a role nobody has declared', aUser('ghost', ['ghost']), [], []],
];

describe('permissions', () => {
  let world: World;
  let call: Omit<Call, 'user'>[];

  beforeEach(async () => {
    world = aWorld();
    call = [];
    for (const name of ['own', 'foreign']) {
      const project = await world.addProject({ name });
      if (name === 'own') await grantEntries(world, project);
      const execution = await world.addExecution({ projectName: name, flowId: 'nightly' });
      world.addAttempt({ executionId: execution.id, nestedId: 'a', status: 'RUNNING', startedAt: 1 });
      const current = world.state.projects.find(({ id }) => id === project.id) as Project;
      call.push({ services: world.services, project: current, id: execution.id });
    }
  });

  const cases = CALLS.flatMap(([name, needs, act]) =>
    USERS.flatMap(([who, user, ...given]) =>
      ['own', 'foreign'].map((project, index) => {
        const has = given[index] ?? [];
        const allowed = has.includes(needs) || has.includes('ADMIN');
        return { name, needs, act, who, user, project, index, allowed };
      }),
    ),
  );

  it.each(cases.filter(({ allowed }) => allowed))(
    '$name on the $project project is open to $who',
    async ({ act, user, index }) => {
      const answer = act({ ...call[index]!, user }).then(
        () => 'open',
        (error: Error) => error.message,
      );
      expect(await answer).toBe('open');
    },
  );

  it.each(cases.filter(({ allowed }) => !allowed))(
    '$name on the $project project is closed to $who',
    async ({ act, user, index, needs, project }) => {
      const before = structuredClone(world.state);
      await expect(act({ ...call[index]!, user })).rejects.toMatchObject({
        code: 'permission.missing',
        details: { user: user.name, permission: needs, project },
      });
      expect(structuredClone(world.state)).toEqual(before);
      expect(world.nudges).toEqual([]);
    },
  );
});

interface Call {
  readonly services: World['services'];
  readonly user: User;
  readonly project: Project;
  readonly id: number;
}

const PAGE = { start: 0, length: 10 };
const RANGE = { offset: 0, length: 10 };

async function grantEntries({ state }: World, { id }: Project): Promise<void> {
  const userPermissions = USERS.filter(([, { roles, groups }]) => roles.length + groups.length === 0).map(
    ([, { name }, permissions]) => ({ name, permissions }),
  );
  const groupPermissions = [{ name: 'crew', permissions: ['READ' as const] }];
  state.projects = state.projects.map((one) => (one.id === id ? { ...one, userPermissions, groupPermissions } : one));
}

function flowOf(project: Project) {
  return { projectName: project.name, flowId: 'nightly' };
}

function submissionOf(project: Project) {
  return { ...flowOf(project), options: someOptions({ concurrentOption: 'ignore' }) };
}

/** Any file will do: the fake reader does not look into it. */
function zipFor(project: Project) {
  return { projectName: project.name, fileName: 'some.zip', path: new URL(import.meta.url).pathname };
}
