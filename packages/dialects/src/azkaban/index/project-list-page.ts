import type { Project, User } from '@lockstep/domain';
import { escapeHtml } from '../../kit/escape-html.js';
import type { UserExchange } from '../exchange.js';
import { sendPage } from '../pages/page.js';

/** The start page: own projects, those of the user's groups (`?group`), or all (`?all`). */
export async function projectListPage(exchange: UserExchange): Promise<void> {
  const { parameters, services, user } = exchange;
  if (parameters.has('all')) sendProjectList(exchange, await services.projects.listAll());
  else if (parameters.has('group'))
    sendProjectList(exchange, visibleToGroupsOf(user, await services.projects.listAll()));
  else sendProjectList(exchange, await services.projects.listOfUser(user.name));
}

/** The element names, classes and the last line of `project-last-modified` are read by scripts. */
export function sendProjectList(exchange: UserExchange, projects: readonly Project[]): void {
  const items = projects.map((project) => renderProject(exchange, project)).join('');
  const list = projects.length === 0 ? '<p>No Viewable Projects</p>' : `<ul id="project-list">\n${items}</ul>`;
  sendPage(exchange, {
    content: `<p><a href="/index">Personal</a> <a href="/index?group">Group</a> <a href="/index?all">All</a></p>
<form method="get" action="/index">
  <input type="hidden" name="doaction" value="search">
  <input type="hidden" name="all" value="true">
  <input type="search" name="searchterm" placeholder="Quick Search">
</form>
${list}`,
  });
}

function renderProject({ formatTime }: UserExchange, project: Project): string {
  const name = escapeHtml(project.name);
  return `<li>
<div class="project-info">
<h4><a href="/manager?project=${encodeURIComponent(project.name)}">${name}</a></h4>
<p class="project-description">${escapeHtml(project.description)}</p>
<p class="project-last-modified">Last modified on <strong>${formatTime(project.modifiedAt)}</strong> by
<strong>${escapeHtml(project.modifiedBy)}</strong>.</p>
</div>
<div class="project-expander" id="${name}"></div>
</li>
`;
}

function visibleToGroupsOf(user: User, projects: readonly Project[]): readonly Project[] {
  return projects.filter(({ groupPermissions }) =>
    groupPermissions.some(
      ({ name, permissions }) =>
        user.groups.includes(name) && (permissions.includes('READ') || permissions.includes('ADMIN')),
    ),
  );
}
