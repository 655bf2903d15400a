/** The few kinds of error; each API turns a kind into its own answer at the edge. */
export type ErrorKind = 'invalid' | 'not-found' | 'not-allowed' | 'unauthenticated' | 'conflict' | 'unavailable';

/**
 * The catalogue of errors a user can cause: code → kind and the sentence, `{name}` standing for a detail.
 * A dialect may replace the sentence by the exact words of the API it speaks, looking the code up.
 */
const ERRORS = {
  'user.wrong-password': { kind: 'unauthenticated', text: 'Username/Password not found.' },
  'user.empty-name': { kind: 'unauthenticated', text: 'Username is empty.' },
  'user.empty-password': { kind: 'unauthenticated', text: 'Password is empty.' },
  'session.unknown': { kind: 'unauthenticated', text: 'The session is unknown or has expired; log in again.' },
  'session.too-many': {
    kind: 'unavailable',
    text: 'User "{user}" has reached the limit of {limit} sessions from address {address}.',
  },
  'permission.missing': { kind: 'not-allowed', text: 'User "{user}" needs {permission} on project "{project}".' },
  'permission.create-projects': { kind: 'not-allowed', text: 'User "{user}" is not allowed to create projects.' },
  'permission.upload-projects': { kind: 'not-allowed', text: 'User "{user}" is not allowed to upload projects.' },
  'project.bad-name': {
    kind: 'invalid',
    text: 'Project name "{project}" is not valid; start with a letter, then letters, digits, "-" or "_", at most 64 characters.',
  },
  'project.empty-name': { kind: 'invalid', text: 'Project name cannot be empty.' },
  'project.empty-description': { kind: 'invalid', text: 'Description cannot be empty.' },
  'project.long-description': { kind: 'invalid', text: 'The description has more than {limit} characters.' },
  'project.exists': { kind: 'conflict', text: 'Project "{project}" already exists.' },
  'project.not-found': { kind: 'not-found', text: 'There is no project "{project}".' },
  'project.removed': { kind: 'not-found', text: 'Project "{project}" was already removed.' },
  'version.not-found': { kind: 'not-found', text: 'Project "{project}" has no version {version}.' },
  'version.removed': {
    kind: 'not-found',
    text: 'The zip of version {version} of project "{project}" has been removed by retention.',
  },
  'upload.bad-extension': { kind: 'invalid', text: 'File "{file}" is not a .zip file.' },
  'upload.bad-content-type': { kind: 'invalid', text: 'Content type "{contentType}" is not one of a zip.' },
  'upload.bad-zip': { kind: 'invalid', text: 'The zip cannot be read: {reason}' },
  'upload.unusable-project': { kind: 'invalid', text: '{reason}' },
  'upload.rejected': { kind: 'invalid', text: 'The project has errors: {errors}' },
  'upload.too-large': { kind: 'invalid', text: 'The zip is larger than the limit of {limit} bytes.' },
  'flow.not-found': { kind: 'not-found', text: 'Project "{project}" has no flow "{flow}".' },
  'flow.locked': { kind: 'conflict', text: 'Flow {flow} for project {project} is locked.' },
  'flow.dependency-cycle': {
    kind: 'conflict',
    text: 'The flows wait for each other in a circle: {cycle}. Take one trigger.after out of it.',
  },
  'user.unknown': { kind: 'not-allowed', text: 'There is no user "{user}" any more.' },
  'job.not-found': { kind: 'not-found', text: 'Flow "{flow}" has no job "{job}".' },
  'execution.not-found': { kind: 'not-found', text: 'There is no execution {execution}.' },
  'execution.not-running': { kind: 'conflict', text: "Execution {execution} of flow {flow} isn't running." },
  'execution.cannot-pause': { kind: 'conflict', text: 'Execution {execution} with status {status} cannot be paused.' },
  'execution.already-finished': { kind: 'conflict', text: 'Execution {execution} has already finished.' },
  'execution.still-running': {
    kind: 'conflict',
    text: 'Execution {execution} of flow {flow} has not ended; wait for its end, or retry its failed jobs in place.',
  },
  'execution.nothing-failed': {
    kind: 'conflict',
    text: 'Execution {execution} of flow {flow} has succeeded: no job of it is left to run. Run it from the start.',
  },
  'execution.bad-options': { kind: 'invalid', text: '{reason}' },
  'execution.already-running': { kind: 'conflict', text: 'Flow {flow} is already running. Skipping execution.' },
  'execution.too-many-runs': {
    kind: 'conflict',
    text: 'Flow {flow} has more than {limit} concurrent runs. Skipping',
  },
  'execution.queue-full': { kind: 'unavailable', text: 'The queue is full: {limit} executions are waiting.' },
  'attempt.not-found': { kind: 'not-found', text: 'Job "{job}" of execution {execution} has no attempt {attempt}.' },
  'attempt.log-missing': { kind: 'not-found', text: 'Job "{job}" of execution {execution} has no log yet.' },
} as const satisfies Record<string, { readonly kind: ErrorKind; readonly text: string }>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** An error a user caused or must know about: a code of the catalogue, and the values that belong into its sentence. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fillIn(ERRORS[code].text, details), options);
    this.name = 'DomainError';
    this.code = code;
    this.kind = ERRORS[code].kind;
    this.details = details;
  }
}

function fillIn(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
