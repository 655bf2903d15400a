import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';

/** The properties a job is written with. Nothing can be overridden, so both sets are the same, as in Azkaban then. */
export async function fetchJobInfo({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flow = await services.projects.flow(user, project, parameters.required('flowName'));
  const jobName = parameters.required('jobName');
  const node = flow.nodes.find(({ id }) => id === jobName);
  if (node === undefined) {
    return { project: project.name, error: `Job ${jobName} not found in flow ${flow.id}`, projectId: project.id };
  }
  const { jobs } = await services.projects.definition(user, project);
  const written = jobs[node.jobKey]?.properties ?? {};
  return {
    jobName,
    generalParams: written,
    project: project.name,
    jobType: node.type,
    projectId: project.id,
    overrideParams: written,
  };
}
