import { describe, expect, it } from '@jest/globals';
import { parseUserFile } from './parse-user-file.js';
import { createListDirectory } from './user-list.js';

describe('a users file', () => {
  it('gives users their own roles and those of their groups', async () => {
    const directory = aDirectory(`<?xml version="1.0"?>
      <!-- everyone -->
      <azkaban-users>
        <user username="ann" password="a&amp;b" roles=" reader , admin,reader" groups="ops , dev" proxy="etl, hdfs" email="ann@example.org"/>
        <user username="bob" password="b"/>
        <group name="ops" roles="runner"/>
        <group name="empty"/>
        <role name="reader" permissions="read"/>
        <role name="runner" permissions="READ , Execute"/>
        <role name="admin" permissions="ADMIN"/>
      </azkaban-users>`);

    expect(await directory.authenticate('ann', 'a&b')).toEqual({
      name: 'ann',
      email: 'ann@example.org',
      groups: ['ops', 'dev'],
      roles: ['reader', 'admin', 'runner'],
      proxyUsers: ['etl', 'hdfs'],
    });
    expect(directory.roles()).toEqual([
      { name: 'reader', permissions: ['READ'] },
      { name: 'runner', permissions: ['READ', 'EXECUTE'] },
      { name: 'admin', permissions: ['ADMIN'] },
    ]);
    expect(directory.groupRoles('ops')).toEqual(['runner']);
    expect(directory.groupRoles('dev')).toEqual([]);
  });

  it('answers the other questions about users', async () => {
    const directory = aDirectory(
      '<azkaban-users><user username="ann" password="x" proxy="etl"/><user username="bob" password="y"/></azkaban-users>',
    );
    const [ann, bob] = [await directory.authenticate('ann', 'x'), await directory.authenticate('bob', 'y')];
    expect([directory.hasUser('ann'), directory.hasUser('Ann'), directory.hasUser('zoe')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(directory.isValidGroup('whatever')).toBe(true);
    expect([
      directory.mayProxy(ann!, 'etl'),
      directory.mayProxy(ann!, 'hdfs'),
      directory.mayProxy(bob!, 'etl'),
    ]).toEqual([true, false, false]);
  });

  it.each([
    ['a wrong password', 'ann', 'X'],
    ['a name in other letter case', 'Ann', 'x'],
    ['an unknown name', 'zoe', ''],
    ['a name every object has', 'constructor', 'x'],
  ])('lets nobody in with %s', async (_what, name, password) => {
    const directory = aDirectory('<azkaban-users><user username="ann" password="x"/></azkaban-users>');
    expect(await directory.authenticate(name, password)).toBeUndefined();
  });

  it('skips unknown permission names and tells of them', () => {
    const warnings: string[] = [];
    const list = parseUserFile(
      '<azkaban-users><role name="r" permissions="READ,FLY"/></azkaban-users>',
      (message) => void warnings.push(message),
    );
    expect(list.roles.get('r')?.permissions).toEqual(['READ']);
    expect(warnings).toEqual(['Role "r" names permission "FLY", which does not exist; it is skipped.']);
  });

  it('reads only what stands directly under azkaban-users', () => {
    const list = parseUserFile(
      '<azkaban-users><old><user username="ann" password="x"/></old><other/></azkaban-users>',
      () => undefined,
    );
    expect(list.users.size).toBe(0);
  });

  it.each([
    ['<user password="x"/>', "Error loading user. The 'username' attribute doesn't exist"],
    ['<user username="ann"/>', "Error loading user. The 'password' attribute doesn't exist"],
    ['<role permissions="READ"/>', "Error loading role. The role 'name' attribute doesn't exist"],
    ['<role name="r"/>', "Error loading role. The role 'permissions' attribute doesn't exist"],
    ['<group roles="r"/>', "Error loading group. The group 'name' attribute doesn't exist"],
    ['<user username="ann" password="scrypt$oops"/>', 'Error loading user "ann".'],
    ['<user', 'not well-formed'],
  ])('refuses %s', (element, message) => {
    expect(() => parseUserFile(`<azkaban-users>${element}</azkaban-users>`, () => undefined)).toThrow(message);
  });

  it('refuses another root element', () => {
    expect(() => parseUserFile('<users/>', () => undefined)).toThrow('must be <azkaban-users>');
  });

  it('expands no entities of its own, so that a small file cannot become a big one', () => {
    const bomb = `<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    for (const entity of ['&b;', '&f;']) {
      expect(() =>
        parseUserFile(
          `${bomb}<azkaban-users><user username="${entity}" password="x"/></azkaban-users>`,
          () => undefined,
        ),
      ).toThrow('not well-formed');
    }
  });
});

function aDirectory(text: string) {
  const list = parseUserFile(text, () => undefined);
  return createListDirectory({ current: () => list });
}
