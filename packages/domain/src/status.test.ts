import { describe, expect, it } from '@jest/globals';
import { FINAL_EXECUTION_STATUSES, isFailure, isFinished, isSuccess, STATUSES, statusOfCode } from './index.js';

describe('the status table', () => {
  it('lets an execution end only as Azkaban does', () => {
    expect(FINAL_EXECUTION_STATUSES).toEqual(['SUCCEEDED', 'KILLED', 'EXECUTION_STOPPED', 'FAILED']);
  });

  it('puts every finished node status into the success or the failure set, except EXECUTION_STOPPED', () => {
    const neither = STATUSES.filter((status) => isFinished(status) && !isSuccess(status) && !isFailure(status));
    expect(neither).toEqual(['EXECUTION_STOPPED']);
    expect(STATUSES.filter(isSuccess)).toEqual(['SUCCEEDED', 'SKIPPED', 'FAILED_SUCCEEDED']);
    expect(STATUSES.filter(isFailure)).toEqual(['KILLED', 'FAILED', 'CANCELLED']);
  });

  it('reads an unknown code as READY', () => {
    expect(statusOfCode(30)).toBe('RUNNING');
    expect(statusOfCode(31)).toBe('READY');
  });
});
