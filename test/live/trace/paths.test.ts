import { DEVICE_SCENARIOS } from './device-scenarios.ts';
import { runScenarios } from './run-scenarios.ts';
import { SCENARIOS } from './scenarios.ts';

runScenarios('journeys', [...SCENARIOS, ...DEVICE_SCENARIOS]);
