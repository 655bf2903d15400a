import { DomainError } from '@lockstep/domain';
import type { User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/** The user these credentials belong to. Throws `user.empty-name`, `user.empty-password` or `user.wrong-password`. */
export async function authenticate(
  { users }: ServiceContext,
  { username, password }: { username: string; password: string },
): Promise<User> {
  if (username.trim() === '') throw new DomainError('user.empty-name');
  if (password.trim() === '') throw new DomainError('user.empty-password');
  const user = await users.authenticate(username, password);
  if (user === undefined) throw new DomainError('user.wrong-password');
  return user;
}
