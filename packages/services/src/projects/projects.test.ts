import { describe, expect, it } from '@jest/globals';
import { aDefinition, aFlow } from '../fakes/a-definition.js';
import { ADMIN, aUser, aWorld, OWNER } from '../fakes/a-service-world.js';

const ANN = aUser('ann');

describe('creating a project', () => {
  it('makes its creator ADMIN and proxy user, and notes it in the event log', async () => {
    const { services, state } = aWorld();
    const project = await services.projects.create(ANN, { name: 'etl', description: 'nightly load' });
    expect(project).toMatchObject({ name: 'etl', description: 'nightly load', createdBy: 'ann', currentVersion: 0 });
    expect(project.proxyUsers).toEqual(['ann']);
    expect(await services.projects.find('etl')).toEqual(project);
    expect(services.projects.can(ANN, 'ADMIN', project)).toBe(true);
    expect(state.events).toEqual([{ projectId: project.id, at: 1_000_000, user: 'ann', type: 'CREATED' }]);
  });

  it('leaves the proxy users alone when that is switched off', async () => {
    const { services } = aWorld({ creatorDefaultProxy: false });
    expect((await services.projects.create(ANN, { name: 'etl', description: 'd' })).proxyUsers).toEqual([]);
  });

  it.each([
    ['letters, digits, "-", "_" and "|"', 'a1-B_c|d'],
    ['one letter', 'x'],
    ['64 characters', 'x'.repeat(64)],
  ])('takes a name of %s', async (_what, name) => {
    const { services } = aWorld();
    expect((await services.projects.create(ANN, { name, description: 'd' })).name).toBe(name);
  });

  it.each([
    ['no name', '', 'd', 'project.empty-name'],
    ['a blank name and no description', ' ', '', 'project.empty-name'],
    ['no description', 'etl', ' ', 'project.empty-description'],
    ['a bad name and no description', '1', '', 'project.empty-description'],
    ['a digit first', '1etl', 'd', 'project.bad-name'],
    ['a blank', 'my etl', 'd', 'project.bad-name'],
    ['a line break at the end', 'etl\n', 'd', 'project.bad-name'],
    ['a letter beyond ASCII', 'überetl', 'd', 'project.bad-name'],
    ['65 characters', 'x'.repeat(65), 'd', 'project.bad-name'],
    ['a description too long', 'etl', 'd'.repeat(2049), 'project.long-description'],
  ])('refuses %s', async (_what, name, description, code) => {
    const { services, state } = aWorld();
    await expect(services.projects.create(ANN, { name, description })).rejects.toMatchObject({ code });
    expect(state.projects).toEqual([]);
  });

  it('refuses a name that is taken, until its project is removed', async () => {
    const { services } = aWorld();
    const first = await services.projects.create(ANN, { name: 'etl', description: 'd' });
    await expect(services.projects.create(ADMIN, { name: 'etl', description: 'd' })).rejects.toMatchObject({
      code: 'project.exists',
    });
    await services.projects.remove(ANN, 'etl');
    expect((await services.projects.create(ANN, { name: 'etl', description: 'd' })).id).not.toBe(first.id);
  });

  it('needs the role while creating is locked down, whatever else is wrong', async () => {
    const { services } = aWorld({ lockdownCreateProjects: true });
    await expect(services.projects.create(ANN, { name: '', description: '' })).rejects.toMatchObject({
      code: 'permission.create-projects',
      details: { user: 'ann' },
    });
    await services.projects.create(aUser('c', ['creator']), { name: 'one', description: 'd' });
    await services.projects.create(ADMIN, { name: 'two', description: 'd' });
  });
});

describe('a removed project', () => {
  it('is found no more, and remembers who removed it', async () => {
    const { services, state, addProject } = aWorld();
    const { id } = await addProject({ name: 'etl' });
    expect(await services.projects.remove(OWNER, 'etl')).toMatchObject({ id, active: false });
    await expect(services.projects.find('etl')).rejects.toMatchObject({ code: 'project.not-found' });
    await expect(services.projects.remove(OWNER, 'etl')).rejects.toMatchObject({ code: 'project.not-found' });
    expect(await services.projects.listAll()).toEqual([]);
    expect(state.events.at(-1)).toMatchObject({ projectId: id, user: 'owner', type: 'DELETED' });
  });
});

describe('lists of projects', () => {
  it('give all by name, and those where the user has an entry with READ or ADMIN', async () => {
    const { services, addProject } = aWorld();
    await addProject({ name: 'zeta', permissions: [['ann', 'READ']] });
    await addProject({ name: 'beta', permissions: [['ann', 'EXECUTE']] });
    await addProject({ name: 'alpha', permissions: [['ann', 'ADMIN']] });
    await addProject({ name: 'gamma' });
    const names = async (list: Promise<readonly { name: string }[]>) => (await list).map(({ name }) => name);
    expect(await names(services.projects.listAll())).toEqual(['alpha', 'beta', 'gamma', 'zeta']);
    expect(await names(services.projects.listOfUser('ann'))).toEqual(['alpha', 'zeta']);
    expect(await names(services.projects.listOfUser('root'))).toEqual([]);
  });
});

describe('a description', () => {
  it('is changed with a note in the event log', async () => {
    const world = aWorld();
    const project = await world.addProject({ name: 'etl' });
    world.now += 5;
    await world.services.projects.changeDescription(OWNER, project, 'better');
    expect(await world.services.projects.find('etl')).toMatchObject({ description: 'better', modifiedAt: 1_000_005 });
    expect(world.state.events.at(-1)).toMatchObject({ type: 'DESCRIPTION', message: 'Description changed to better' });
    await expect(world.services.projects.changeDescription(OWNER, project, 'x'.repeat(2049))).rejects.toMatchObject({
      code: 'project.long-description',
    });
  });
});

describe('definitions', () => {
  it('are empty before the first upload', async () => {
    const { services } = aWorld();
    const project = await services.projects.create(ANN, { name: 'etl', description: 'd' });
    expect((await services.projects.definition(ANN, project)).flows).toEqual({});
  });

  it('are those of the version asked for', async () => {
    const { services, addProject } = aWorld();
    const project = await addProject({ name: 'etl' });
    expect(Object.keys((await services.projects.definition(OWNER, project, 1)).flows)).toEqual(['nightly']);
    await expect(services.projects.definition(OWNER, project, 7)).rejects.toMatchObject({
      code: 'version.not-found',
      details: { project: 'etl', version: 7 },
    });
  });

  it('are loaded once, however many ask', async () => {
    const { services, state, addProject } = aWorld();
    const project = await addProject({ name: 'etl' });
    const [one, two] = await Promise.all([
      services.projects.definition(OWNER, project),
      services.projects.definition(OWNER, project),
    ]);
    state.versions = [];
    expect(two).toBe(one);
    expect(await services.projects.definition(OWNER, project)).toBe(one);
  });

  it('show inner flows too, but no flow that is only a name of every object', async () => {
    const { services, addProject } = aWorld();
    const definition = aDefinition([
      aFlow('outer').job('in', { embeds: 'outer:in' }),
      aFlow('outer:in', { embedded: true }),
    ]);
    const project = await addProject({ name: 'etl', definition });
    expect((await services.projects.flow(OWNER, project, 'outer:in')).embedded).toBe(true);
    for (const flow of ['missing', 'constructor', '__proto__']) {
      await expect(services.projects.flow(OWNER, project, flow)).rejects.toMatchObject({ code: 'flow.not-found' });
    }
  });
});
