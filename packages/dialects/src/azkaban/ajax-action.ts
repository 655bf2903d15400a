import type { Permission, Project, User } from '@lockstep/domain';
import type { Services } from '@lockstep/services';
import type { Parameters } from '../kit/parameters.js';
import type { JsonObject } from '../kit/pretty-json.js';
import type { CompleteAzkabanOptions } from './options.js';
import type { ErrorTexts } from './messages.js';

/** What an ajax action is called with. */
export interface AjaxCall {
  readonly services: Services;
  readonly options: CompleteAzkabanOptions;
  readonly user: User;
  readonly parameters: Parameters;
}

/** A call about one project, which exists and on which the user has the action's permission. */
export interface ManagerCall extends AjaxCall {
  readonly project: Project;
}

/** A call about one execution. The services check that it exists and who may. */
export interface ExecutionCall extends AjaxCall {
  readonly executionId: number;
}

/** One `ajax=` name: who may call it, what it does, and its own words for errors, before those of its servlet. */
export interface AjaxAction<Call extends AjaxCall> {
  readonly name: string;
  /** On the project; undefined = anyone who has logged in. */
  readonly permission: Permission | undefined;
  readonly run: (call: Call) => Promise<JsonObject>;
  readonly errors?: ErrorTexts;
}
