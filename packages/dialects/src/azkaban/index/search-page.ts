import type { Project } from '@lockstep/domain';
import { RE2JS } from 're2js';
import type { UserExchange } from '../exchange.js';
import { sendEmpty } from '../reply.js';
import { sendProjectList } from './project-list-page.js';

/** `doaction=search`: the list page of projects whose name contains the pattern in any letter case. */
export async function searchPage(exchange: UserExchange): Promise<void> {
  const { parameters, response, services, user } = exchange;
  const term = parameters.required('searchterm').trim();
  if (term === '' || term === '.*') {
    sendEmpty(response);
    return;
  }
  const projects = parameters.has('all')
    ? await services.projects.listAll()
    : await services.projects.listOfUser(user.name);
  sendProjectList(exchange, matching(projects, term));
}

/** A pattern that cannot be read matches nothing. RE2 takes linear time whatever a client sends. */
function matching(projects: readonly Project[], pattern: string): readonly Project[] {
  try {
    const expression = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return projects.filter(({ name }) => expression.matcher(name).find());
  } catch {
    return [];
  }
}
