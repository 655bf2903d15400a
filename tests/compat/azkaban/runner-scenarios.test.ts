import { describeScenarios } from './describe-scenarios.js';
import { createRunnerDriver } from './runner-driver.js';

describeScenarios('the runner', createRunnerDriver);
