import { DROP_SCENARIOS } from './drop-scenarios.ts';
import { RULE_SCENARIOS } from './rule-scenarios.ts';
import { runScenarios } from './run-scenarios.ts';

runScenarios('drops', [...RULE_SCENARIOS, ...DROP_SCENARIOS]);
