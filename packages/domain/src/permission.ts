/** Every permission, its stored bit, and where it can be granted (Azkaban's names and bits). */
export const PERMISSION = {
  READ: { bit: 0x1, project: true },
  WRITE: { bit: 0x2, project: true },
  EXECUTE: { bit: 0x4, project: true },
  SCHEDULE: { bit: 0x8, project: true },
  METRICS: { bit: 0x10, project: false },
  UPLOADPROJECTS: { bit: 0x8000, project: false },
  ADMIN: { bit: 0x8000000, project: true },
  CREATEPROJECTS: { bit: 0x40000000, project: false },
} as const satisfies Record<string, { readonly bit: number; readonly project: boolean }>;

export type Permission = keyof typeof PERMISSION;

export const PERMISSIONS = Object.keys(PERMISSION) as readonly Permission[];

/** The permission of that name in any letter case, or undefined when there is none. */
export function permissionOfName(name: string): Permission | undefined {
  const upper = name.trim().toUpperCase();
  return PERMISSIONS.find((permission) => permission === upper);
}

/** ADMIN absorbs everything else: a set that contains it is stored and shown as ADMIN alone. */
export function normalisePermissions(permissions: readonly Permission[]): readonly Permission[] {
  if (permissions.includes('ADMIN')) return ['ADMIN'];
  return PERMISSIONS.filter((permission) => permissions.includes(permission));
}
