import type { DomainError } from '@lockstep/domain';
import { type ErrorCode, type ErrorDetails } from '@lockstep/domain';

/** Azkaban's words for errors, by code; where there are none the error's own sentence is used. */
export type ErrorTexts = Partial<Readonly<Record<ErrorCode, (details: ErrorDetails) => string>>>;

/** The sentence for an error: the first table that has its code decides. */
export function wording(error: DomainError, ...tables: readonly (ErrorTexts | undefined)[]): string {
  for (const table of tables) {
    const text = table?.[error.code];
    if (text !== undefined) return text(error.details);
  }
  return error.message;
}

/** What follows `Incorrect Login. ` and `Login error: `. */
const LOGIN_TEXTS: ErrorTexts = {
  'user.wrong-password': () => 'Username/Password not found.',
  'user.empty-name': () => 'Username is empty.',
  'user.empty-password': () => 'Password is empty.',
};

export function loginReason(error: DomainError): string {
  return wording(error, LOGIN_TEXTS);
}

export function loginError(error: DomainError): string {
  return error.code === 'session.too-many'
    ? `Potential DDoS found, the number of sessions for this user and IP reached allowed limit (${error.details['limit']}).`
    : `Incorrect Login. ${loginReason(error)}`;
}

export const CREATE_TEXTS: ErrorTexts = {
  'project.empty-name': () => 'Project name cannot be empty.',
  'project.empty-description': () => 'Description cannot be empty.',
  'project.bad-name': () =>
    "Project names must start with a letter, followed by any number of letters, digits, '-' or '_'.",
  'project.exists': () => 'Project already exists.',
  'permission.create-projects': ({ user }) => `User ${user} doesn't have permission to create projects.`,
};

export const DELETE_TEXTS: ErrorTexts = {
  'project.not-found': ({ project }) => `Project ${project} doesn't exist.`,
  'project.removed': ({ project }) => `Project ${project} doesn't exist.`,
  'permission.missing': ({ user }) => `Cannot delete. User '${user}' is not an ADMIN.`,
};

export const DOWNLOAD_TEXTS: ErrorTexts = {
  'project.not-found': ({ project }) => `Project ${project} doesn't exist.`,
  'project.removed': ({ project }) => `Project ${project} doesn't exist.`,
  'permission.missing': ({ project }) => `No permission to download project ${project}.`,
  'version.not-found': ({ project, version }) => `Project ${project} with version ${version} doesn't exist`,
};

/** Ajax calls of `/manager`. */
export const MANAGER_TEXTS: ErrorTexts = {
  'project.not-found': ({ project }) => `Project ${project} doesn't exist.`,
  'project.removed': ({ project }) => `Project ${project} doesn't exist.`,
  'permission.missing': ({ permission }) => `Permission denied. Need ${permission} access.`,
};

/** Ajax calls of `/executor`; the word null is Azkaban's. */
export const EXECUTOR_TEXTS: ErrorTexts = {
  'project.not-found': () => "Project 'null' not found.",
  'project.removed': () => "Project 'null' not found.",
  'permission.missing': ({ user, permission, project }) =>
    `User '${user}' doesn't have ${permission} permissions on ${project}`,
  'execution.not-found': ({ execution }) => `Cannot find execution '${execution}'`,
  'execution.not-running': ({ execution, flow }) => `Execution ${execution} of flow ${flow} isn't running.`,
  'execution.cannot-pause': ({ execution, status }) => `Execution ${execution} with status ${status} cannot be paused.`,
  'job.not-found': ({ execution, job }) => `Job ${job} doesn't exist in ${execution}`,
  'execution.already-finished': () => 'Flow has already finished. Please re-execute.',
};

/** Upload refusals before the file is looked at: status and text. The missing quotes are Azkaban's. */
export const UPLOAD_REFUSALS: Partial<
  Readonly<Record<ErrorCode, { readonly status: number; readonly text: (details: ErrorDetails) => string }>>
> = {
  'project.not-found': {
    status: 410,
    text: ({ project }) => `Installation Failed. Project '${project} doesn't exist.`,
  },
  'project.removed': {
    status: 410,
    text: ({ project }) => `Installation Failed. Project '${project} was already removed.`,
  },
  'permission.upload-projects': {
    status: 403,
    text: ({ user }) =>
      'Project uploading is locked out. Only admin users and users with special permissions can upload projects. ' +
      `User ${user} doesn't have permission to upload project.`,
  },
  'permission.missing': {
    status: 400,
    text: ({ user }) => `Installation Failed. User '${user}' does not have write access.`,
  },
  'upload.bad-extension': {
    status: 400,
    text: ({ extension }) => `File extension '${extension}' unrecognized.`,
  },
  'upload.bad-content-type': {
    status: 400,
    text: ({ contentType }) => `Content type '${contentType}' does not match extension 'zip'`,
  },
  'upload.too-large': {
    status: 413,
    text: ({ limit }) => `Installation Failed.<br>The zip is larger than the limit of ${limit} bytes.`,
  },
};

/** What pages say instead of their content. */
export const PAGE_TEXTS: ErrorTexts = {
  'project.not-found': ({ project }) => `Project ${project} not found.`,
  'project.removed': ({ project }) => `Project ${project} not found.`,
  'permission.missing': ({ project }) => `No permission to view project ${project}.`,
  'flow.not-found': ({ flow }) => `Flow ${flow} not found.`,
  'execution.not-found': ({ execution }) => `Error loading executing flow ${execution} not found.`,
};
