import type { UserExchange } from '../exchange.js';
import { sendPlainPage } from '../pages/plain-page.js';
import { sendEmpty } from '../reply.js';
import { createProject } from './create-project.js';
import { deleteProject } from './delete-project.js';
import { downloadProject } from './download-project.js';
import { managerAjax } from './manager-ajax.js';
import { projectPage } from './project-page.js';

/** The first parameter that is present decides, in this order. */
export async function managerGet(exchange: UserExchange): Promise<void> {
  const { parameters } = exchange;
  if (!parameters.has('project')) return sendPlainPage(exchange, { title: 'Projects', error: 'No project set.' });
  if (parameters.has('ajax')) return managerAjax(exchange);
  for (const page of ['logs', 'permissions', 'prop', 'history', 'job', 'flow']) {
    if (parameters.has(page)) return projectPage(exchange);
  }
  if (parameters.has('delete')) return deleteProject(exchange);
  if (parameters.has('download')) return downloadProject(exchange);
  return projectPage(exchange);
}

/** A POST with nothing but a session answers an empty 200: clients test their session with it. */
export async function managerPost(exchange: UserExchange): Promise<void> {
  const { parameters, response } = exchange;
  if (parameters.has('ajax')) return managerAjax(exchange);
  if (parameters.get('action') === 'create') return createProject(exchange);
  sendEmpty(response);
}
