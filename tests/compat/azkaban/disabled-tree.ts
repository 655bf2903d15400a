import type { DisabledJob } from '@lockstep/domain';

/** `["a", "sub:b"]` in the nested form requests use. */
export function disabledTree(nestedIds: readonly string[]): readonly DisabledJob[] {
  const whole = nestedIds.filter((id) => !id.includes(':')).map((id) => ({ id }));
  const inside = new Map<string, string[]>();
  for (const nestedId of nestedIds.filter((id) => id.includes(':'))) {
    const [outer = '', ...rest] = nestedId.split(':');
    inside.set(outer, [...(inside.get(outer) ?? []), rest.join(':')]);
  }
  return [...whole, ...[...inside].map(([id, children]) => ({ id, children: disabledTree(children) }))];
}
