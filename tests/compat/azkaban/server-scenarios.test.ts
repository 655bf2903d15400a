import { describeScenarios } from './describe-scenarios.js';
import { createServerDriver } from './server-driver.js';

describeScenarios('a server, over HTTP', createServerDriver);
