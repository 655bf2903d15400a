import type { AjaxAction, AjaxCall, ExecutionCall, ManagerCall } from './ajax-action.js';
import { cancelFlow, pauseFlow, resumeFlow, retryFailedJobs } from './executor/control-execution.js';
import { executeFlow } from './executor/execute-flow.js';
import { explainJobOfExecution } from './executor/explain-job.js';
import { rerun } from './executor/rerun.js';
import { fetchExecFlowUpdate } from './executor/fetch-exec-flow-update.js';
import { fetchExecFlow } from './executor/fetch-exec-flow.js';
import { fetchExecJobStats } from './executor/fetch-exec-job-stats.js';
import { fetchExecFlowLogs, fetchExecJobLogs } from './executor/fetch-exec-logs.js';
import { flowInfo, flowInfoOfExecution } from './executor/flow-info.js';
import { getRunning } from './executor/get-running.js';
import { fetchAllProjects } from './index/fetch-all-projects.js';
import { fetchUserProjects } from './index/fetch-user-projects.js';
import { changeDescription } from './manager/change-description.js';
import { checkForWritePermission } from './manager/check-for-write-permission.js';
import { explainJobOfFlow } from './manager/explain-job.js';
import { fetchFlowDetails } from './manager/fetch-flow-details.js';
import { fetchFlowExecutions } from './manager/fetch-flow-executions.js';
import { fetchFlowGraph } from './manager/fetch-flow-graph.js';
import { fetchFlowNodeData } from './manager/fetch-flow-node-data.js';
import { fetchJobInfo } from './manager/fetch-job-info.js';
import { fetchFlowJobs } from './manager/fetch-flow-jobs.js';
import { fetchLastSuccessfulFlowExecution } from './manager/fetch-last-successful-flow-execution.js';
import { fetchProjectFlows } from './manager/fetch-project-flows.js';
import { fetchProjectLogs } from './manager/fetch-project-logs.js';
import { isFlowLocked, setFlowLock } from './manager/flow-lock.js';
import { getGroupPermissions, getPermissions } from './manager/get-permissions.js';
import { getProjectId } from './manager/get-project-id.js';
import { getProxyUsers } from './manager/get-proxy-users.js';

/** Every `ajax=` name, by path. Permissions are on the project a call is about. */

export const INDEX_ACTIONS: readonly AjaxAction<AjaxCall>[] = [
  { name: 'fetchallprojects', permission: undefined, run: fetchAllProjects },
  { name: 'fetchuserprojects', permission: undefined, run: fetchUserProjects },
];

export const MANAGER_ACTIONS: readonly AjaxAction<ManagerCall>[] = [
  { name: 'getProjectId', permission: undefined, run: getProjectId },
  { name: 'fetchprojectflows', permission: 'READ', run: fetchProjectFlows },
  {
    name: 'fetchflowgraph',
    permission: 'READ',
    run: fetchFlowGraph,
    errors: { 'flow.not-found': ({ flow, project }) => `Flow ${flow} not found in project ${project}` },
  },
  { name: 'fetchflowjobs', permission: 'READ', run: fetchFlowJobs },
  {
    name: 'fetchflowdetails',
    permission: 'READ',
    run: fetchFlowDetails,
    errors: { 'flow.not-found': ({ flow }) => `Flow ${flow} not found.` },
  },
  { name: 'fetchflownodedata', permission: 'READ', run: fetchFlowNodeData },
  {
    name: 'fetchJobInfo',
    permission: 'READ',
    run: fetchJobInfo,
    errors: { 'flow.not-found': ({ flow, project }) => `Flow ${flow} not found in project ${project}` },
  },
  { name: 'explainJob', permission: 'READ', run: explainJobOfFlow },
  { name: 'fetchFlowExecutions', permission: 'READ', run: fetchFlowExecutions },
  { name: 'fetchLastSuccessfulFlowExecution', permission: 'READ', run: fetchLastSuccessfulFlowExecution },
  { name: 'fetchProjectLogs', permission: 'READ', run: fetchProjectLogs },
  { name: 'changeDescription', permission: 'WRITE', run: changeDescription },
  { name: 'getPermissions', permission: 'READ', run: getPermissions },
  { name: 'getGroupPermissions', permission: 'READ', run: getGroupPermissions },
  { name: 'getProxyUsers', permission: 'READ', run: getProxyUsers },
  { name: 'checkForWritePermission', permission: undefined, run: checkForWritePermission },
  {
    name: 'setFlowLock',
    permission: 'ADMIN',
    run: setFlowLock,
    errors: { 'flow.not-found': ({ flow, project }) => `Flow ${flow} not found in project ${project}` },
  },
  {
    name: 'isFlowLocked',
    permission: 'READ',
    run: isFlowLocked,
    errors: { 'flow.not-found': ({ flow, project }) => `Flow ${flow} not found in project ${project}` },
  },
];

/** `/executor` without `execid`. */
export const EXECUTOR_ACTIONS: readonly AjaxAction<AjaxCall>[] = [
  { name: 'executeFlow', permission: 'EXECUTE', run: executeFlow },
  { name: 'getRunning', permission: 'EXECUTE', run: getRunning },
  {
    name: 'flowInfo',
    permission: 'READ',
    run: flowInfo,
    errors: {
      'flow.not-found': ({ flow, project }) => `Error loading flow. Flow ${flow} doesn't exist in ${project}`,
    },
  },
];

/** `/executor` with `execid`. */
export const EXECUTION_ACTIONS: readonly AjaxAction<ExecutionCall>[] = [
  { name: 'fetchexecflow', permission: 'READ', run: fetchExecFlow },
  { name: 'fetchexecflowupdate', permission: 'READ', run: fetchExecFlowUpdate },
  { name: 'cancelFlow', permission: 'EXECUTE', run: cancelFlow },
  { name: 'pauseFlow', permission: 'EXECUTE', run: pauseFlow },
  { name: 'resumeFlow', permission: 'EXECUTE', run: resumeFlow },
  { name: 'retryFailedJobs', permission: 'EXECUTE', run: retryFailedJobs },
  { name: 'flowInfo', permission: 'READ', run: flowInfoOfExecution },
  { name: 'explainJob', permission: 'READ', run: explainJobOfExecution },
  // An extension: Azkaban's own page collects the jobs to disable and submits anew.
  { name: 'rerun', permission: 'EXECUTE', run: rerun },
];

/** The calls with `execid` whose answers name their character set. */
export const EXECUTION_LOG_ACTIONS: readonly AjaxAction<ExecutionCall>[] = [
  { name: 'fetchExecFlowLogs', permission: 'READ', run: fetchExecFlowLogs },
  { name: 'fetchExecJobLogs', permission: 'READ', run: fetchExecJobLogs },
  { name: 'fetchExecJobStats', permission: 'READ', run: fetchExecJobStats },
];
