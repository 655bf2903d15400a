import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SETTINGS, type Setting } from './keys.js';
import { loadConfig } from './load-config.js';

describe('loadConfig', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'lockstep-config-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const load = (environment: Record<string, string> = {}) => loadConfig({ environment, cwd });

  it('has a value for every setting that has a default, and needs nothing', () => {
    const { config, file } = load();
    expect(file).toBeUndefined();
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8081,
      dataDir: join(cwd, '.lockstep'),
      databaseUrl: undefined,
      workerFlows: 30,
      flowJobs: 10,
      heartbeatMs: 2_000,
      leaseMs: 8_000,
      sessionTtlMs: 36_000_000,
    });
    expect([...config.roles]).toEqual(['web', 'scheduler', 'worker']);
  });

  it.each([
    ['LOCKSTEP_PROT', '1', 'There is no setting LOCKSTEP_PROT; did you mean LOCKSTEP_PORT?'],
    ['LOCKSTEP_XQZWVB_NO', '1', 'There is no setting LOCKSTEP_XQZWVB_NO; all of them are listed in'],
    ['LOCKSTEP_PORT', 'eighty', 'Setting LOCKSTEP_PORT is "eighty": it must be a port number from 0 to 65535.'],
    ['LOCKSTEP_PORT', '65536', 'Setting LOCKSTEP_PORT is "65536"'],
    [
      'LOCKSTEP_ROLES',
      'web,wroker',
      'Setting LOCKSTEP_ROLES is "web,wroker": "wroker" is not a role; the roles are web, ',
    ],
    ['LOCKSTEP_DATABASE_URL', 'localhost/db', 'Setting LOCKSTEP_DATABASE_URL: it must be a URL such as postgres://'],
    ['LOCKSTEP_REDIS_URL', 'http://redis', 'Setting LOCKSTEP_REDIS_URL: it must be a URL such as redis://'],
    ['LOCKSTEP_LOG_LEVEL', 'loud', 'it must be one of trace, debug, info'],
    ['LOCKSTEP_TIME_ZONE', 'Mars/Olympus', 'it must be a time zone such as'],
    ['LOCKSTEP_SESSION_TTL', 'soon', 'it must be a duration such as'],
    ['LOCKSTEP_UPLOAD_LIMIT', 'big', 'it must be a size such as'],
    ['LOCKSTEP_LOCKDOWN_CREATE', 'maybe', 'it must be true or false'],
    ['LOCKSTEP_FLOW_RUNS_EXCEPTIONS', 'a,b', '"a,b" is not of the form PROJECT,FLOW,NUMBER'],
    ['LOCKSTEP_LEASE', '3s', 'less than three heartbeats'],
    ['LOCKSTEP_SETTINGS_FILE', 'nowhere.properties', 'nowhere.properties (LOCKSTEP_SETTINGS_FILE) does not exist.'],
  ])('refuses %s=%s with a sentence', (name, value, sentence) => {
    expect(() => load({ [name]: value })).toThrow(sentence);
  });

  it('does not repeat the password of a URL it refuses', () => {
    expect(() => load({ LOCKSTEP_DATABASE_URL: 'mysql://root:hush@db/x' })).toThrow(/^(?!.*hush)/);
  });

  it.each([
    ['LOCKSTEP_SESSION_TTL', '90m', { sessionTtlMs: 5_400_000 }],
    ['LOCKSTEP_SESSION_TTL', '1500', { sessionTtlMs: 1_500 }],
    ['LOCKSTEP_UPLOAD_LIMIT', '10MB', { uploadLimitBytes: 10 * 1024 * 1024 }],
    ['LOCKSTEP_FLOW_RUNS_EXCEPTIONS', 'p, f, 3;', { runsPerFlowExceptions: [{ project: 'p', flow: 'f', limit: 3 }] }],
    ['LOCKSTEP_PORT', ' 0 ', { port: 0 }],
    ['LOCKSTEP_PORT', '', { port: 8081 }],
    ['LOCKSTEP_TIME_ZONE', 'Europe/Berlin', { timeZone: 'Europe/Berlin' }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(load({ [name]: value }).config).toMatchObject(expected);
  });

  it('reads lockstep.properties of the working folder, under either name, and lets the environment win', () => {
    writeFileSync(
      join(cwd, 'lockstep.properties'),
      'lockstep.port = 9001\nLOCKSTEP_HOST=::1\nexecutor.flow.threads: 4\n',
    );
    const { config, file } = load({ LOCKSTEP_PORT: '9002' });
    expect(file).toBe(join(cwd, 'lockstep.properties'));
    expect(config).toMatchObject({ port: 9002, host: '::1', workerFlows: 4 });
  });

  it('reports names of Azkaban that mean nothing here, and refuses mistyped names of its own', () => {
    const path = join(cwd, 'own.properties');
    writeFileSync(path, 'mysql.host=db\nsession.time.to.live=1000\n');
    expect(load({ LOCKSTEP_SETTINGS_FILE: 'own.properties' })).toMatchObject({
      ignoredKeys: ['mysql.host'],
      config: { sessionTtlMs: 1_000 },
    });
    writeFileSync(path, 'lockstep.prot=1\n');
    expect(() => load({ LOCKSTEP_SETTINGS_FILE: path })).toThrow(
      'there is no setting lockstep.prot; did you mean lockstep.port?',
    );
  });

  it('says which file a wrong value stands in', () => {
    writeFileSync(join(cwd, 'lockstep.properties'), 'lockstep.port=x\n');
    expect(() => load()).toThrow(`Setting lockstep.port (in ${join(cwd, 'lockstep.properties')}) is "x"`);
  });
});

describe('SETTINGS', () => {
  const settings = Object.values<Setting>(SETTINGS);

  it('names every setting once', () => {
    const names = settings.flatMap(({ env, key }) => [env, key]).filter((name) => name !== undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(settings.map((setting) => [setting.env, setting] as const))(
    '%s has a readable default and a sentence',
    (_, setting) => {
      if (setting.fallback !== undefined) expect(() => setting.parse(setting.fallback ?? '')).not.toThrow();
      expect(setting.doc).toMatch(/\.$/);
    },
  );
});
