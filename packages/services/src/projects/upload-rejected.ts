import { DomainError } from '@lockstep/domain';

/** What the checks of a zip have found. */
export interface UploadReport {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The zip was read, but the project in it has errors; nothing was stored. */
export class UploadRejected extends DomainError {
  readonly report: UploadReport;

  constructor(report: UploadReport) {
    super('upload.rejected', { errors: report.errors.join(' ') });
    this.name = 'UploadRejected';
    this.report = report;
  }
}
