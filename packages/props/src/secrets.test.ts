import { describe, expect, it } from '@jest/globals';
import { isSecretKey, maskSecrets } from './secrets.js';

describe('isSecretKey', () => {
  it.each([
    'hive.password',
    'DB_PASSWORD',
    'env.PGPASSWORD',
    'dbPasswd',
    'ldap.pwd',
    'smtp.pass',
    'client_secret',
    'awsSecretAccessKey',
    'aws.access.key.id',
    'github.token',
    'accessToken',
    'apikey',
    'api.key',
    'api-key',
    'service.apiKey',
    'ssh.privateKey',
    'private_key',
    'google.credentials',
    'key.passphrase',
    'anything_X',
  ])('says yes to %s', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'command',
    'tokenizer.class',
    'passenger.count',
    'compass.direction',
    'key',
    'primary.key',
    'keyboard',
    'azkaban.flow.execid',
    'user.to.proxy',
    'monkey.api',
    'suffix_x',
    'X',
  ])('says no to %s', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });
});

describe('maskSecrets', () => {
  it('hides the value of a secret and leaves the others', () => {
    expect(maskSecrets('db.password', 'hunter2')).toBe('[MASKED]');
    expect(maskSecrets('db.user', 'etl')).toBe('etl');
  });
});
