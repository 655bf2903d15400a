import { InMemoryExecutionJournal, InMemoryExecutions, InMemoryLogChunks } from '@lockstep/database';
import type { Stores, UnitOfWork } from '@lockstep/domain';
import { InMemoryExecutionEndStore } from './in-memory-execution-end-store.js';
import { InMemoryExecutionStore } from './in-memory-execution-store.js';
import { InMemoryFlowDependencyStore } from './in-memory-flow-dependency-store.js';
import { InMemoryFlowLockStore } from './in-memory-flow-lock-store.js';
import { InMemoryProjectFiles } from './in-memory-project-files.js';
import { InMemoryProjectStore } from './in-memory-project-store.js';
import { InMemorySessionStore } from './in-memory-session-store.js';
import { InMemoryUnitOfWork } from './in-memory-unit-of-work.js';

/** Every store in memory, over one set of executions that the journal runs and the execution store shows. */
export interface FakeStores extends Stores {
  readonly unitOfWork: UnitOfWork;
  readonly journal: InMemoryExecutionJournal;
  readonly logChunks: InMemoryLogChunks;
  /** What is behind `executions` and `journal`, for a test to look into. */
  readonly inMemoryExecutions: InMemoryExecutions;
}

export function fakeStores(): FakeStores {
  const inMemoryExecutions = new InMemoryExecutions();
  const logChunks = new InMemoryLogChunks({ executions: inMemoryExecutions });
  const projectFiles = new InMemoryProjectFiles();
  const projects = new InMemoryProjectStore({ files: projectFiles, executions: inMemoryExecutions });
  const sessions = new InMemorySessionStore();
  const flowDependencies = new InMemoryFlowDependencyStore({ projects });
  const flowLocks = new InMemoryFlowLockStore();
  const executionEnds = new InMemoryExecutionEndStore({ executions: inMemoryExecutions, flowDependencies });
  const stores: Stores = {
    projects,
    projectFiles,
    sessions,
    executions: new InMemoryExecutionStore(inMemoryExecutions),
    executionEnds,
    flowDependencies,
    flowLocks,
  };
  const snapshot = () => {
    const restores = [
      projects,
      projectFiles,
      sessions,
      inMemoryExecutions,
      executionEnds,
      flowDependencies,
      flowLocks,
    ].map((store) => store.snapshot());
    return () => restores.forEach((restore) => restore());
  };
  return {
    ...stores,
    unitOfWork: new InMemoryUnitOfWork({ stores, snapshot }),
    journal: new InMemoryExecutionJournal({ executions: inMemoryExecutions, logChunks }),
    logChunks,
    inMemoryExecutions,
  };
}
