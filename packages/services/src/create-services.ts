import { createContext } from './context.js';
import type { ServiceDependencies } from './dependencies.js';
import { cancelExecution } from './executions/cancel-execution.js';
import { describeExecution } from './executions/describe-execution.js';
import { explainJobOfExecution } from './executions/explain-job-of-execution.js';
import { findExecution } from './executions/find-execution.js';
import {
  findLastSuccessfulOfFlow,
  listExecutions,
  listExecutionsOfFlow,
  listRunning,
} from './executions/list-executions.js';
import { listChain } from './executions/list-chain.js';
import { pauseExecution } from './executions/pause-execution.js';
import { planChain } from './executions/plan-chain.js';
import { rerunExecution } from './executions/rerun-execution.js';
import { resumeExecution } from './executions/resume-execution.js';
import { retryFailedJobs } from './executions/retry-failed-jobs.js';
import { submitChain } from './executions/submit-chain.js';
import { submitExecution } from './executions/submit-execution.js';
import { readFlowLog } from './logs/read-flow-log.js';
import { readJobLog } from './logs/read-job-log.js';
import { assertCanUpload } from './projects/assert-can-upload.js';
import { changeDescription } from './projects/change-description.js';
import { createProject } from './projects/create-project.js';
import { downloadProject } from './projects/download-project.js';
import { explainJobOfFlow } from './projects/explain-job-of-flow.js';
import { findFlow } from './projects/find-flow.js';
import { findProject } from './projects/find-project.js';
import { listProjectEvents } from './projects/list-project-events.js';
import { listProjectsOfUser } from './projects/list-projects-of-user.js';
import { isFlowLocked, setFlowLock } from './projects/lock-flow.js';
import { readDefinition } from './projects/read-definition.js';
import { removeProject } from './projects/remove-project.js';
import { uploadProject } from './projects/upload-project.js';
import type { Services } from './services.js';
import { authenticate } from './sessions/authenticate.js';
import { findSession } from './sessions/find-session.js';
import { login } from './sessions/login.js';

/** The use cases over the given stores. Holds nothing but caches of what never changes: several may share one database. */
export function createServices(dependencies: ServiceDependencies): Services {
  const context = createContext(dependencies);
  const { access, stores } = context;

  return {
    sessions: {
      authenticate: (credentials) => authenticate(context, credentials),
      login: (credentials) => login(context, credentials),
      find: (sessionId) => findSession(context, sessionId),
      logout: (sessionId) => stores.sessions.remove(sessionId),
    },
    projects: {
      create: (user, project) => createProject(context, user, project),
      remove: (user, name) => removeProject(context, user, name),
      find: (name) => findProject(context, name),
      findById: (id) => stores.projects.findById(id),
      can: access.can,
      assertCan: access.assertCan,
      isAdmin: access.isAdmin,
      listAll: () => stores.projects.listActive(),
      listOfUser: (userName) => listProjectsOfUser(context, userName),
      upload: (user, upload) => uploadProject(context, user, upload),
      assertCanUpload: (user, projectName) => assertCanUpload(context, user, projectName),
      download: (user, request) => downloadProject(context, user, request),
      definition: (user, project, version) => readDefinition(context, user, { project, version }),
      flow: (user, project, flowId) => findFlow(context, user, { project, flowId }),
      explainJob: (user, request) => explainJobOfFlow(context, user, request),
      changeDescription: (user, project, description) => changeDescription(context, user, { project, description }),
      events: (user, project, page) => listProjectEvents(context, user, { project, page }),
      setFlowLock: (user, lock) => setFlowLock(context, user, lock),
      isFlowLocked: (user, flow) => isFlowLocked(context, user, flow),
    },
    executions: {
      submit: (user, submission) => submitExecution(context, user, submission),
      rerun: (user, id, how) => rerunExecution(context, user, { id, ...how }),
      chain: (user, id) => listChain(context, user, id),
      planChain: (user, flows) => planChain(context, user, flows),
      submitChain: (user, chain) => submitChain(context, user, chain),
      find: (user, id) => findExecution(context, user, id),
      detail: (user, id) => describeExecution(context, user, id),
      explainJob: (user, request) => explainJobOfExecution(context, user, request),
      running: (user, flow) => listRunning(context, user, flow),
      listOfFlow: (user, flow, page) => listExecutionsOfFlow(context, user, { flow, page }),
      lastSuccessfulOfFlow: (user, flow) => findLastSuccessfulOfFlow(context, user, flow),
      list: (filter, page) => listExecutions(context, { filter, page }),
      cancel: (user, id) => cancelExecution(context, user, id),
      pause: (user, id) => pauseExecution(context, user, id),
      resume: (user, id) => resumeExecution(context, user, id),
      retryFailed: (user, id) => retryFailedJobs(context, user, id),
    },
    logs: {
      flowLog: (user, log) => readFlowLog(context, user, log),
      jobLog: (user, log) => readJobLog(context, user, log),
    },
  };
}
